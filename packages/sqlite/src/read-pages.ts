import {
  type Card,
  type CardEntry,
  type CardFilter,
  type Cell,
  cardsTable,
  type Entry,
  type EntryFilter,
  type EntryPlace,
  type EntrySlice,
  entriesTable,
  entryKinds,
  type OrderRecord,
  ordersTable,
  placeBefore,
  type Voucher,
  vouchersTable,
} from '@loyalty-engine/core';
import type { Statements } from './statements.ts';

/** No entry has this number. */
const beyondCounts = 2 ** 31;

export function readEntries(
  { entriesAfter, entriesBefore }: Statements,
  cardId: string,
  { after, upTo, limit, descending, kinds = entryKinds }: EntrySlice,
): Entry[] {
  const page = { cardId, after, upTo, limit, kinds: JSON.stringify(kinds) };
  return (descending ? entriesBefore : entriesAfter).all(page).map(entriesTable.fromRow);
}

/** Entries of all cards, the last one recorded first. */
export function readEntriesAcross(
  { entriesAcross, entriesOfCard, entriesOfOrder }: Statements,
  filter: EntryFilter,
  limit: number,
  before: EntryPlace | null,
): CardEntry[] {
  const { programIds, cardId, kinds, locationId, orderId, staffId, actor, from } = filter;
  const place = placeBefore(filter, before);
  const page = {
    recordedAt: place.recordedAt,
    placeCard: place.cardId,
    placeSeq: place.seq,
    from: from ?? 0,
    programIds: programIds ? JSON.stringify(programIds) : null,
    kinds: kinds ? JSON.stringify(kinds) : null,
    locationId: locationId ?? null,
    staffId: staffId ?? null,
    actor: actor ?? null,
    limit,
  };
  const own = { cardId: cardId ?? '', orderId: orderId ?? null };
  const beforeSeq = place.cardId === cardId ? place.seq : beyondCounts;
  if (cardId !== undefined) return entriesOfCard.all({ ...page, ...own, beforeSeq }).map(cardEntry);
  if (orderId !== undefined) return entriesOfOrder.all({ ...page, orderId }).map(cardEntry);
  return entriesAcross.all(page).map(cardEntry);
}

/** A row of an entry, with what is said of its card at its end. */
function cardEntry(row: readonly Cell[]): CardEntry {
  const [programId, customerId, number] = row.slice(-3) as [string, string, string];
  return {
    card: { cardId: row[0] as string, programId, customerId, number },
    entry: entriesTable.fromRow(row),
  };
}

/** Cards by id, those of all programs or of some. */
export function readCards(
  { cardsAfter, cardsOfProgram }: Statements,
  limit: number,
  after: string | null,
  { programIds, status, enrolledLocationId, activeSince, idleSince }: CardFilter = {},
): Card[] {
  const page = {
    after: after ?? '',
    limit,
    status: status ?? null,
    enrolledLocationId: enrolledLocationId ?? null,
    activeSince: activeSince ?? null,
    idleSince: idleSince ?? null,
  };
  if (!programIds) return cardsAfter.all(page).map(cardsTable.fromRow);
  return mergePages(programIds, limit, (programId) =>
    cardsOfProgram.all({ ...page, programId }).map(cardsTable.fromRow),
  );
}

/** Orders of one card or of programs, by card and order. */
export function readOrders(
  { ordersOfCard, ordersOfProgram }: Statements,
  of: { cardId: string } | { programIds: readonly string[] },
  limit: number,
  after: { cardId: string; orderId: string } | null,
): { cardId: string; order: OrderRecord }[] {
  const toOrder = (row: Parameters<typeof ordersTable.fromRow>[0]) => ({
    cardId: row[0] as string,
    order: ordersTable.fromRow(row),
  });
  if ('cardId' in of) {
    const page = { cardId: of.cardId, orderId: after?.orderId ?? '', limit };
    return ordersOfCard.all(page).map(toOrder);
  }
  const page = { cardId: after?.cardId ?? '', orderId: after?.orderId ?? '', limit };
  return mergePages(of.programIds, limit, (programId) =>
    ordersOfProgram.all({ ...page, programId }).map(toOrder),
  );
}

/** Vouchers of one card, newest first. */
export function readVouchers(
  { vouchersOfCard }: Statements,
  cardId: string,
  limit: number,
  before: number | null,
  status: Voucher['status'] | undefined,
): Voucher[] {
  const page = { cardId, before: before ?? beyondCounts, status: status ?? null, limit };
  return vouchersOfCard.all(page).map(vouchersTable.fromRow);
}

/** One page of several programs: a page of each by card, of which a card is in one, then the first of them all. */
function mergePages<Row extends { cardId: string }>(
  programIds: readonly string[],
  limit: number,
  pageOf: (programId: string) => Row[],
): Row[] {
  const pages = [...new Set(programIds)].map(pageOf);
  const [only = []] = pages;
  if (pages.length <= 1) return only;
  const inOrder = pages.flat().sort((a, b) => (a.cardId === b.cardId ? 0 : a.cardId < b.cardId ? -1 : 1));
  return inOrder.slice(0, limit);
}
