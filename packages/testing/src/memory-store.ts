import {
  type Card,
  type CardRef,
  type CardState,
  type Changes,
  copyState,
  type DueCursor,
  type Entry,
  foldWork,
  LoyaltyError,
  type LoyaltyStore,
  newCardState,
  type ProgramVersion,
  type Settled,
  type Touch,
  undonePoints,
} from '@loyalty-engine/core';

/** A card with its whole history: in memory there is no reason to load less. */
interface Kept {
  state: CardState;
  ledger: Entry[];
}

/**
 * A store that keeps everything in memory: the reference that other stores are compared with, and a fast one for tests.
 * It has no transactions to join: `using` is refused.
 *
 * @example
 * const loyalty = createLoyalty({ store: memoryStore() })
 */
export function memoryStore(): LoyaltyStore {
  const programs = new Map<string, ProgramVersion[]>();
  const cards = new Map<string, Kept>();
  const members = new Map<string, string>();

  const versionsOf = (programId: string) => programs.get(programId) ?? [];
  const memberKey = (programId: string, customerId: string) => JSON.stringify([programId, customerId]);

  const find = (ref: CardRef): Kept | undefined => {
    const cardId = ref.cardId ?? members.get(memberKey(ref.programId, ref.customerId));
    return cardId === undefined ? undefined : cards.get(cardId);
  };

  const copyOf = ({ state, ledger }: Kept): CardState => {
    const copy = copyState(state);
    copy.versions = versionsOf(state.card.programId);
    copy.entries = new Map(ledger.map((entry) => [entry.seq, entry]));
    copy.reversed = reversedBy(ledger);
    return copy;
  };

  const settle = (work: Parameters<LoyaltyStore['settle']>[0]): Settled[] => {
    const loaded = new Map<string, CardState>();
    const stateOf = (touch: Touch): CardState | undefined => {
      const kept = find(touch.card);
      const { programId, customerId } = kept ? kept.state.card : touch.card;
      if (programId === undefined || customerId === undefined) return undefined;
      const key = memberKey(programId, customerId);
      let state = loaded.get(key);
      if (!state) {
        state = kept
          ? copyOf(kept)
          : newCardState({ cardId: touch.newCardId(), programId, customerId }, versionsOf(programId));
        loaded.set(key, state);
      }
      return state;
    };
    const { settled, changes } = foldWork(work, stateOf);
    write(changes);
    return settled;
  };

  const write = (changes: Changes): void => {
    for (const { card, isNew } of changes.cards) {
      const kept = isNew ? { state: newCardState(card), ledger: [] } : cards.get(card.cardId);
      if (!kept) throw new Error(`Card ${card.cardId} is not kept`);
      kept.state.card = card;
      kept.state.exists = true;
      cards.set(card.cardId, kept);
      members.set(memberKey(card.programId, card.customerId), card.cardId);
    }
    const of = (cardId: string) => cards.get(cardId) as Kept;
    for (const { cardId, entry } of changes.entries) of(cardId).ledger.push(entry);
    for (const { cardId, lot } of changes.lots) of(cardId).state.lots.set(lot.seq, lot);
    for (const { cardId, hold } of changes.holds) of(cardId).state.holds.set(hold.holdId, hold);
    for (const { cardId, order } of changes.orders) of(cardId).state.orders.set(order.orderId, order);
    for (const { cardId, receipt } of changes.receipts) of(cardId).state.receipts.set(receipt.key, receipt);
  };

  const sortedCards = (): Card[] =>
    [...cards.values()].map(({ state }) => state.card).sort((a, b) => (a.cardId < b.cardId ? -1 : 1));

  return {
    settle: async (work) => settle(work),
    using() {
      throw new LoyaltyError(
        'NOT_A_TRANSACTION',
        'The memory store has no transactions; use the SQLite store with ":memory:"',
      );
    },
    load: async ({ card }) => {
      const kept = find(card);
      return kept ? copyOf(kept) : null;
    },
    entries: async (cardId, { after, upTo, limit, descending, kinds }) => {
      const slice = (cards.get(cardId)?.ledger ?? []).filter(
        ({ seq, kind }) => seq > after && seq <= upTo && (!kinds || kinds.includes(kind)),
      );
      return (descending ? slice.reverse() : slice).slice(0, limit);
    },
    lastEntryBefore: async (cardId, instant) =>
      cards.get(cardId)?.ledger.findLast((entry) => entry.postedAt < instant) ?? null,
    everything: async (cardId) => {
      const { lots, holds, orders } =
        cards.get(cardId)?.state ?? newCardState({ cardId, programId: '', customerId: '' });
      return { lots: [...lots.values()], holds: [...holds.values()], orders: [...orders.values()] };
    },
    dueCards: async (now, limit, after) =>
      sortedCards()
        .filter(
          (card) =>
            card.nextExpiryAt !== null && card.nextExpiryAt <= now && (!after || isAfter(card, after)),
        )
        .sort((a, b) => Number(a.nextExpiryAt) - Number(b.nextExpiryAt))
        .slice(0, limit),
    cards: async (limit, after) =>
      sortedCards()
        .filter((card) => after === null || card.cardId > after)
        .slice(0, limit),
    versions: async (programId) => versionsOf(programId),
    programIds: async () => [...programs.keys()].sort(),
    publish: async (programId, next) => {
      const existing = versionsOf(programId);
      const version = next(existing);
      if (!existing.includes(version)) programs.set(programId, [...existing, version]);
      return version;
    },
    close: async () => {},
  };
}

function isAfter(card: Card, { nextExpiryAt, cardId }: DueCursor): boolean {
  const due = Number(card.nextExpiryAt);
  return due > nextExpiryAt || (due === nextExpiryAt && card.cardId > cardId);
}

function reversedBy(ledger: readonly Entry[]): Map<number, number> {
  const undone = new Map<number, number>();
  for (const entry of ledger) {
    if (entry.reverses === null) continue;
    undone.set(entry.reverses, (undone.get(entry.reverses) ?? 0) + undonePoints([entry]));
  }
  return undone;
}
