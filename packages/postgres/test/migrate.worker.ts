import { openPostgresStore } from '../src/index.ts';

/** Connects, waits for a message, migrates, and answers with the migrations that it ran. */
const [, , connectionString = '', schema = ''] = process.argv;
const store = openPostgresStore({ connectionString, schema, pool: { max: 1 } });
await store.pendingMigrations();
process.once('message', async () => {
  process.send?.(await store.migrate());
  await store.close();
  process.disconnect();
});
process.send?.('ready');
