import type { CardRef, Loyalty, StatementEntry } from '@loyalty-engine/core';
import { ledgerOf, type VisibleLedger } from '../conformance/ledger-of.ts';

/** What a caller can see of a card, proven consistent. */
export type Books = VisibleLedger;

/**
 * Reads a card and checks every invariant of the ledger that can be seen from outside: `verify` is clean; entries are
 * numbered without gap, in order of posting, and continue each other's balance; opening + entries = closing = balance;
 * the figures add up and none is negative.
 *
 * @throws Error naming what is broken.
 */
export async function checkBooks(loyalty: Loyalty, card: CardRef): Promise<Books> {
  const verified = await loyalty.verify(card);
  if (!verified.ok) throw new Error(`verify: ${JSON.stringify(verified.problems)}`);
  const books = await ledgerOf(loyalty, card);
  checkEntries(books.entries);
  checkFigures(books);
  const { opening, closing } = books;
  expect(opening === 0, `the statement opens with ${opening}`);
  expect(
    closing === books.balance.total,
    `the statement closes with ${closing}, the balance is ${books.balance.total}`,
  );
  return books;
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
