import { createLoyalty, type Loyalty, unwrap } from '@loyalty-engine/core';
import knexOf, { type Knex } from 'knex';
import { inject, onTestFinished } from 'vitest';
import { openPostgresStore, type PostgresStore } from '../src/index.ts';
import { freshSchema } from './fresh-schema.ts';
import { member, program } from './program.ts';

/** An engine on a schema of the test's own, with the program published. */
export interface Shop {
  loyalty: Loyalty;
  store: PostgresStore;
  schema: string;
  /** The host's instance, which the store is on. */
  knex: Knex;
}

/** Opens a shop that is gone after the test. The host's Knex is a plain one unless one is given. */
export async function openShop(given: { knex?: Knex; poolMax?: number } = {}): Promise<Shop> {
  const fresh = freshSchema();
  const knex = given.knex ?? fresh.knex(given.poolMax);
  const store = openPostgresStore({ knex, schema: fresh.schema });
  await store.migrate();
  const loyalty = createLoyalty({ store });
  await loyalty.programs.publish(program);
  return { loyalty, store, knex, schema: fresh.schema };
}

/** A Knex instance on the server of the run with settings of the test's choice; gone after the test. */
export function hostKnex(settings: Knex.Config = {}): Knex {
  const knex = knexOf({
    client: 'pg',
    connection: inject('postgresUrl'),
    pool: { min: 0, max: 4 },
    // Tests look at what is thrown; Knex would print it as well.
    log: { warn() {}, error() {} },
    ...settings,
  });
  onTestFinished(() => knex.destroy());
  return knex;
}

/** Gives a member points that never end. */
export async function award(loyalty: Loyalty, points: number, to = member): Promise<void> {
  const source = { type: 'test', id: 'award' };
  unwrap(await loyalty.award({ ...to, points, source, reason: 'Test' }));
}
