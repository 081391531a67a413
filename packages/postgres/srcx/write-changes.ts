import {
  type Card,
  type Cell,
  type Changes,
  type ColumnType,
  cardsTable,
  entriesTable,
  holdsTable,
  lotsTable,
  ordersTable,
  receiptsTable,
  type Table,
} from '@loyalty-engine/core';
import type { Call, Statement } from './pipeline.ts';
import { columnParameters } from './rows.ts';
import { cardFigures, lotFigures, memberColumns, type Statements } from './statements.ts';

/**
 * The calls that write a batch's rows, at most one for each table and for each of inserting and updating. New members
 * are in order, so that two batches that make the same ones wait for each other and never in a circle.
 */
export function writeCalls(statements: Statements, changes: Changes): Call[] {
  const calls: Call[] = [];
  const write = (
    statement: Statement,
    columns: readonly (readonly [string, ColumnType])[],
    rows: readonly Cell[][],
  ) => {
    if (rows.length > 0) calls.push({ statement, values: columnParameters(columns, rows) });
  };
  /** Rows that are new and rows that replace others, each in a statement of its own. */
  const put = <Row extends { cardId: string; isNew: boolean }>(
    [insert, update]: readonly [Statement, Statement],
    { columns }: Pick<Table<never>, 'columns'>,
    rows: readonly Row[],
    toRow: (row: Row) => Cell[],
  ) => {
    write(insert, columns, rows.filter(({ isNew }) => isNew).map(toRow));
    write(update, columns, rows.filter(({ isNew }) => !isNew).map(toRow));
  };
  const newCards = changes.cards.filter(({ isNew }) => isNew).map(({ card }) => card);
  write(
    statements.insertCards,
    cardsTable.columns,
    newCards.map((card) => cardsTable.toRow(card, card.cardId)),
  );
  write(
    statements.insertMembers,
    memberColumns,
    newCards
      .map(({ programId, customerId, cardId }) => [programId, customerId, cardId])
      .sort((a, b) => compareTexts(a[0], b[0]) || compareTexts(a[1], b[1])),
  );
  write(
    statements.updateCards,
    cardFigures,
    changes.cards.filter(({ isNew }) => !isNew).map(({ card }) => figuresOf(card)),
  );
  write(
    statements.insertEntries,
    entriesTable.columns,
    changes.entries.map(({ entry, cardId }) => entriesTable.toRow(entry, cardId)),
  );
  write(
    statements.insertLots,
    lotsTable.columns,
    changes.lots.filter(({ isNew }) => isNew).map(({ lot, cardId }) => lotsTable.toRow(lot, cardId)),
  );
  write(
    statements.updateLots,
    lotFigures,
    changes.lots
      .filter(({ isNew }) => !isNew)
      .map(({ lot, cardId }) => [cardId, lot.seq, lot.remaining, lot.expired, lot.held, lot.availableAt]),
  );
  put(statements.holdRows, holdsTable, changes.holds, ({ hold, cardId }) => holdsTable.toRow(hold, cardId));
  put(statements.orderRows, ordersTable, changes.orders, ({ order, cardId }) =>
    ordersTable.toRow(order, cardId),
  );
  put(statements.receiptRows, receiptsTable, changes.receipts, ({ receipt, cardId }) =>
    receiptsTable.toRow(receipt, cardId),
  );
  return calls;
}

/** A card's row without who it is. */
function figuresOf(card: Card): Cell[] {
  const row = cardsTable.toRow(card, card.cardId);
  row.splice(1, 2);
  return row;
}

function compareTexts(a = '', b = ''): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
