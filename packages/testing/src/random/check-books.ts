import {
  type CardRef,
  type CardView,
  type Loyalty,
  LoyaltyError,
  type StatementEntry,
} from '@loyalty-engine/core';
import { ledgerOf, type VisibleLedger } from '../conformance/ledger-of.ts';

/** What a caller can see of a card, proven consistent. */
export interface Books extends VisibleLedger {
  /** Null where there is no card; without its QR token, which is another one on each store. */
  card: Omit<CardView, 'qrToken'> | null;
}

/**
 * Reads a card and checks every invariant of the ledger that can be seen from outside: `verify` is clean; entries are
 * numbered without gap, in order of posting, and continue each other's balance; opening + entries = closing = balance;
 * the figures add up and none is negative; the stamps of the entries are those on the card.
 *
 * @throws Error naming what is broken.
 */
export async function checkBooks(loyalty: Loyalty, card: CardRef): Promise<Books> {
  const verified = await loyalty.verify(card);
  if (!verified.ok) throw new Error(`verify: ${JSON.stringify(verified.problems)}`);
  const books: Books = { ...(await ledgerOf(loyalty, card)), card: await cardOf(loyalty, card) };
  checkEntries(books.entries);
  checkFigures(books);
  checkCard(books);
  const { opening, closing } = books;
  expect(opening === 0, `the statement opens with ${opening}`);
  expect(
    closing === books.balance.total,
    `the statement closes with ${closing}, the balance is ${books.balance.total}`,
  );
  return books;
}

async function cardOf(loyalty: Loyalty, ref: CardRef): Promise<Books['card']> {
  try {
    const { qrToken, ...card } = await loyalty.cards.get(ref);
    expect(/^[\w-]{32}$/.test(qrToken), 'the card has no QR token');
    return card;
  } catch (error) {
    if (error instanceof LoyaltyError && error.code === 'CARD_NOT_FOUND') return null;
    throw error;
  }
}

function checkCard({ card, balance, entries }: Books): void {
  const sum = (kinds: readonly string[], one: (entry: StatementEntry) => number) =>
    entries.reduce((total, entry) => total + (kinds.includes(entry.kind) ? one(entry) : 0), 0);
  const stamps = entries.reduce((total, entry) => total + entry.stamps, 0);
  const count = card?.stamps?.count ?? 0;
  expect(stamps === count, `the entries leave ${stamps} stamps, the card has ${count}`);
  expect(card !== null || entries.length === 0, 'there are entries, but there is no card');
  if (!card) return;
  const { nextExpiry: _next, ...figures } = balance;
  expect(
    JSON.stringify(card.points) === JSON.stringify(figures),
    'the card says other points than the balance',
  );
  const { lifetime } = card;
  const stamped = sum(['stamp', 'void-stamp'], (entry) => entry.stamps);
  expect(lifetime.stampsEarned === stamped, `${lifetime.stampsEarned} stamps were earned, not ${stamped}`);
  const redeemed = sum(['reward'], () => 1) - sum(['void-reward'], () => 1);
  expect(
    lifetime.rewardsRedeemed === redeemed,
    `${lifetime.rewardsRedeemed} rewards were redeemed, not ${redeemed}`,
  );
  expect(
    (card.mergedInto === null) === !entries.some(({ kind }) => kind === 'merge-out'),
    'the merge is amiss',
  );
}

function checkEntries(entries: readonly StatementEntry[]): void {
  let balance = 0;
  let postedAt = '';
  const remaining = new Map<number, number>();
  for (const [index, entry] of entries.entries()) {
    const name = `entry ${entry.seq}`;
    balance += entry.points;
    expect(entry.seq === index + 1, `${name} stands in place ${index + 1}`);
    expect(entry.balanceAfter === balance, `${name} leaves ${entry.balanceAfter}, should leave ${balance}`);
    expect(entry.postedAt >= postedAt, `${name} is posted before the entry before it`);
    expect(entry.occurredAt <= entry.recordedAt, `${name} is recorded before it occurred`);
    postedAt = entry.postedAt;
    let moved = (entry.lot?.points ?? 0) - entry.debt;
    for (const { lot, points } of entry.lots) {
      moved += points;
      const left = (remaining.get(lot) ?? 0) + points;
      expect(left >= 0, `${name} takes more from lot ${lot} than it has`);
      remaining.set(lot, left);
    }
    expect(moved === entry.points, `${name} moves ${moved} points, says ${entry.points}`);
    if (entry.lot) remaining.set(entry.seq, entry.lot.points);
  }
}

function checkFigures({ balance, entries }: Books): void {
  const { available, pending, held, debt, total, lifetime, nextExpiry } = balance;
  for (const [name, figure] of Object.entries({ available, pending, held, debt })) {
    expect(figure >= 0, `${name} is ${figure}`);
  }
  expect(
    total === available + pending + held - debt,
    `the figures do not add up: ${JSON.stringify({ available, pending, held, debt, total })}`,
  );
  expect(total === (entries.at(-1)?.balanceAfter ?? 0), `total ${total} is not where the entries end`);
  const written = entries.findLast((entry) => !entry.projected)?.balanceAfter ?? 0;
  const { earned, redeemed, expired, adjusted, reversed } = lifetime;
  expect(earned - redeemed - expired + adjusted + reversed === written, 'the lifetime figures do not add up');
  expect(nextExpiry === null || nextExpiry.points > 0, 'the next expiry is of no points');
}

function expect(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem);
}
