import {
  type CardEntry,
  type CardFilter,
  cardsTable,
  type DueCursor,
  type EntryFilter,
  type EntryPlace,
  entriesTable,
  entryKinds,
  holdsTable,
  type LoyaltyStore,
  lotsTable,
  ordersTable,
  placeBefore,
  vouchersTable,
} from '@loyalty-engine/core';
import type { Parameter } from './message-writer.ts';
import type { Call, Rows, Statement } from './pipeline.ts';
import { arrayParameter, readRow, readRows } from './rows.ts';
import type { Access, Database } from './transactions.ts';

type Lists = Pick<
  LoyaltyStore,
  | 'entries'
  | 'entriesAcross'
  | 'lastEntryBefore'
  | 'everything'
  | 'dueCards'
  | 'cards'
  | 'orders'
  | 'vouchers'
>;

/** A card's ledger and books, and pages of cards and orders. */
export function listsOn({ statements }: Database, { read, survey }: Access): Lists {
  const rowsOf = (statement: Statement, values: Call['values'], reading = read) =>
    reading(async (transaction) => {
      const [rows = []] = await transaction.end([{ statement, values }]);
      return rows;
    });
  return {
    entries: async (cardId, { after, upTo, limit, descending, kinds = entryKinds }) =>
      readRows(
        entriesTable,
        await rowsOf(descending ? statements.entriesBefore : statements.entriesAfter, [
          cardId,
          wholeText(after),
          wholeText(upTo),
          arrayParameter('text', kinds),
          String(limit),
        ]),
      ),
    entriesAcross: async (filter, limit, before) => {
      const { cardId, orderId = null } = filter;
      const place = placeBefore(filter, before);
      const page = acrossValues(filter, limit, place);
      const beforeSeq = wholeText(place.cardId === cardId ? place.seq : largestCount);
      const rows =
        cardId !== undefined
          ? await rowsOf(statements.entriesOfCard, [...page, cardId, beforeSeq, orderId], survey)
          : orderId !== null
            ? await rowsOf(statements.entriesOfOrder, [...page, orderId])
            : await rowsOf(statements.entriesAcross, page, survey);
      return rows.map(cardEntry);
    },
    lastEntryBefore: async (cardId, instant) => {
      const rows = await rowsOf(statements.lastEntryBefore, [cardId, { instant }]);
      return readRows(entriesTable, rows)[0] ?? null;
    },
    everything: (cardId) =>
      read(async (transaction) => {
        const { lotsOfCard, holdsOfCard, ordersOfCard } = statements;
        const calls = [lotsOfCard, holdsOfCard, ordersOfCard].map((statement) => ({
          statement,
          values: [cardId],
        }));
        const [lots = [], holds = [], orders = []] = await transaction.end(calls);
        return {
          lots: readRows(lotsTable, lots),
          holds: readRows(holdsTable, holds),
          orders: readRows(ordersTable, orders),
        };
      }),
    dueCards: async (now, limit, after) =>
      readRows(cardsTable, await rowsOf(statements.dueCards, dueValues(now, limit, after))),
    cards: async (limit, after, filter) => {
      const page = [after ?? '', String(limit)];
      const rows = filter
        ? await rowsOf(statements.cardsOfPrograms, [...page, ...filterValues(filter)], survey)
        : await rowsOf(statements.cardsAfter, page);
      return readRows(cardsTable, rows);
    },
    orders: async (of, limit, after) => {
      const page = [after?.cardId ?? '', after?.orderId ?? '', String(limit)];
      const rows =
        'cardId' in of
          ? await rowsOf(statements.ordersAfter, [...page, of.cardId])
          : await rowsOf(statements.ordersOfPrograms, [...page, distinct(of.programIds)], survey);
      return rows.map((row) => ({ cardId: row[0] as string, order: readRow(ordersTable, row) }));
    },
    vouchers: async (cardId, limit, before, status) => {
      const page = [cardId, wholeText(before ?? largestCount), String(limit), status ?? null];
      return readRows(vouchersTable, await rowsOf(statements.vouchersOfCard, page));
    },
  };
}

function acrossValues(
  { programIds, kinds, locationId, staffId, actor, from }: EntryFilter,
  limit: number,
  { recordedAt, cardId, seq }: EntryPlace,
): Parameter[] {
  return [
    String(limit),
    { instant: recordedAt },
    cardId,
    String(seq),
    { instant: from ?? 0 },
    programIds ? distinct(programIds) : null,
    kinds ? arrayParameter('text', kinds) : null,
    locationId ?? null,
    staffId ?? null,
    actor ?? null,
  ];
}

/** A row of an entry, with what is said of its card at its end. */
function cardEntry(row: Rows[number]): CardEntry {
  const [programId, customerId, number] = row.slice(-3) as [string, string, string];
  return {
    card: { cardId: row[0] as string, programId, customerId, number },
    entry: readRow(entriesTable, row),
  };
}

function dueValues(now: number, limit: number, after: DueCursor | null): Call['values'] {
  return [{ instant: now }, { instant: after?.nextExpiryAt ?? -1 }, after?.cardId ?? '', String(limit)];
}

function filterValues({
  programIds,
  status,
  enrolledLocationId,
  activeSince,
  idleSince,
}: CardFilter): Parameter[] {
  return [
    programIds ? distinct(programIds) : null,
    status ?? null,
    enrolledLocationId ?? null,
    activeSince === undefined ? null : { instant: activeSince },
    idleSince === undefined ? null : { instant: idleSince },
  ];
}

/** A program that is named twice is read once. */
function distinct(ids: readonly string[]): Parameter {
  return arrayParameter('text', [...new Set(ids)]);
}

const largestCount = 2 ** 31 - 1;

/** A number of an entry as a parameter; a limit that stands for "all" is beyond what an integer holds. */
function wholeText(value: number): string {
  return String(Math.min(value, largestCount));
}
