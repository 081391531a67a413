import { createLoyalty, type ExpiryRun } from '@loyalty-engine/core';
import { openPostgresStore } from './open-postgres-store.ts';

/** Sweeps with several engines at once, on a message, and answers with what each of them did. */
const [, , connectionString = '', schema = '', sweepers = ''] = process.argv;
const engines = Array.from({ length: Number(sweepers) }, () =>
  createLoyalty({ store: openPostgresStore({ connectionString, schema, pool: { max: 3 } }) }),
);

process.on('message', async () => {
  const runs: ExpiryRun[] = await Promise.all(engines.map((loyalty) => loyalty.jobs.expirePoints()));
  process.send?.(runs);
});
process.send?.('ready');
