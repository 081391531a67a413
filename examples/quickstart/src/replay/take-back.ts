import { fromMinor } from '@loyalty-engine/core';
import { badInputOf } from './bad-input.ts';
import { type MatchedReturn, matchReturn } from './match-return.ts';
import type { ShelvedOrder } from './order-shelf.ts';
import type { Replay } from './replay-orders.ts';

/** Refunds what a return matches, one refund for each order that it takes from. */
export async function takeBack(replay: Replay, order: ShelvedOrder): Promise<void> {
  const { mapping, shelf, leftOut } = replay;
  const { orderId, customerId } = order;
  const omit = (line: number, reason: string) =>
    leftOut.add({ line, why: 'unmatched-return', orderId, customerId, reason });
  const { matched, unmatched } = matchReturn(
    shelf,
    order,
    shelf.rowsOf(order),
    mapping.returns.withoutReference,
  );
  for (const { line, reason } of unmatched) omit(line, reason);
  await Promise.all(
    matched.map(async (match) => {
      const refusal = await refund(replay, order, match);
      if (refusal) for (const line of match.rows) omit(line, refusal);
    }),
  );
}

/** @returns why it was refused, or null. */
async function refund(
  { loyalty, mapping, tally }: Replay,
  order: ShelvedOrder,
  match: MatchedReturn,
): Promise<string | null> {
  const { program } = mapping;
  const what =
    match.amount === null ? { lines: match.lines } : { amount: fromMinor(match.amount, program.currency) };
  try {
    const outcome = await loyalty.refund({
      programId: program.id,
      customerId: order.customerId,
      orderId: match.orderId,
      ...what,
      reason: `Return ${order.orderId}`.slice(0, 500),
      idempotencyKey: `return:${match.rows[0]}:${order.n}:${match.orderId}`.slice(0, 200),
    });
    tally.count(outcome);
    if (!outcome.ok) return `the engine refuses it against order ${match.orderId}: ${outcome.message}`;
    tally.moneyBack += tally.minor(outcome.moneyBack);
    return null;
  } catch (error) {
    return `the engine refuses it against order ${match.orderId}: ${badInputOf(error)}`;
  }
}
