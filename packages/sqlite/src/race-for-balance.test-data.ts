import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { expect } from 'vitest';
import { openSqliteStore } from './open-sqlite-store.ts';
import { program, temporaryFile } from './temporary-file.test-data.ts';
import { nextMessage, startWorker } from './worker-process.test-data.ts';

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
  const workers = [startWorker('redeem-race.worker.ts', file), startWorker('redeem-race.worker.ts', file)];
  try {
    await Promise.all(workers.map((worker) => nextMessage(worker)));
    for (let round = 0; round < rounds; round += 1) {
      const answers = workers.map((worker) => nextMessage<string>(worker));
      for (const worker of workers) worker.send(`c${round}`);
      expect((await Promise.all(answers)).sort()).toEqual(['NOT_ENOUGH_POINTS', 'won']);
    }
  } finally {
    for (const worker of workers) worker.kill();
  }
  const verified = await loyalty.verify();
  expect(verified).toMatchObject({ ok: true, cards: rounds, entries: 2 * rounds, problems: [] });
  await loyalty.close();
}
