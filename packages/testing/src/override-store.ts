import type { LoyaltyStore } from '@loyalty-engine/core';

/** A store with some of its methods replaced; the store itself stays as it is. */
export function overrideStore(store: LoyaltyStore, replaced: Partial<LoyaltyStore>): LoyaltyStore {
  return {
    settlesAtOnce: store.settlesAtOnce,
    settle: (work) => store.settle(work),
    using: (transaction) => store.using(transaction),
    load: (touch) => store.load(touch),
    entries: (cardId, slice) => store.entries(cardId, slice),
    entriesAcross: (filter, limit, before) => store.entriesAcross(filter, limit, before),
    lastEntryBefore: (cardId, instant) => store.lastEntryBefore(cardId, instant),
    everything: (cardId) => store.everything(cardId),
    dueCards: (now, limit, after) => store.dueCards(now, limit, after),
    cards: (limit, after, filter) => store.cards(limit, after, filter),
    orders: (of, limit, after) => store.orders(of, limit, after),
    vouchers: (cardId, limit, before, status) => store.vouchers(cardId, limit, before, status),
    tallies: (query) => store.tallies(query),
    cardSums: (programIds, now, activeSince) => store.cardSums(programIds, now, activeSince),
    records: (table, keys) => store.records(table, keys),
    recordsIn: (table, within, after, limit) => store.recordsIn(table, within, after, limit),
    changeRecords: (keys, change) => store.changeRecords(keys, change),
    tidy: async (now) => store.tidy?.(now),
    versions: (programId) => store.versions(programId),
    programIds: () => store.programIds(),
    publish: (programId, next) => store.publish(programId, next),
    close: () => store.close(),
    ...replaced,
  };
}
