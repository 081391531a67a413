import { randomUUID } from 'node:crypto';
import { knex as createKnex, type Knex } from 'knex';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/** The name of a schema that is nobody else's. */
export interface FreshSchema {
  schema: string;
  /** The database that the schema is in. */
  url: string;
  /** Opens a pool on the database. Its search path is the ordinary one: the schema has to be named. */
  knex(poolMax?: number): Knex;
  /** Destroys the pools and drops the schema with all that is in it; once, however often it is called. */
  drop(): Promise<void>;
}

/** Makes up a schema for one test, which drops it when it is over; whoever uses it creates it. */
export function freshSchema(): FreshSchema {
  const made = newSchema();
  onTestFinished(made.drop);
  return made;
}

/** Makes up a schema that lasts until its `drop` is called. */
export function newSchema(): FreshSchema {
  const url = inject('postgresUrl');
  const schema = `loyalty_${randomUUID().replaceAll('-', '')}`;
  const pools: Knex[] = [];
  let dropped: Promise<void> | undefined;
  return {
    schema,
    url,
    knex: (poolMax = 4) => {
      const pool = createKnex({ client: 'pg', connection: url, pool: { min: 0, max: poolMax } });
      pools.push(pool);
      return pool;
    },
    drop: () => {
      dropped ??= dropSchema(url, schema, pools);
      return dropped;
    },
  };
}

async function dropSchema(url: string, schema: string, pools: Knex[]): Promise<void> {
  await Promise.all(pools.map((pool) => pool.destroy()));
  await adminOf(url).query(`DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(schema)} CASCADE`);
}

let admin: pg.Pool | undefined;

/** One connection for the drops of all tests in this worker. It neither waits for ever nor keeps the worker alive. */
function adminOf(url: string): pg.Pool {
  if (admin) return admin;
  // A test that leaves a transaction open should fail at its drop, and say why, instead of hanging.
  admin = new pg.Pool({ connectionString: url, max: 1, allowExitOnIdle: true, lock_timeout: 5_000 });
  // An idle connection that breaks is replaced for the next drop.
  admin.on('error', () => {});
  return admin;
}
