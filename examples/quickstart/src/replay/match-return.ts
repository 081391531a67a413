import type { Mapping } from './mapping.ts';
import type { OrderShelf, ShelvedOrder, ShelvedRow } from './order-shelf.ts';

/** What goes back of one earlier order: pieces of its lines, or an amount in minor units. */
export interface MatchedReturn {
  orderId: string;
  lines: { id: string; quantity: number }[];
  amount: number | null;
  /** The rows of the return that it came from. */
  rows: number[];
}

export interface ReturnMatch {
  matched: MatchedReturn[];
  unmatched: { line: number; reason: string }[];
}

/**
 * Sets the rows of a return against earlier orders of the same customer. A row that names an order takes only from that
 * one. A row that names none takes, where the mapping says so, from the latest order that still holds its SKU; if that
 * holds too few, the rest from the latest that holds any then, and so on. What is left over matches nothing. A price on
 * the row does not count: a piece goes back for what its order charged.
 */
export function matchReturn(
  shelf: OrderShelf,
  order: ShelvedOrder,
  rows: readonly ShelvedRow[],
  rule: Mapping['returns']['withoutReference'],
): ReturnMatch {
  const result: ReturnMatch = { matched: [], unmatched: [] };
  const byOrder = new Map<string, MatchedReturn>();
  for (const row of rows) {
    const reason =
      whyUnmatchable(shelf, order, row, rule) ??
      (row.quantity === null ? matchAmount(row, result) : matchPieces(shelf, order, row, byOrder));
    if (reason) result.unmatched.push({ line: row.line, reason });
  }
  result.matched.push(...byOrder.values());
  return result;
}

function whyUnmatchable(
  shelf: OrderShelf,
  order: ShelvedOrder,
  row: ShelvedRow,
  rule: Mapping['returns']['withoutReference'],
): string | null {
  const { returnsOrderId, sku, quantity } = row;
  if (returnsOrderId !== null && !shelf.isEarlierOrder(returnsOrderId, order)) {
    return `order ${returnsOrderId} is no earlier order of this customer`;
  }
  if (quantity === null) return returnsOrderId === null ? 'names no order' : null;
  if (sku === null) return 'names no sku';
  return returnsOrderId === null && rule === undefined ? 'names no order' : null;
}

function matchAmount(row: ShelvedRow, result: ReturnMatch): null {
  result.matched.push({ orderId: row.returnsOrderId ?? '', lines: [], amount: row.total, rows: [row.line] });
  return null;
}

function matchPieces(
  shelf: OrderShelf,
  order: ShelvedOrder,
  row: ShelvedRow,
  byOrder: Map<string, MatchedReturn>,
): string | null {
  const sku = row.sku ?? '';
  const quantity = row.quantity ?? 0;
  let left = quantity;
  while (left > 0) {
    const found = shelf.latestHolding(sku, order, row.returnsOrderId);
    if (!found) break;
    const pieces = Math.min(left, found.held);
    shelf.takeBack(found.line, pieces);
    left -= pieces;
    // A piece that cost nothing brings back neither money nor points.
    if (found.unitPrice === 0) continue;
    const { orderId } = found;
    const match = byOrder.get(orderId) ?? { orderId, lines: [], amount: null, rows: [] };
    byOrder.set(orderId, match);
    addPieces(match, String(found.line), pieces);
    if (!match.rows.includes(row.line)) match.rows.push(row.line);
  }
  if (left === 0) return null;
  const where =
    row.returnsOrderId === null
      ? 'no earlier order still holds'
      : `order ${row.returnsOrderId} does not hold`;
  return `${where} ${left === quantity ? '' : `${left} of the `}${quantity} × ${sku}`;
}

function addPieces(match: MatchedReturn, id: string, pieces: number): void {
  const line = match.lines.find((one) => one.id === id);
  if (line) line.quantity += pieces;
  else match.lines.push({ id, quantity: pieces });
}
