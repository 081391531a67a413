import type { OpenedStore } from '@loyalty-engine/testing';
import { openPostgresStore } from '../src/open-postgres-store.ts';
import { freshSchema } from './fresh-schema.ts';

/** A migrated store in a schema of its own, for the conformance suite. */
export async function openFresh(): Promise<OpenedStore> {
  const { schema, url, drop } = freshSchema();
  const open = () => openPostgresStore({ connectionString: url, schema, pool: { max: 4 } });
  const store = open();
  await store.migrate();
  return { store, second: open, remove: drop };
}
