import { unwrap } from '@loyalty-engine/core';
import { expect, inject } from 'vitest';
import { ask, nextMessage, startWorker } from '../../testing/test/worker-process.ts';
import { openShop } from '../test/open-shop.ts';

/** How many redeem a balance that covers one. */
export const racers = 1000;
const processes = 2;

/**
 * Two processes redeem one balance a thousand times at the same moment, again and again: exactly one wins each round. Gives
 * the figures.
 */
export async function raceForBalance(rounds: number): Promise<string> {
  const { loyalty, schema } = await openShop();
  const customers = Array.from({ length: rounds }, (_, round) => `c${round}`);
  await Promise.all(
    customers.map(async (customerId) =>
      unwrap(await loyalty.earn({ programId: 'miles', customerId, order: { id: 'o1', total: '100' } })),
    ),
  );
  const script = new URL('redeem-race.worker.ts', import.meta.url);
  const workers = Array.from({ length: processes }, () =>
    startWorker(script, inject('postgresUrl'), schema, String(racers / processes)),
  );
  await Promise.all(workers.map((worker) => nextMessage(worker)));
  const startedAt = performance.now();
  for (const customerId of customers) {
    const answers = await Promise.all(workers.map((worker) => ask<string[]>(worker, customerId)));
    const lost = Array(racers - 1).fill('NOT_ENOUGH_POINTS');
    expect(answers.flat().sort()).toEqual([...lost, 'won']);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const verified = await loyalty.verify();
  expect(verified).toMatchObject({ ok: true, cards: rounds, entries: 2 * rounds, problems: [] });
  return `${rounds} rounds of ${racers} redeems on one balance from ${processes} processes: one won each, in ${seconds.toFixed(1)} s`;
}
