import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { expect } from 'vitest';
import { ask, nextMessage, startWorker } from '../../testing/test/worker-process.ts';
import { openSqliteStore } from './open-sqlite-store.ts';
import { program, temporaryFile } from './temporary-file.test-data.ts';

/** Two processes redeem one balance at the same moment, again and again: exactly one wins each round. */
export async function raceForBalance(rounds: number): Promise<void> {
  const file = temporaryFile();
  const loyalty = createLoyalty({ store: openSqliteStore({ file }) });
  await loyalty.programs.publish(program);
  await Promise.all(
    Array.from({ length: rounds }, async (_, round) => {
      const member = { programId: 'miles', customerId: `c${round}` };
      unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: '100' } }));
    }),
  );
  const script = new URL('redeem-race.worker.ts', import.meta.url);
  const workers = [startWorker(script, file), startWorker(script, file)];
  await Promise.all(workers.map((worker) => nextMessage(worker)));
  for (let round = 0; round < rounds; round += 1) {
    const answers = await Promise.all(workers.map((worker) => ask<string>(worker, `c${round}`)));
    expect(answers.sort()).toEqual(['NOT_ENOUGH_POINTS', 'won']);
  }
  const verified = await loyalty.verify();
  expect(verified).toMatchObject({ ok: true, cards: rounds, entries: 2 * rounds, problems: [] });
  await loyalty.close();
}
