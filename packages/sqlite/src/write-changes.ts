import type { Changes } from '@loyalty-engine/core';
import { holdsTable, ordersTable, receiptsTable } from './order-rows.ts';
import { cardsTable, entriesTable, lotsTable } from './rows.ts';
import type { Statements } from './statements.ts';

/** Writes a batch's rows: new ones are inserted, others replaced by their key. The caller holds the transaction. */
export function writeChanges(statements: Statements, changes: Changes): void {
  for (const { card, isNew } of changes.cards) {
    const row = cardsTable.toRow(card, card.cardId);
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
    statements.insertEntry.run(entriesTable.toRow(entry, cardId));
  for (const { cardId, lot, isNew } of changes.lots) {
    if (isNew) statements.insertLot.run(lotsTable.toRow(lot, cardId));
    else {
      const [, , , remaining = null, expired = null, held = null] = lotsTable.toRow(lot, cardId);
      statements.updateLot.run(remaining, expired, held, lot.availableAt, cardId, lot.seq);
    }
  }
  for (const { cardId, hold } of changes.holds) statements.putHold.run(holdsTable.toRow(hold, cardId));
  for (const { cardId, order } of changes.orders) statements.putOrder.run(ordersTable.toRow(order, cardId));
  for (const { cardId, receipt } of changes.receipts)
    statements.putReceipt.run(receiptsTable.toRow(receipt, cardId));
}
