import {
  type Card,
  type CardKey,
  type CardState,
  cardsTable,
  entriesTable,
  holdsTable,
  lotsNamed,
  newCardState,
  ordersNamed,
  ordersTable,
  receiptsTable,
  rewardsNamed,
  rewardsTable,
  type Touch,
  undonePoints,
  vouchersTable,
} from '@loyalty-engine/core';
import { loadLot, loadLots } from './load-lots.ts';
import type { ProgramCache } from './program-cache.ts';
import type { Statements } from './statements.ts';

/** What the cards of one program share. */
type ProgramState = Pick<CardState, 'versions' | 'merchant' | 'rewards'>;

/**
 * Reads cards with what their touches need, each card once. `stateOf` finds the state of a touch; a customer without a
 * card gets a new one, an unknown card id or name gets none.
 */
export class CardLoader {
  private readonly states = new Map<Touch, CardState>();
  private readonly byKey = new Map<string, CardState>();
  private readonly ofProgram = new Map<string, ProgramState>();
  private readonly statements: Statements;
  private readonly programs: ProgramCache;

  constructor(statements: Statements, programs: ProgramCache) {
    this.statements = statements;
    this.programs = programs;
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
      if (state.exists) for (const touch of own) this.loadNamed(touch, state);
      for (const touch of own) this.loadRewards(touch, state);
      if (state.exists) loadLots(this.statements, state, own);
    }
  }

  private cardOf(touch: Touch): CardState | undefined {
    const key = keyText(touch.card);
    let state = this.byKey.get(key);
    if (state) return state;
    const card = this.readCard(touch.card);
    if (card) {
      const sameCard = this.byKey.get(keyText(card));
      state = sameCard ?? { ...newCardState(card), ...this.programOf(card.programId), card, exists: true };
    } else {
      const { programId, customerId } = touch.card;
      if (programId === undefined) return undefined;
      const made = newCardState({ ...touch.newCard(), programId, customerId });
      state = { ...made, ...this.programOf(programId) };
    }
    this.byKey.set(key, state);
    this.byKey.set(keyText({ cardId: state.card.cardId }), state);
    return state;
  }

  private readCard(key: CardKey): Card | undefined {
    const { cardById, cardOfMember, cardNamed } = this.statements;
    let row: ReturnType<typeof cardById.get>;
    if (key.cardId !== undefined) row = cardById.get(key.cardId);
    else if (key.name !== undefined) row = cardNamed.get(key.name);
    else row = cardOfMember.get(key.programId, key.customerId);
    return row && cardsTable.fromRow(row);
  }

  private programOf(programId: string): ProgramState {
    let program = this.ofProgram.get(programId);
    if (!program) {
      const versions = this.programs.versions(programId);
      const [first] = versions;
      const merchant = first ? this.programs.merchant(first.merchantId) : null;
      program = { versions, merchant, rewards: new Map() };
      this.ofProgram.set(programId, program);
    }
    return program;
  }

  /** The receipts, holds, entries, orders and vouchers that a touch names, and the lots that go with them. */
  private loadNamed(touch: Touch, state: CardState): void {
    const { cardId } = state.card;
    const { receipt, hold, order, voucher } = this.statements;
    for (const key of touch.keys) {
      if (state.receipts.has(key)) continue;
      const row = receipt.get(cardId, key);
      if (!row) continue;
      const found = receiptsTable.fromRow(row);
      state.receipts.set(key, found);
      for (let seq = found.firstSeq; seq < found.firstSeq + found.entryCount; seq += 1)
        this.loadUndone(state, seq);
    }
    for (const holdId of touch.holds ?? []) {
      const row = state.holds.has(holdId) ? undefined : hold.get(cardId, holdId);
      if (row) state.holds.set(holdId, holdsTable.fromRow(row));
    }
    for (const seq of touch.entries ?? []) this.loadUndone(state, seq);
    for (const orderId of ordersNamed(touch, state)) {
      const row = state.orders.has(orderId) ? undefined : order.get(cardId, orderId);
      if (row) state.orders.set(orderId, ordersTable.fromRow(row));
    }
    for (const code of touch.vouchers ?? []) {
      const row = state.vouchers.has(code) ? undefined : voucher.get(cardId, code);
      if (row) state.vouchers.set(code, vouchersTable.fromRow(row));
    }
    for (const seq of lotsNamed(touch, state)) loadLot(this.statements, state, seq);
  }

  /** An entry, and what of it was undone. */
  private loadUndone(state: CardState, seq: number): void {
    this.loadEntry(state, seq);
    const reversals = this.statements.reversalsOf.all(state.card.cardId, seq).map(entriesTable.fromRow);
    if (reversals.length > 0) state.reversed.set(seq, undonePoints(reversals));
  }

  private loadEntry(state: CardState, seq: number): void {
    if (state.entries.has(seq)) return;
    const row = this.statements.entry.get(state.card.cardId, seq);
    if (row) state.entries.set(seq, entriesTable.fromRow(row));
  }

  /** The rewards that a touch and its vouchers name, and the card's vouchers of those that the touch names. */
  private loadRewards(touch: Touch, state: CardState): void {
    const { cardId, programId } = state.card;
    const { reward, vouchersOfReward } = this.statements;
    for (const rewardId of rewardsNamed(touch, state)) {
      const row = state.rewards.has(rewardId) ? undefined : reward.get(programId, rewardId);
      if (row) state.rewards.set(rewardId, rewardsTable.fromRow(row));
    }
    if (!state.exists) return;
    for (const rewardId of touch.rewards ?? []) {
      for (const row of vouchersOfReward.all(cardId, rewardId)) {
        const voucher = vouchersTable.fromRow(row);
        if (!state.vouchers.has(voucher.code)) state.vouchers.set(voucher.code, voucher);
      }
    }
  }
}

function keyText(key: CardKey | Card): string {
  if (key.cardId !== undefined) return `card:${key.cardId}`;
  if ('name' in key && key.name !== undefined) return `name:${key.name}`;
  return JSON.stringify([key.programId, key.customerId]);
}
