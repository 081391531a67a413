import {
  type CardKey,
  type CardState,
  type Changes,
  copyState,
  type Entry,
  foldWork,
  LoyaltyError,
  newCardState,
  type ProgramVersion,
  type Reward,
  rewardsTable,
  type Settled,
  type Tally,
  type Touch,
  talliesTable,
  undonePoints,
  type Work,
} from '@loyalty-engine/core';
import { MemoryRecords } from './memory-records.ts';

/** A card with its whole history: in memory there is no reason to load less. */
export interface Kept {
  state: CardState;
  ledger: Entry[];
}

/** Programs, cards and all that belongs to them, in memory. */
export class MemoryCards {
  readonly programs = new Map<string, ProgramVersion[]>();
  readonly records = new MemoryRecords();
  readonly tallies = new Map<string, Tally>();
  readonly cards = new Map<string, Kept>();
  private readonly members = new Map<string, string>();
  private readonly names = new Map<string, string>();

  versionsOf(programId: string): ProgramVersion[] {
    return this.programs.get(programId) ?? [];
  }

  /** The program's rewards, as one map for all cards that are settled together. */
  rewardsOf(programId: string): Map<string, Reward> {
    const rewards = this.records.within(rewardsTable, programId, null);
    return new Map(rewards.map((reward) => [reward.rewardId, reward]));
  }

  find(key: CardKey): Kept | undefined {
    const cardId =
      key.cardId ?? (key.name === undefined ? this.members.get(memberText(key)) : this.names.get(key.name));
    return cardId === undefined ? undefined : this.cards.get(cardId);
  }

  /** Cards by id. */
  sorted(): Kept[] {
    return [...this.cards.values()].sort((a, b) => (a.state.card.cardId < b.state.card.cardId ? -1 : 1));
  }

  copyOf({ state, ledger }: Kept, rewards: Map<string, Reward>): CardState {
    const copy = copyState(state);
    copy.versions = this.versionsOf(state.card.programId);
    copy.merchant = this.merchantOf(state.card.programId);
    copy.rewards = rewards;
    copy.entries = new Map(ledger.map((entry) => [entry.seq, entry]));
    copy.reversed = reversedBy(ledger);
    return copy;
  }

  private merchantOf(programId: string) {
    const [first] = this.versionsOf(programId);
    return first ? this.records.merchant(first.merchantId) : null;
  }

  /** @throws LoyaltyError NAME_TAKEN where a card was to get a name that another card has; then nothing is written. */
  settle(work: readonly Work[]): Settled[] {
    const loaded = new Map<string, CardState>();
    const rewards = new Map<string, Map<string, Reward>>();
    const rewardsOf = (programId: string) => {
      const known = rewards.get(programId) ?? this.rewardsOf(programId);
      rewards.set(programId, known);
      return known;
    };
    const stateOf = (touch: Touch): CardState | undefined => {
      const kept = this.find(touch.card);
      const { programId, customerId } = kept ? kept.state.card : touch.card;
      if (programId === undefined || customerId === undefined) return undefined;
      const key = memberText({ programId, customerId });
      let state = loaded.get(key);
      if (!state) {
        state = kept
          ? this.copyOf(kept, rewardsOf(programId))
          : this.newState({ ...touch.newCard(), programId, customerId }, rewardsOf(programId));
        loaded.set(key, state);
      }
      return state;
    };
    const { settled, changes } = foldWork(work, stateOf);
    this.mustBeFree(changes.names);
    this.write(changes);
    return settled;
  }

  private newState(identity: Parameters<typeof newCardState>[0], rewards: Map<string, Reward>): CardState {
    const { programId } = identity;
    const state = newCardState(identity, this.versionsOf(programId), this.merchantOf(programId));
    state.rewards = rewards;
    return state;
  }

  private mustBeFree({ added, removed }: Changes['names']): void {
    const taken = new Set<string>();
    for (const { name } of added) {
      if (taken.has(name) || (this.names.has(name) && !removed.includes(name)))
        throw new LoyaltyError('NAME_TAKEN', 'Another card has that number, token or code');
      taken.add(name);
    }
  }

  private write(changes: Changes): void {
    for (const { card, isNew, renamed } of changes.cards) {
      const kept = isNew ? { state: newCardState(card), ledger: [] } : this.of(card.cardId);
      kept.state.card = card;
      kept.state.exists = true;
      this.cards.set(card.cardId, kept);
      if (renamed) this.members.delete(memberText({ ...card, customerId: renamed.customerId }));
      this.members.set(memberText(card), card.cardId);
    }
    for (const name of changes.names.removed) this.names.delete(name);
    for (const { name, cardId } of changes.names.added) this.names.set(name, cardId);
    for (const { cardId, entry } of changes.entries) this.of(cardId).ledger.push(entry);
    for (const { cardId, lot } of changes.lots) this.of(cardId).state.lots.set(lot.seq, lot);
    for (const { cardId, hold } of changes.holds) this.of(cardId).state.holds.set(hold.holdId, hold);
    for (const { cardId, order } of changes.orders) this.of(cardId).state.orders.set(order.orderId, order);
    for (const { cardId, receipt } of changes.receipts)
      this.of(cardId).state.receipts.set(receipt.key, receipt);
    for (const { cardId, voucher } of changes.vouchers)
      this.of(cardId).state.vouchers.set(voucher.code, voucher);
    for (const reward of changes.rewards) this.records.put({ table: rewardsTable, row: reward });
    for (const tally of changes.tallies) this.addTally(tally);
  }

  private of(cardId: string): Kept {
    const kept = this.cards.get(cardId);
    if (!kept) throw new Error(`Card ${cardId} is not kept`);
    return kept;
  }

  private addTally(tally: Tally): void {
    const key = JSON.stringify(talliesTable.toRow(tally, '').slice(0, talliesTable.keys));
    const { entries = 0, points = 0, stamps = 0 } = this.tallies.get(key) ?? {};
    this.tallies.set(key, {
      ...tally,
      entries: entries + tally.entries,
      points: points + tally.points,
      stamps: stamps + tally.stamps,
    });
  }
}

function memberText({ programId, customerId }: { programId: string; customerId: string }): string {
  return JSON.stringify([programId, customerId]);
}

function reversedBy(ledger: readonly Entry[]): Map<number, number> {
  const undone = new Map<number, number>();
  for (const entry of ledger) {
    if (entry.reverses === null) continue;
    undone.set(entry.reverses, (undone.get(entry.reverses) ?? 0) + undonePoints([entry]));
  }
  return undone;
}
