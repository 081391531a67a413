import type { Hold, OrderRecord, Receipt } from '../card/card-state.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import type { PricedLine, PricedOrder } from '../rules/order.ts';
import { hasAny } from './card-tables.ts';
import type { Table } from './table.ts';

export const holdsTable: Table<Hold> = {
  name: 'holds',
  columns: [
    ['card_id', 'text'],
    ['hold_id', 'text'],
    ['order_id', 'text'],
    ['status', 'text'],
    ['asked', 'amount'],
    ['points', 'amount'],
    ['value', 'amount'],
    ['created_at', 'instant'],
    ['expires_at', 'instant'],
    ['program_version', 'count'],
    ['lots', 'json'],
    ['purchase', 'json'],
    ['staff_id', 'text'],
  ],
  keys: 2,
  toRow: (hold, cardId) => [
    cardId,
    hold.holdId,
    hold.orderId,
    hold.status,
    hold.asked,
    hold.points,
    hold.value,
    hold.createdAt,
    hold.expiresAt,
    hold.programVersion,
    JSON.stringify(hold.lots),
    hold.order && purchaseText(hold.order),
    hold.staffId,
  ],
  fromRow: (row) => ({
    holdId: row[1] as string,
    orderId: row[2] as string | null,
    status: row[3] as Hold['status'],
    asked: row[4] as number,
    points: row[5] as number,
    value: row[6] as number,
    createdAt: row[7] as number,
    expiresAt: row[8] as number,
    programVersion: row[9] as number,
    lots: JSON.parse(row[10] as string) as Allocation[],
    order: row[11] === null ? null : purchaseOf(row[11] as string),
    staffId: row[12] as string | null,
  }),
};

export const ordersTable: Table<OrderRecord> = {
  name: 'orders',
  columns: [
    ['card_id', 'text'],
    ['order_id', 'text'],
    ['program_version', 'count'],
    ['payable', 'amount'],
    ['earned', 'amount'],
    ['earn_seq', 'count'],
    ['refunded_amount', 'amount'],
    ['money_back', 'amount'],
    ['clawed_back', 'amount'],
    ['clawed_expired', 'amount'],
    ['purchase', 'json'],
    ['redemptions', 'json'],
    ['refunded_quantities', 'json'],
  ],
  keys: 2,
  toRow: (record, cardId) => [
    cardId,
    record.orderId,
    record.programVersion,
    record.order.payable,
    record.earned === null ? null : record.earned,
    record.earnSeq,
    record.refundedAmount,
    record.moneyBack,
    record.clawedBack,
    record.clawedExpired,
    purchaseText(record.order),
    record.redemptions.length === 0 ? null : JSON.stringify(record.redemptions),
    hasAny(record.refundedQuantities) ? JSON.stringify(record.refundedQuantities) : null,
  ],
  fromRow: (row) => ({
    orderId: row[1] as string,
    programVersion: row[2] as number,
    order: purchaseOf(row[10] as string),
    earned: row[4] as number | null,
    earnSeq: row[5] as number | null,
    refundedAmount: row[6] as number,
    moneyBack: row[7] as number,
    clawedBack: row[8] as number,
    clawedExpired: row[9] as number,
    redemptions: row[11] === null ? [] : (JSON.parse(row[11] as string) as OrderRecord['redemptions']),
    refundedQuantities:
      row[12] === null ? {} : (JSON.parse(row[12] as string) as OrderRecord['refundedQuantities']),
  }),
};

// A purchase as [payable, shipping, tax, ...lines]; a line as [id, sku, quantity, net, earns].
type PurchaseText = [number, number, number, ...[string, string | null, number, number, 0 | 1][]];

function purchaseText({ payable, shipping, tax, lines }: PricedOrder): string {
  const compact: PurchaseText = [payable, shipping, tax];
  for (const { id, sku, quantity, net, earns } of lines)
    compact.push([id, sku, quantity, net, earns ? 1 : 0]);
  return JSON.stringify(compact);
}

function purchaseOf(text: string): PricedOrder {
  const [payable, shipping, tax, ...lines] = JSON.parse(text) as PurchaseText;
  return {
    payable,
    shipping,
    tax,
    lines: lines.map(
      ([id, sku, quantity, net, earns]): PricedLine => ({ id, sku, quantity, net, earns: earns === 1 }),
    ),
  };
}

export const receiptsTable: Table<Receipt> = {
  name: 'receipts',
  columns: [
    ['card_id', 'text'],
    ['key', 'text'],
    ['fingerprint', 'text'],
    ['first_seq', 'count'],
    ['entry_count', 'count'],
    ['outcome', 'json'],
  ],
  keys: 2,
  toRow: (receipt, cardId) => [
    cardId,
    receipt.key,
    receipt.fingerprint,
    receipt.firstSeq,
    receipt.entryCount,
    receipt.outcome,
  ],
  fromRow: (row) => ({
    key: row[1] as string,
    fingerprint: row[2] as string,
    firstSeq: row[3] as number,
    entryCount: row[4] as number,
    outcome: row[5] as string,
  }),
};
