import { fromMinor, type OrderInput } from '@loyalty-engine/core';
import { badInputOf } from './bad-input.ts';
import type { ShelvedOrder, ShelvedRow } from './order-shelf.ts';
import type { Replay } from './replay-orders.ts';

/** More than any card has: with `clamp` it asks for all that the program allows. */
const allPoints = 1_000_000_000_000;

/** Spends what the program allows and earns on the rest: two commands, given in one breath so that both are of one time. */
export async function sell(replay: Replay, shelved: ShelvedOrder): Promise<void> {
  const { loyalty, mapping, shelf, leftOut, tally } = replay;
  const { orderId, customerId } = shelved;
  const rows = shelf.rowsOf(shelved);
  const omit = (reason: string) => {
    for (const { line } of rows) leftOut.add({ line, why: 'broken', orderId, customerId, reason });
  };
  const order = orderOf(shelved, rows, mapping.program.currency);
  if (typeof order === 'string') return omit(order);
  const member = { programId: mapping.program.id, customerId };
  try {
    const [spent, earned] = await Promise.all([
      loyalty.redeem({ ...member, order, points: allPoints, clamp: true }),
      loyalty.earn({ ...member, order }),
    ]);
    tally.count(spent);
    tally.count(earned);
    if (spent.ok) tally.paidWithPoints += tally.minor(spent.value);
    if (earned.ok) tally.ordered += rows.reduce((sum, row) => sum + worthOf(row), 0);
    else omit(`the engine refuses the order: ${earned.message}`);
  } catch (error) {
    omit(`the engine refuses the order: ${badInputOf(error)}`);
  }
}

/** The order as the engine takes it; text says why it is none. */
function orderOf(
  { orderId, byTotal }: ShelvedOrder,
  rows: readonly ShelvedRow[],
  currency: string,
): OrderInput | string {
  const [first] = rows;
  if (byTotal) return { id: orderId, total: fromMinor(first?.total ?? 0, currency) };
  const sum = rows.reduce((whole, row) => whole + worthOf(row), 0);
  const other = rows.find(({ total }) => total !== null && total !== sum);
  if (other) {
    const [says, is] = [other.total ?? 0, sum].map((minor) => fromMinor(minor, currency));
    return `the lines of order ${orderId} add up to ${is}, line ${other.line} gives a total of ${says}`;
  }
  return {
    id: orderId,
    lines: rows.map(({ line, sku, category, quantity, unitPrice }) => ({
      id: String(line),
      ...(sku === null ? {} : { sku }),
      ...(category === null ? {} : { category }),
      quantity: quantity ?? 1,
      unitPrice: fromMinor(unitPrice ?? 0, currency),
    })),
  };
}

function worthOf({ quantity, unitPrice, total }: ShelvedRow): number {
  return quantity === null ? (total ?? 0) : quantity * (unitPrice ?? 0);
}
