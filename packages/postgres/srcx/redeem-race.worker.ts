import { createLoyalty } from '@loyalty-engine/core';
import { openPostgresStore } from './open-postgres-store.ts';

/** Redeems all of a customer's points many times at once on each message, and answers what became of each. */
const [, , connectionString = '', schema = '', redeems = ''] = process.argv;
// More engines than one, so that a process does not put its own commands in a line.
const engines = Array.from({ length: 4 }, () =>
  createLoyalty({ store: openPostgresStore({ connectionString, schema, pool: { max: 2 } }) }),
);

process.on('message', async (customerId: string) => {
  const answers = Array.from({ length: Number(redeems) }, async (_, index) => {
    const loyalty = engines[index % engines.length] as (typeof engines)[number];
    const outcome = await loyalty.redeem({ programId: 'miles', customerId, points: 100 });
    return outcome.ok ? 'won' : outcome.code;
  });
  process.send?.(await Promise.all(answers));
});
process.send?.('ready');
