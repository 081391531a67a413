import {
  burnRanges,
  type Card,
  type CardRef,
  type CardState,
  type Lot,
  lotsNamed,
  newCardState,
  ordersNamed,
  type ProgramVersion,
  pointsToCover,
  type Touch,
  undonePoints,
} from '@loyalty-engine/core';
import { cardsTable, entriesTable, holdsTable, lotsTable, ordersTable, receiptsTable } from './rows.ts';
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
    const needs = new Map<CardState, CardNeed>();
    for (const touch of touches) {
      const state = this.cardOf(touch);
      if (!state) continue;
      this.states.set(touch, state);
      if (!state.exists) continue;
      let need = needs.get(state);
      if (!need) {
        need = { cover: 0, at: touch.at, now: state.card.lastRecordedAt, endingNext: false };
        needs.set(state, need);
      }
      this.loadNamed(touch, state);
      need.cover += pointsToCover(touch, state);
      need.at = Math.min(need.at, touch.at);
      need.now = Math.max(need.now, touch.now);
      need.endingNext ||= touch.endingNext === true;
    }
    for (const [state, need] of needs) this.loadLots(state, need);
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

  private loadLots(state: CardState, need: CardNeed): void {
    const { card } = state;
    const { cardId } = card;
    if (card.openHolds > 0) {
      for (const row of this.statements.openHolds.all(cardId)) {
        const hold = holdsTable.fromRow(row);
        state.holds.set(hold.holdId, hold);
        for (const [seq] of hold.lots) this.loadLot(state, seq);
      }
    }
    if (card.pending > 0) {
      for (const row of this.statements.lotsMaturing.all(cardId, card.pendingAsOf, need.now)) {
        keepLot(state, lotsTable.fromRow(row));
      }
    }
    if (card.nextExpiryAt !== null && card.nextExpiryAt <= need.now) this.loadEnding(state, need.now);
    if (need.cover > 0) {
      for (const { after, upTo } of burnRanges(card, need.at)) this.loadCovering(state, after, upTo, need);
    }
    if (need.endingNext) this.loadEndingNext(state, need.now);
  }

  /** The lots that end by now, and the first after them; lots that end by inactivity wherever their deadline lies. */
  private loadEnding(state: CardState, now: number): void {
    for (const { after, upTo } of burnRanges(state.card, -1)) {
      const byInactivity = after > now;
      const due = byInactivity && (state.card.deadline ?? now) <= now;
      this.eachLot(state, after, upTo, (lot) => due || (lot.expiresAt !== null && lot.expiresAt <= now));
    }
  }

  /** Lots in burn order until their free points cover the need. */
  private loadCovering(state: CardState, after: number, upTo: number, { cover, now }: CardNeed): void {
    let left = cover;
    this.eachLot(state, after, upTo, (lot) => {
      if (lot.availableAt === null || lot.availableAt <= now) left -= lot.remaining - lot.held;
      return left > 0;
    });
  }

  /** All lots that share the next end after now. */
  private loadEndingNext(state: CardState, now: number): void {
    for (const { after, upTo } of burnRanges(state.card, now)) {
      let first: Lot | undefined;
      this.eachLot(state, after, upTo, (lot) => {
        first ??= lot;
        return lot.byInactivity || (lot.expiresAt !== null && lot.expiresAt === first.expiresAt);
      });
    }
  }

  /** Keeps lots in burn order as long as `more` says, pages growing, so that few lots cost one small read. */
  private eachLot(state: CardState, after: number, upTo: number, more: (lot: Lot) => boolean): void {
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

interface CardNeed {
  cover: number;
  at: number;
  now: number;
  endingNext: boolean;
}

function refKey(ref: CardRef): string {
  return ref.cardId ?? JSON.stringify([ref.programId, ref.customerId]);
}

function keepLot(state: CardState, lot: Lot): void {
  if (!state.lots.has(lot.seq)) state.lots.set(lot.seq, lot);
}
