import type { OpenedStore } from '@loyalty-engine/testing';
import type { Knex } from 'knex';
import { afterAll } from 'vitest';
import { openPostgresStore } from '../src/open-postgres-store.ts';
import { type FreshSchema, newSchema } from './fresh-schema.ts';

/** A migrated schema with nothing in it, and two pools that are connected to it, more or less. */
interface EmptySchema {
  made: FreshSchema;
  pools: [Knex, Knex];
}

const free: EmptySchema[] = [];
const all: FreshSchema[] = [];

afterAll(async () => {
  for (const made of all.splice(0)) await made.drop();
});

/**
 * A store on a migrated schema that is empty and nobody else's, for the conformance suite. Making a schema takes longer
 * than most facts, so one that was removed is emptied and given to the next test of the file. Pools outlive the stores on
 * them, as a host's do.
 */
export async function openFresh(): Promise<OpenedStore> {
  const schema = free.pop() ?? (await migrated());
  const { made, pools } = schema;
  const open = (knex: Knex) => openPostgresStore({ knex, schema: made.schema });
  return {
    store: open(pools[0]),
    second: () => open(pools[1]),
    remove: async () => {
      await empty(schema);
      free.push(schema);
    },
  };
}

async function migrated(): Promise<EmptySchema> {
  const made = newSchema();
  all.push(made);
  const pools: EmptySchema['pools'] = [made.knex(), made.knex()];
  await openPostgresStore({ knex: pools[0], schema: made.schema }).migrate();
  return { made, pools };
}

/** Deletes rather than truncates: that would have the server plan every statement anew. */
async function empty({ made: { schema }, pools: [knex] }: EmptySchema): Promise<void> {
  const { rows } = await knex.raw('SELECT tablename FROM pg_tables WHERE schemaname = ?', [schema]);
  const names = (rows as { tablename: string }[]).map(({ tablename }) => tablename);
  // Rows of all others may point to cards and to merchants.
  const last = ['cards', 'merchants'];
  const first = names.filter((name) => !last.includes(name) && !name.startsWith('migrations'));
  const tables = [...first, ...last];
  await knex.raw(tables.map((table) => `DELETE FROM "${schema}"."${table}"`).join('; '));
}
