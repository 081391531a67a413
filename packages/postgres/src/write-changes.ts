import {
  type Cell,
  type Changes,
  entriesTable,
  holdsTable,
  lotsTable,
  ordersTable,
  receiptsTable,
  type Table,
  talliesTable,
  vouchersTable,
} from '@loyalty-engine/core';
import type { Call } from './pipeline.ts';
import { writeRows } from './rows.ts';
import type { WriteStatement } from './statement.ts';
import { lotFigures, rewardFigures, type Statements } from './statements.ts';
import { cardCalls } from './write-cards.ts';

/** The calls that write a batch's rows, at most one for each table and for each of inserting and updating. */
export function writeCalls(statements: Statements, changes: Changes): Call[] {
  const { entries, lots, holds, orders, receipts, vouchers, rewards, tallies } = changes;
  return [
    ...cardCalls(statements, changes),
    ...writeRows(
      statements.insertEntries,
      entriesTable.columns,
      entries.map(({ entry, cardId }) => entriesTable.toRow(entry, cardId)),
    ),
    ...writeRows(
      statements.insertLots,
      lotsTable.columns,
      lots.filter(({ isNew }) => isNew).map(({ lot, cardId }) => lotsTable.toRow(lot, cardId)),
    ),
    ...writeRows(
      statements.updateLots,
      lotFigures,
      lots
        .filter(({ isNew }) => !isNew)
        .map(({ lot, cardId }) => [cardId, lot.seq, lot.remaining, lot.expired, lot.held, lot.availableAt]),
    ),
    ...put(statements.holdRows, holdsTable, holds, ({ hold, cardId }) => holdsTable.toRow(hold, cardId)),
    ...put(statements.orderRows, ordersTable, orders, ({ order, cardId }) =>
      ordersTable.toRow(order, cardId),
    ),
    ...put(statements.receiptRows, receiptsTable, receipts, ({ receipt, cardId }) =>
      receiptsTable.toRow(receipt, cardId),
    ),
    ...put(statements.voucherRows, vouchersTable, vouchers, ({ voucher, cardId }) =>
      vouchersTable.toRow(voucher, cardId),
    ),
    ...writeRows(
      statements.updateRewards,
      rewardFigures,
      rewards.map(({ programId, rewardId, redeemed }) => [programId, rewardId, redeemed]),
    ),
    ...writeRows(
      statements.insertTallies,
      talliesTable.columns,
      tallies.map((tally) => talliesTable.toRow(tally, '')),
    ),
  ];
}

/** Rows that are new and rows that replace others, each in a statement of its own. */
function put<Row extends { cardId: string; isNew: boolean }>(
  [insert, update]: readonly [WriteStatement, WriteStatement],
  { columns }: Pick<Table<never>, 'columns'>,
  rows: readonly Row[],
  toRow: (row: Row) => Cell[],
): Call[] {
  return [
    ...writeRows(insert, columns, rows.filter(({ isNew }) => isNew).map(toRow)),
    ...writeRows(update, columns, rows.filter(({ isNew }) => !isNew).map(toRow)),
  ];
}
