import {
  type Card,
  type CardFilter,
  type CardState,
  type DueCursor,
  LoyaltyError,
  type LoyaltyStore,
  newCardState,
  type OrderRecord,
  type Settled,
  type Work,
} from '@loyalty-engine/core';
import { MemoryCards } from './memory-cards.ts';
import { entriesAcross } from './memory-entries.ts';
import { sumCards, sumTallies } from './memory-sums.ts';

/**
 * A store that keeps everything in memory: the reference that other stores are compared with, and a fast one for tests.
 * It has no transactions to join: `using` is refused.
 *
 * @example
 * const loyalty = createLoyalty({ store: memoryStore() })
 */
export function memoryStore(): LoyaltyStore {
  const kept = new MemoryCards();
  const { programs, records, tallies } = kept;
  const ofPrograms = (programIds: readonly string[]) =>
    kept.sorted().filter(({ state }) => programIds.includes(state.card.programId));
  return {
    settle: async (work) => settleBatch(work, (some) => kept.settle(some)),
    using() {
      throw new LoyaltyError(
        'NOT_A_TRANSACTION',
        'The memory store has no transactions; use the SQLite store with ":memory:"',
      );
    },
    load: async ({ card }) => {
      const found = kept.find(card);
      return found ? kept.copyOf(found, kept.rewardsOf(found.state.card.programId)) : null;
    },
    entries: async (cardId, { after, upTo, limit, descending, kinds }) => {
      const slice = (kept.cards.get(cardId)?.ledger ?? []).filter(
        ({ seq, kind }) => seq > after && seq <= upTo && (!kinds || kinds.includes(kind)),
      );
      return (descending ? slice.reverse() : slice).slice(0, limit);
    },
    entriesAcross: async (filter, limit, before) => entriesAcross(kept.sorted(), filter, limit, before),
    lastEntryBefore: async (cardId, instant) =>
      kept.cards.get(cardId)?.ledger.findLast((entry) => entry.postedAt < instant) ?? null,
    everything: async (cardId) => {
      const { lots, holds, orders } =
        kept.cards.get(cardId)?.state ?? newCardState({ cardId, programId: '', customerId: '' });
      return { lots: [...lots.values()], holds: [...holds.values()], orders: [...orders.values()] };
    },
    dueCards: async (now, limit, after) =>
      kept
        .sorted()
        .map(({ state }) => state.card)
        .filter(
          (card) =>
            card.nextExpiryAt !== null && card.nextExpiryAt <= now && (!after || isAfter(card, after)),
        )
        .sort((a, b) => Number(a.nextExpiryAt) - Number(b.nextExpiryAt))
        .slice(0, limit),
    cards: async (limit, after, filter = {}) =>
      kept
        .sorted()
        .map(({ state }) => state.card)
        .filter((card) => (after === null || card.cardId > after) && passes(card, filter))
        .slice(0, limit),
    orders: async (of, limit, after) => {
      const chosen = 'cardId' in of ? [kept.cards.get(of.cardId)] : ofPrograms(of.programIds);
      return chosen
        .flatMap((found) => (found ? ordersOf(found.state) : []))
        .filter(
          ({ cardId, order }) =>
            !after || cardId > after.cardId || (cardId === after.cardId && order.orderId > after.orderId),
        )
        .slice(0, limit);
    },
    vouchers: async (cardId, limit, before, status) =>
      [...(kept.cards.get(cardId)?.state.vouchers.values() ?? [])]
        .filter(
          (voucher) => (before === null || voucher.seq < before) && (!status || voucher.status === status),
        )
        .sort((a, b) => b.seq - a.seq)
        .slice(0, limit),
    tallies: async (query) => sumTallies(tallies.values(), query),
    cardSums: async (programIds, now, activeSince) =>
      sumCards(
        ofPrograms(programIds).map(({ state }) => state),
        now,
        activeSince,
      ),
    records: async (table, keys) => keys.map((key) => records.find(table, key)),
    recordsIn: async (table, within, after, limit) => records.within(table, within, after, limit),
    changeRecords: async (keys, change) => records.change(keys, change),
    tidy: async (now) => records.forget(now),
    versions: async (programId) => kept.versionsOf(programId),
    programIds: async () => [...programs.keys()].sort(),
    publish: async (programId, next) => {
      const existing = kept.versionsOf(programId);
      const version = next(existing);
      if (!existing.includes(version)) programs.set(programId, [...existing, version]);
      return version;
    },
    close: async () => {},
  };
}

/** Settles a batch; where a command's card has a name that is taken, each command alone, so that only that one fails. */
function settleBatch(work: readonly Work[], run: (work: readonly Work[]) => Settled[]): Settled[] {
  try {
    return run(work);
  } catch (error) {
    const isTaken = error instanceof LoyaltyError && error.code === 'NAME_TAKEN';
    if (work.length === 1 || !isTaken) throw error;
    return work.flatMap((one): Settled[] => {
      try {
        return run([one]);
      } catch (cause) {
        return [{ error: cause }];
      }
    });
  }
}

function ordersOf({ card, orders }: CardState): { cardId: string; order: OrderRecord }[] {
  return [...orders.values()]
    .sort((a, b) => (a.orderId < b.orderId ? -1 : 1))
    .map((order) => ({ cardId: card.cardId, order }));
}

function isAfter(card: Card, { nextExpiryAt, cardId }: DueCursor): boolean {
  const due = Number(card.nextExpiryAt);
  return due > nextExpiryAt || (due === nextExpiryAt && card.cardId > cardId);
}

function passes(card: Card, filter: CardFilter): boolean {
  const { programIds, status, enrolledLocationId, activeSince, idleSince } = filter;
  const lastActive = card.lastActivityAt ?? Number.NEGATIVE_INFINITY;
  return (
    (!programIds || programIds.includes(card.programId)) &&
    (status === undefined || card.status === status) &&
    (enrolledLocationId === undefined || card.enrolledLocationId === enrolledLocationId) &&
    (activeSince === undefined || lastActive >= activeSince) &&
    (idleSince === undefined || lastActive < idleSince)
  );
}
