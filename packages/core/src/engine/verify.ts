import { type Card, type CardState, newCardState } from '../card/card-state.ts';
import { checkCard, checkEntry } from '../card/check-ledger.ts';
import { OrderCheck } from '../card/check-orders.ts';
import { evolveInPlace } from '../card/evolve.ts';
import { lotEnd } from '../card/lot-end.ts';
import { soonestStampEnd } from '../card/stamp-book.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { allCards, loadForReading, type Member, touchOf, touchToRead } from './reader.ts';
import { SumsCheck } from './verify-sums.ts';
import { allVouchers, VoucherCheck } from './verify-vouchers.ts';

/** What `verify` found. `ok` means that every figure follows from the entries. */
export interface Verification {
  ok: boolean;
  cards: number;
  entries: number;
  /** `cardId` is null where a program as a whole is amiss: its tallies, or what is redeemed of its rewards. */
  problems: { cardId: string | null; problem: string }[];
}

const pageSize = 1000;
const maxProblems = 1000;

/** Replays entries against what is stored, for one card or for all; see `Loyalty.verify`. */
export async function verify(store: LoyaltyStore, member: Member | undefined): Promise<Verification> {
  const found: Verification = { ok: true, cards: 0, entries: 0, problems: [] };
  if (member === undefined) {
    const sums = await SumsCheck.open(store);
    for await (const card of allCards(store)) await verifyCard(store, card, found, sums);
    for (const problem of await sums.problems()) report(found, null, problem);
  } else {
    const { card, exists } = await loadForReading(store, touchOf(member, 0));
    if (exists) await verifyCard(store, card, found);
  }
  return found;
}

function report(found: Verification, cardId: string | null, problem: string): void {
  found.ok = false;
  if (found.problems.length < maxProblems) found.problems.push({ cardId, problem });
}

/** What follows a card's entries and compares them with other rows. */
type Checks = { orders: OrderCheck; vouchers: VoucherCheck };

async function verifyCard(
  store: LoyaltyStore,
  { cardId }: Card,
  found: Verification,
  sums?: SumsCheck,
): Promise<void> {
  found.cards += 1;
  const reportOf = (problem: string) => report(found, cardId, problem);
  // A card that is written to meanwhile is read again until all its rows are of one moment.
  for (let attempt = 1; ; attempt += 1) {
    const before = (await store.load(touchToRead({ cardId }, 0)))?.card;
    const { lots, holds, orders } = await store.everything(cardId);
    const vouchers = await allVouchers(store, cardId);
    const after = (await store.load(touchToRead({ cardId }, 0)))?.card;
    if (!before || !after) return reportOf('card: is gone');
    const still = JSON.stringify(before) === JSON.stringify(after);
    if (!still && attempt < 20) continue;
    if (!still) return reportOf('card: changes too fast to be verified');
    const checks: Checks = { orders: new OrderCheck(), vouchers: new VoucherCheck() };
    const replayed = await replay(store, before, found, checks, reportOf);
    for (const problem of checkCard(before, lots, holds)) reportOf(problem);
    for (const problem of checks.orders.problems(orders)) reportOf(problem);
    for (const problem of checks.vouchers.problems(vouchers)) reportOf(problem);
    compare(before, replayed, lots, reportOf);
    sums?.follow(before, vouchers);
    return;
  }
}

async function replay(
  store: LoyaltyStore,
  card: Card,
  found: Verification,
  checks: Checks,
  report: (problem: string) => void,
): Promise<CardState> {
  const state = newCardState(card);
  let after = 0;
  while (after < card.seq) {
    const page = await store.entries(card.cardId, { after, upTo: card.seq, limit: pageSize });
    for (const entry of page) {
      for (const problem of checkEntry(state, entry)) report(problem);
      found.entries += 1;
      checks.orders.follow(entry);
      checks.vouchers.follow(entry);
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
  for (const field of ['status', 'mergedInto', 'stamps', 'stampsEarned', 'rewardsRedeemed'] as const)
    expect(`card: ${field}`, card[field], replayed[field]);
  for (const field of ['lastStampAt', 'lastPointsAt', 'lastRedemptionAt'] as const)
    expect(`card: ${field}`, card[field], replayed[field]);
  // Making a card is the first use of it, and leaves no entry.
  const lastUse = Math.max(card.enrolledAt, replayed.lastActivityAt ?? 0);
  expect('card: lastActivityAt', card.lastActivityAt, lastUse);
  for (const field of ['stampLots', 'stampTimes', 'stampsKnownFrom'] as const)
    expect(`card: ${field}`, JSON.stringify(card[field]), JSON.stringify(replayed[field]));
  const stampEnd = soonestStampEnd(card.stampLots);
  if (stampEnd !== null && (card.nextExpiryAt === null || card.nextExpiryAt > stampEnd))
    report('card: stamps end without being watched');
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
