import {
  type Changes,
  cardsTable,
  entriesTable,
  holdsTable,
  lotsTable,
  ordersTable,
  receiptsTable,
} from '@loyalty-engine/core';
import { boundRow } from './rows.ts';
import type { Statements } from './statements.ts';

/** Writes a batch's rows: new ones are inserted, others replaced by their key. The caller holds the transaction. */
export function writeChanges(statements: Statements, changes: Changes): void {
  for (const { card, isNew } of changes.cards) {
    const row = boundRow(cardsTable, card, card.cardId);
    if (isNew) {
      statements.insertCard.run(row);
      statements.insertMember.run(card.programId, card.customerId, card.cardId);
    } else {
      const figures = row.slice(3, -1);
      figures.push(card.cardId);
      statements.updateCard.run(figures);
      statements.updateNextExpiry.run(card.nextExpiryAt, card.cardId, card.nextExpiryAt);
    }
  }
  for (const { cardId, entry } of changes.entries)
    statements.insertEntry.run(boundRow(entriesTable, entry, cardId));
  for (const { cardId, lot, isNew } of changes.lots) {
    if (isNew) statements.insertLot.run(boundRow(lotsTable, lot, cardId));
    else {
      const [, , , remaining = null, expired = null, held = null] = boundRow(lotsTable, lot, cardId);
      statements.updateLot.run(remaining, expired, held, lot.availableAt, cardId, lot.seq);
    }
  }
  for (const { cardId, hold } of changes.holds) statements.putHold.run(boundRow(holdsTable, hold, cardId));
  for (const { cardId, order } of changes.orders)
    statements.putOrder.run(boundRow(ordersTable, order, cardId));
  for (const { cardId, receipt } of changes.receipts)
    statements.putReceipt.run(boundRow(receiptsTable, receipt, cardId));
}
