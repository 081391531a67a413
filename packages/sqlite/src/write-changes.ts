import {
  type Changes,
  cardIdentityColumns,
  cardsTable,
  entriesTable,
  holdsTable,
  LoyaltyError,
  lotsTable,
  ordersTable,
  receiptsTable,
  talliesTable,
  vouchersTable,
} from '@loyalty-engine/core';
import { boundRow } from './rows.ts';
import type { Statements } from './statements.ts';
import { isTaken } from './store-errors.ts';

/**
 * Writes a batch's rows: new ones are inserted, others replaced by their key. The caller holds the transaction.
 *
 * @throws LoyaltyError NAME_TAKEN where a card was to get a name that another card has.
 */
export function writeChanges(statements: Statements, changes: Changes): void {
  for (const change of changes.cards) writeCard(statements, change);
  writeNames(statements, changes.names);
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
  for (const { cardId, voucher } of changes.vouchers)
    statements.putVoucher.run(boundRow(vouchersTable, voucher, cardId));
  for (const { programId, rewardId, redeemed } of changes.rewards)
    statements.updateRedeemed.run(redeemed, programId, rewardId);
  for (const tally of changes.tallies) statements.addTally.run(boundRow(talliesTable, tally, ''));
}

function writeCard(statements: Statements, { card, isNew, renamed }: Changes['cards'][number]): void {
  const { cardId, programId, customerId, nextExpiryAt } = card;
  const row = boundRow(cardsTable, card, cardId);
  if (isNew) {
    statements.insertCard.run(row);
    statements.insertMember.run(programId, customerId, cardId);
    return;
  }
  if (renamed) {
    statements.renameCard.run([...row.slice(2, cardIdentityColumns), cardId]);
    if (renamed.customerId !== customerId)
      statements.renameMember.run(customerId, programId, renamed.customerId);
  }
  const figures = row.slice(cardIdentityColumns, -1);
  figures.push(cardId);
  statements.updateCard.run(figures);
  statements.updateNextExpiry.run(nextExpiryAt, cardId, nextExpiryAt);
}

function writeNames(statements: Statements, { added, removed }: Changes['names']): void {
  for (const name of removed) statements.deleteName.run(name);
  for (const { name, cardId } of added) {
    try {
      statements.insertName.run(name, cardId);
    } catch (error) {
      if (!isTaken(error)) throw error;
      throw new LoyaltyError('NAME_TAKEN', 'Another card has that number, token or code', { cause: error });
    }
  }
}
