import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLoyalty, type LoyaltyStore } from '@loyalty-engine/core';
import { openPostgresStore } from '@loyalty-engine/postgres';
import { openSqliteStore } from '@loyalty-engine/sqlite';
import { manualClock, memoryStore, sequentialIds } from '@loyalty-engine/testing';
import knexOf from 'knex';
import { expect, inject, onTestFinished, test } from 'vitest';
import { cheapPins } from '../test/cheap-pins.ts';
import { fuzzRequests } from '../test/fuzz-requests.ts';

/** Sends requests to an API on a store; what is answered below 500 in all is the promise, and that much of it is done. */
async function fuzz(store: LoyaltyStore, runs: number): Promise<void> {
  const clock = manualClock('2026-01-15T10:00:00Z');
  const loyalty = createLoyalty({ store, clock, ids: sequentialIds(), pins: cheapPins });
  const { statuses } = await fuzzRequests({ loyalty, clock, runs });
  expect(statuses.get(200)).toBeGreaterThan(runs / 10);
}

// Each run begins with an empty store: one of the operations reads the whole ledger.
test.each(Array.from({ length: 10 }, (_, run) => run + 1))(
  '20,000 random requests in memory, run %i of 10, are answered below 500 as the document says',
  () => fuzz(memoryStore(), 20_000),
);

test('20,000 random requests on a SQLite file are answered below 500 as the document says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loyalty-'));
  const store = openSqliteStore({ file: join(folder, 'loyalty.sqlite') });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  await fuzz(store, 20_000);
});

test('20,000 random requests on PostgreSQL are answered below 500 as the document says', async () => {
  const schema = `loyalty_${randomUUID().replaceAll('-', '')}`;
  const knex = knexOf({ client: 'pg', connection: inject('postgresUrl'), pool: { min: 0, max: 4 } });
  onTestFinished(async () => {
    await knex.raw(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await knex.destroy();
  });
  const store = openPostgresStore({ knex, schema });
  await store.migrate();
  await fuzz(store, 20_000);
});
