import {
  type Card,
  type CardRef,
  type CardState,
  cardsTable,
  type EndRange,
  endRanges,
  entriesTable,
  holdsTable,
  type Lot,
  lotEnd,
  lotsNamed,
  lotsTable,
  newCardState,
  ordersNamed,
  ordersTable,
  type ProgramVersion,
  pointsToCover,
  receiptsTable,
  sharedNeed,
  type Touch,
  undonePoints,
} from '@loyalty-engine/core';
import type { Statements } from './statements.ts';

/**
 * Reads cards with what their touches need, each card once. `stateOf` finds the state of a touch; a customer without a
 * card gets a new one, an unknown card id gets none.
 */
export class CardLoader {
  private readonly states = new Map<Touch, CardState>();
  private readonly byRef = new Map<string, CardState>();
  private readonly statements: Statements;
  private readonly versionsOf: (programId: string) => readonly ProgramVersion[];

  constructor(statements: Statements, versionsOf: (programId: string) => readonly ProgramVersion[]) {
    this.statements = statements;
    this.versionsOf = versionsOf;
  }

  readonly stateOf = (touch: Touch): CardState | undefined => this.states.get(touch);

  /** Reads what the touches need. Call it once for all touches of a transaction. */
  load(touches: readonly Touch[]): void {
    const touchesOf = new Map<CardState, Touch[]>();
    for (const touch of touches) {
      const state = this.cardOf(touch);
      if (!state) continue;
      this.states.set(touch, state);
      const others = touchesOf.get(state);
      if (others) others.push(touch);
      else touchesOf.set(state, [touch]);
    }
    for (const [state, own] of touchesOf) {
      if (!state.exists) continue;
      for (const touch of own) this.loadNamed(touch, state);
      this.loadLots(state, own);
    }
  }

  private cardOf(touch: Touch): CardState | undefined {
    const key = refKey(touch.card);
    let state = this.byRef.get(key);
    if (state) return state;
    const card = this.readCard(touch.card);
    if (card) {
      const sameCard = this.byRef.get(card.cardId);
      state = sameCard ?? { ...newCardState(card, this.versionsOf(card.programId)), card, exists: true };
    } else {
      const { programId, customerId } = touch.card;
      if (programId === undefined) return undefined;
      state = newCardState({ cardId: touch.newCardId(), programId, customerId }, this.versionsOf(programId));
    }
    this.byRef.set(key, state);
    this.byRef.set(state.card.cardId, state);
    return state;
  }

  private readCard(ref: CardRef): Card | undefined {
    const { cardById, cardOfMember } = this.statements;
    const row =
      ref.cardId === undefined ? cardOfMember.get(ref.programId, ref.customerId) : cardById.get(ref.cardId);
    return row && cardsTable.fromRow(row);
  }

  /** The receipts, holds, entries and orders that a touch names, and the lots that go with them. */
  private loadNamed(touch: Touch, state: CardState): void {
    const { cardId } = state.card;
    const { receipt, hold, order } = this.statements;
    for (const key of touch.keys) {
      if (state.receipts.has(key)) continue;
      const row = receipt.get(cardId, key);
      if (!row) continue;
      const found = receiptsTable.fromRow(row);
      state.receipts.set(key, found);
      for (let seq = found.firstSeq; seq < found.firstSeq + found.entryCount; seq += 1)
        this.loadEntry(state, seq);
    }
    for (const holdId of touch.holds ?? []) {
      const row = state.holds.has(holdId) ? undefined : hold.get(cardId, holdId);
      if (row) state.holds.set(holdId, holdsTable.fromRow(row));
    }
    for (const seq of touch.entries ?? []) {
      this.loadEntry(state, seq);
      const reversals = this.statements.reversalsOf.all(cardId, seq).map(entriesTable.fromRow);
      if (reversals.length > 0) state.reversed.set(seq, undonePoints(reversals));
    }
    for (const orderId of ordersNamed(touch, state)) {
      const row = state.orders.has(orderId) ? undefined : order.get(cardId, orderId);
      if (row) state.orders.set(orderId, ordersTable.fromRow(row));
    }
    for (const seq of lotsNamed(touch, state)) this.loadLot(state, seq);
  }

  private loadEntry(state: CardState, seq: number): void {
    if (state.entries.has(seq)) return;
    const row = this.statements.entry.get(state.card.cardId, seq);
    if (row) state.entries.set(seq, entriesTable.fromRow(row));
  }

  private loadLot(state: CardState, seq: number): void {
    if (state.lots.has(seq)) return;
    const row = this.statements.lot.get(state.card.cardId, seq);
    if (row) keepLot(state, lotsTable.fromRow(row));
  }

  private loadLots(state: CardState, touches: readonly Touch[]): void {
    const { card } = state;
    const { cardId } = card;
    const now = touches.reduce((latest, touch) => Math.max(latest, touch.now), card.lastRecordedAt);
    if (card.openHolds > 0) {
      for (const row of this.statements.openHolds.all(cardId)) {
        const hold = holdsTable.fromRow(row);
        state.holds.set(hold.holdId, hold);
        for (const [seq] of hold.lots) this.loadLot(state, seq);
      }
    }
    if (card.pending > 0) {
      for (const row of this.statements.lotsMaturing.all(cardId, card.pendingAsOf, now)) {
        keepLot(state, lotsTable.fromRow(row));
      }
    }
    const together = touches.length > 1;
    if (together && sharedNeed(touches, state) === 'every') {
      this.eachLot(state, endRanges.all, () => true);
      return;
    }
    if (together || (card.nextExpiryAt !== null && card.nextExpiryAt <= now)) this.loadEnding(state, now);
    const cover = touches.reduce((sum, touch) => sum + pointsToCover(touch, state), 0);
    if (cover > 0) this.loadCovering(state, cover, Math.min(...touches.map(({ at }) => at)), now);
    if (touches.some(({ endingNext }) => endingNext)) this.loadEndingNext(state, now);
  }

  /** The lots that end by now, and the first after them. */
  private loadEnding(state: CardState, now: number): void {
    const { deadline } = state.card;
    this.eachLot(state, endRanges.all, (lot) => endsBy(lot, state.card, now));
    if (deadline !== null) this.eachLot(state, endRanges.byInactivity, () => deadline <= now);
  }

  /** Lots that end after an instant, in burn order, until the free points of those that end after now cover the need. */
  private loadCovering(state: CardState, points: number, at: number, now: number): void {
    let byInactivity = false;
    const cover = (range: EndRange) => {
      let left = points;
      this.eachLot(state, range, (lot) => {
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
  private loadEndingNext(state: CardState, now: number): void {
    let first: Lot | undefined;
    this.eachLot(state, { ...endRanges.all, after: now }, (lot) => {
      first ??= lot;
      return lot.expiresAt !== null && lot.expiresAt === first.expiresAt;
    });
    if (state.card.deadline !== null) this.eachLot(state, endRanges.byInactivity, () => true);
  }

  /** Keeps lots in burn order as long as `more` says, pages growing, so that few lots cost one small read. */
  private eachLot(state: CardState, { after, upTo }: EndRange, more: (lot: Lot) => boolean): void {
    const { lotsInBurnOrder } = this.statements;
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
}

function refKey(ref: CardRef): string {
  return ref.cardId ?? JSON.stringify([ref.programId, ref.customerId]);
}

function keepLot(state: CardState, lot: Lot): void {
  if (!state.lots.has(lot.seq)) state.lots.set(lot.seq, lot);
}

function endsBy(lot: Lot, card: Card, now: number): boolean {
  const end = lotEnd(lot, card);
  return end !== null && end <= now;
}
