import {
  type Cell,
  type Changes,
  type ColumnType,
  cardsTable,
  entriesTable,
  holdsTable,
  lotsTable,
  ordersTable,
  receiptsTable,
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
  const newCards = changes.cards.filter(({ isNew }) => isNew).map(({ card }) => card);
  const oldCards = changes.cards.filter(({ isNew }) => !isNew);
  const newLots = changes.lots.filter(({ isNew }) => isNew);
  const oldLots = changes.lots.filter(({ isNew }) => !isNew);
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
    oldCards.map(({ card }) => {
      const row = cardsTable.toRow(card, card.cardId);
      row.splice(1, 2);
      return row;
    }),
  );
  write(
    statements.insertEntries,
    entriesTable.columns,
    changes.entries.map(({ entry, cardId }) => entriesTable.toRow(entry, cardId)),
  );
  write(
    statements.insertLots,
    lotsTable.columns,
    newLots.map(({ lot, cardId }) => lotsTable.toRow(lot, cardId)),
  );
  write(
    statements.updateLots,
    lotFigures,
    oldLots.map(({ lot, cardId }) => [
      cardId,
      lot.seq,
      lot.remaining,
      lot.expired,
      lot.held,
      lot.availableAt,
    ]),
  );
  write(
    statements.putHolds,
    holdsTable.columns,
    changes.holds.map(({ hold, cardId }) => holdsTable.toRow(hold, cardId)),
  );
  write(
    statements.putOrders,
    ordersTable.columns,
    changes.orders.map(({ order, cardId }) => ordersTable.toRow(order, cardId)),
  );
  write(
    statements.putReceipts,
    receiptsTable.columns,
    changes.receipts.map(({ receipt, cardId }) => receiptsTable.toRow(receipt, cardId)),
  );
  return calls;
}

function compareTexts(a = '', b = ''): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
