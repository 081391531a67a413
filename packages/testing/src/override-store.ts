import type { LoyaltyStore } from '@loyalty-engine/core';

/** A store with some of its methods replaced; the store itself stays as it is. */
export function overrideStore(store: LoyaltyStore, replaced: Partial<LoyaltyStore>): LoyaltyStore {
  return {
    settlesAtOnce: store.settlesAtOnce,
    settle: (work) => store.settle(work),
    using: (transaction) => store.using(transaction),
    load: (touch) => store.load(touch),
    entries: (cardId, slice) => store.entries(cardId, slice),
    lastEntryBefore: (cardId, instant) => store.lastEntryBefore(cardId, instant),
    everything: (cardId) => store.everything(cardId),
    dueCards: (now, limit, after) => store.dueCards(now, limit, after),
    cards: (limit, after) => store.cards(limit, after),
    versions: (programId) => store.versions(programId),
    programIds: () => store.programIds(),
    publish: (programId, next) => store.publish(programId, next),
    close: () => store.close(),
    ...replaced,
  };
}
