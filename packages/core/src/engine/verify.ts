import { type Card, type CardState, newCardState } from '../card/card-state.ts';
import { checkCard, checkEntry } from '../card/check-ledger.ts';
import { OrderCheck } from '../card/check-orders.ts';
import { evolveInPlace } from '../card/evolve.ts';
import { lotEnd } from '../card/lot-end.ts';
import type { CardRef } from '../commands/command.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { allCards, loadForReading, parseCardRef, touchToRead } from './reader.ts';

/** What `verify` found. `ok` means that every figure follows from the entries. */
export interface Verification {
  ok: boolean;
  cards: number;
  entries: number;
  problems: { cardId: string; problem: string }[];
}

const pageSize = 1000;
const maxProblems = 1000;

/** Replays entries against what is stored, for one card or for all; see `Loyalty.verify`. */
export async function verify(store: LoyaltyStore, member: CardRef | undefined): Promise<Verification> {
  const found: Verification = { ok: true, cards: 0, entries: 0, problems: [] };
  if (member === undefined) {
    for await (const card of allCards(store)) await verifyCard(store, card, found);
  } else {
    const { card, exists } = await loadForReading(store, touchToRead(parseCardRef(member), 0));
    if (exists) await verifyCard(store, card, found);
  }
  return found;
}

async function verifyCard(store: LoyaltyStore, listed: Card, found: Verification): Promise<void> {
  found.cards += 1;
  const { cardId } = listed;
  const report = (problem: string) => {
    found.ok = false;
    if (found.problems.length < maxProblems) found.problems.push({ cardId, problem });
  };
  // A card that is written to meanwhile is read again until row, lots and holds are of one moment.
  for (let attempt = 1; ; attempt += 1) {
    const before = (await store.load(touchToRead({ cardId }, 0)))?.card;
    const { lots, holds, orders } = await store.everything(cardId);
    const after = (await store.load(touchToRead({ cardId }, 0)))?.card;
    if (!before || !after) return report('card: is gone');
    const still = JSON.stringify(before) === JSON.stringify(after);
    if (!still && attempt < 20) continue;
    if (!still) return report('card: changes too fast to be verified');
    const orderCheck = new OrderCheck();
    const replayed = await replay(store, before, found, orderCheck, report);
    for (const problem of checkCard(before, lots, holds)) report(problem);
    for (const problem of orderCheck.problems(orders)) report(problem);
    compare(before, replayed, lots, report);
    return;
  }
}

async function replay(
  store: LoyaltyStore,
  card: Card,
  found: Verification,
  orderCheck: OrderCheck,
  report: (problem: string) => void,
): Promise<CardState> {
  const state = newCardState(card);
  let after = 0;
  while (after < card.seq) {
    const page = await store.entries(card.cardId, { after, upTo: card.seq, limit: pageSize });
    for (const entry of page) {
      for (const problem of checkEntry(state, entry)) report(problem);
      found.entries += 1;
      orderCheck.follow(entry);
      try {
        evolveInPlace(state, entry);
      } catch (error) {
        report(`entry ${entry.seq}: ${error instanceof Error ? error.message : String(error)}`);
        return state;
      }
    }
    const last = page.at(-1);
    if (!last) {
      report(`card: has ${card.seq} entries, but none after ${after}`);
      return state;
    }
    after = last.seq;
  }
  return state;
}

function compare(
  card: Card,
  { card: replayed, lots: replayedLots }: CardState,
  lots: Awaited<ReturnType<LoyaltyStore['everything']>>['lots'],
  report: (problem: string) => void,
): void {
  const expect = (what: string, is: unknown, should: unknown) => {
    if (is !== should) report(`${what} is ${String(is)}, the entries say ${String(should)}`);
  };
  expect('card: last entry', card.seq, replayed.seq);
  expect('card: balance', card.balance, replayed.balance);
  expect('card: debt', card.debt, replayed.debt);
  expect('card: deadline', card.deadline, replayed.deadline);
  expect('card: last posting', card.lastPostedAt, replayed.lastPostedAt);
  expect('card: last recording', card.lastRecordedAt, replayed.lastRecordedAt);
  for (const figure of ['earned', 'redeemed', 'expired', 'adjusted', 'reversed'] as const) {
    expect(`card: lifetime ${figure}`, card.lifetime[figure], replayed.lifetime[figure]);
  }
  expect('card: lots', lots.length, replayedLots.size);
  for (const lot of lots) {
    const should = replayedLots.get(lot.seq);
    const end = lotEnd(lot, card);
    const watched = card.nextExpiryAt !== null && end !== null && card.nextExpiryAt <= end;
    if (lot.remaining > lot.held && end !== null && !watched)
      report(`lot ${lot.seq}: ends without being watched`);
    for (const field of [
      'points',
      'remaining',
      'earnedAt',
      'expiresAt',
      'byInactivity',
      'availableAt',
    ] as const) {
      expect(`lot ${lot.seq}: ${field}`, lot[field], should?.[field]);
    }
  }
}
