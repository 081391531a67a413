import { createLoyalty, type LoyaltyOptions } from '@loyalty-engine/core';
import { openPostgresStore } from '@loyalty-engine/postgres';
import knexOf, { type Knex } from 'knex';
import type { Client } from 'pg';
import type { Queries, ShopDatabase } from './shop-database.ts';

/**
 * The shop on PostgreSQL: one pool of connections for the shop and the engine, whose tables are in a schema of their own.
 *
 * @example
 * const database = await openPostgres({ url: process.env.DATABASE_URL })
 */
export async function openPostgres({
  url,
  ...options
}: { url: string } & Omit<LoyaltyOptions, 'store'>): Promise<ShopDatabase> {
  const knex = knexOf({
    client: 'pg',
    connection: url,
    pool: { min: 0, max: 10, afterCreate: withoutCompiling },
    // Errors reach the log: the values of a statement, which may be anybody's, do not belong there.
    compileSqlOnError: false,
  });
  const store = openPostgresStore({ knex });
  await store.migrate();
  const loyalty = createLoyalty({ ...options, store });
  return {
    dialect: 'postgres',
    loyalty,
    ...queriesOn(knex),
    // An engine of its own for each: the commands of sales that are committed together settle together.
    transaction: (work) =>
      knex.transaction((trx) =>
        work({ ...queriesOn(trx), loyalty: createLoyalty({ ...options, store: store.using(trx) }) }),
      ),
    async close() {
      await loyalty.close();
      await knex.destroy();
    },
  };
}

/** To compile a search takes PostgreSQL longer than the search; its estimates for full text make it believe otherwise. */
function withoutCompiling(connection: Client, done: (error: Error | null, connection: Client) => void): void {
  connection.query('SET jit = off', (error) => done(error, connection));
}

function queriesOn(connection: Knex): Queries {
  return {
    async all(sql, values = []) {
      const { rows } = await connection.raw(sql, [...values]);
      return rows;
    },
    async run(sql, values = []) {
      const { rowCount } = await connection.raw(sql, [...values]);
      return rowCount ?? 0;
    },
  };
}
