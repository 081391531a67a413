import type { Loyalty, Outcome } from '@loyalty-engine/core';
import { expect } from 'vitest';

/** So many that a batch is always on its way and others wait. */
export const callers = 600;

/** So few that commands on one card meet in one batch. */
const cards = 40;

const memberOf = (series: string, card: number) => ({ programId: 'miles', customerId: `${series}-${card}` });

/** The command with a number, the same whenever it is sent. Its entry names it as who did it. */
export function commandNumbered(loyalty: Loyalty, series: string, number: number): Promise<Outcome<object>> {
  const actor = String(number);
  const command = { ...memberOf(series, number % cards), actor, idempotencyKey: `command-${number}` };
  switch (number % 3) {
    case 0:
      return loyalty.earn({ ...command, order: { id: `o${number}`, total: '5' } });
    case 1:
      return loyalty.adjust({ ...command, points: 3, reasonCode: 'gift' });
    default:
      return loyalty.redeem({ ...command, points: 7 });
  }
}

/** True for an outcome that acknowledges; false where the points did not suffice, which can be otherwise later. */
export function isAcknowledged(outcome: Outcome<object>): boolean {
  if (!outcome.ok && outcome.code !== 'NOT_ENOUGH_POINTS') throw new Error(JSON.stringify(outcome));
  return outcome.ok;
}

/** Proves that a series is written as it was acknowledged: every command once, no entry of no command, clean books. */
export async function expectEachOnce(
  loyalty: Loyalty,
  series: string,
  acknowledged: Iterable<number>,
): Promise<void> {
  const written: number[] = [];
  for (let card = 0; card < cards; card += 1) {
    const member = memberOf(series, card);
    expect((await loyalty.verify(member)).problems).toEqual([]);
    let cursor: string | null | undefined;
    do {
      const query = { limit: 1000, ...(typeof cursor === 'string' ? { cursor } : {}) };
      const page = await loyalty.statement(member, query);
      for (const { actor } of page.entries) written.push(Number(actor));
      cursor = page.nextCursor;
    } while (cursor !== null);
  }
  expect(written.sort((a, b) => a - b)).toEqual([...acknowledged].sort((a, b) => a - b));
}
