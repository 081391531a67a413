import {
  type Card,
  type CardState,
  type EndRange,
  endRanges,
  holdsTable,
  type Lot,
  lotEnd,
  lotsTable,
  pointsToCover,
  sharedNeed,
  type Touch,
} from '@loyalty-engine/core';
import type { Statements } from './statements.ts';

/** Reads a card's open holds, and of its lots as many as the touches of it need together. */
export function loadLots(statements: Statements, state: CardState, touches: readonly Touch[]): void {
  const { card } = state;
  const { cardId } = card;
  const now = touches.reduce((latest, touch) => Math.max(latest, touch.now), card.lastRecordedAt);
  if (card.openHolds > 0) {
    for (const row of statements.openHolds.all(cardId)) {
      const hold = holdsTable.fromRow(row);
      state.holds.set(hold.holdId, hold);
      for (const [seq] of hold.lots) loadLot(statements, state, seq);
    }
  }
  if (card.pending > 0) {
    for (const row of statements.lotsMaturing.all(cardId, card.pendingAsOf, now))
      keepLot(state, lotsTable.fromRow(row));
  }
  const together = touches.length > 1;
  if (sharedNeed(touches, state) === 'every') {
    eachLot(statements, state, endRanges.all, () => true);
    return;
  }
  if (together || (card.nextExpiryAt !== null && card.nextExpiryAt <= now))
    loadEnding(statements, state, now);
  const cover = touches.reduce((sum, touch) => sum + pointsToCover(touch, state), 0);
  if (cover > 0) loadCovering(statements, state, cover, Math.min(...touches.map(({ at }) => at)), now);
  if (touches.some(({ endingNext }) => endingNext)) loadEndingNext(statements, state, now);
}

/** Reads one lot by its number, unless it is there. */
export function loadLot(statements: Statements, state: CardState, seq: number): void {
  if (state.lots.has(seq)) return;
  const row = statements.lot.get(state.card.cardId, seq);
  if (row) keepLot(state, lotsTable.fromRow(row));
}

/** The lots that end by now, and the first after them. */
function loadEnding(statements: Statements, state: CardState, now: number): void {
  const { deadline } = state.card;
  eachLot(statements, state, endRanges.all, (lot) => endsBy(lot, state.card, now));
  if (deadline !== null) eachLot(statements, state, endRanges.byInactivity, () => deadline <= now);
}

/** Lots that end after an instant, in burn order, until the free points of those that end after now cover the need. */
function loadCovering(
  statements: Statements,
  state: CardState,
  points: number,
  at: number,
  now: number,
): void {
  let byInactivity = false;
  const cover = (range: EndRange) => {
    let left = points;
    eachLot(statements, state, range, (lot) => {
      byInactivity ||= lot.byInactivity;
      if (!endsBy(lot, state.card, now) && (lot.availableAt === null || lot.availableAt <= now))
        left -= lot.remaining - lot.held;
      return left > 0;
    });
  };
  cover({ ...endRanges.all, after: at });
  if (state.card.deadline !== null) cover(endRanges.byInactivity);
  else if (byInactivity) cover(endRanges.never);
}

/** All lots that share the next end after now. */
function loadEndingNext(statements: Statements, state: CardState, now: number): void {
  let first: Lot | undefined;
  eachLot(statements, state, { ...endRanges.all, after: now }, (lot) => {
    first ??= lot;
    return lot.expiresAt !== null && lot.expiresAt === first.expiresAt;
  });
  if (state.card.deadline !== null) eachLot(statements, state, endRanges.byInactivity, () => true);
}

/** Keeps lots in burn order as long as `more` says, pages growing, so that few lots cost one small read. */
function eachLot(
  { lotsInBurnOrder }: Statements,
  state: CardState,
  { after, upTo }: EndRange,
  more: (lot: Lot) => boolean,
): void {
  let read = 0;
  for (let page = 8; ; page *= 4) {
    const rows = lotsInBurnOrder.all(state.card.cardId, after, upTo, page, read);
    for (const row of rows) {
      const lot = lotsTable.fromRow(row);
      keepLot(state, lot);
      if (!more(lot)) return;
    }
    if (rows.length < page) return;
    read += rows.length;
  }
}

function keepLot(state: CardState, lot: Lot): void {
  if (!state.lots.has(lot.seq)) state.lots.set(lot.seq, lot);
}

function endsBy(lot: Lot, card: Card, now: number): boolean {
  const end = lotEnd(lot, card);
  return end !== null && end <= now;
}
