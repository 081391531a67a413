import { setTimeout as sleep } from 'node:timers/promises';
import { LoyaltyError } from '@loyalty-engine/core';
import type { Knex } from 'knex';
import { type SchemaStep, schemaSteps } from './migrations.ts';
import { quoteIdentifier } from './statement.ts';
import { stateOf } from './store-errors.ts';

/**
 * Brings a schema up to date and gives the names of the migrations that it ran. Processes that start together wait for
 * one another at the gate, in a transaction: one that dies leaves nothing locked and nothing half made.
 */
export async function migrate(hosts: Knex, schema: string): Promise<string[]> {
  const knex = withoutMappers(hosts);
  // A user that may only work with the tables can start with them up to date.
  if ((await pendingIn(knex, schema)).length === 0) return [];
  await createGate(knex, schema);
  return knex.transaction(async (trx) => {
    await trx.raw(`LOCK TABLE ${gate(schema)} IN ACCESS EXCLUSIVE MODE`);
    const pending = await pendingIn(trx, schema);
    if (pending.length > 0) {
      // Knex reads dots, brackets and question marks in a schema's name as its own.
      await trx.raw("SELECT set_config('search_path', ?, true)", [quoteIdentifier(schema)]);
      await trx.migrate.latest({
        migrationSource: migrationSource(quoteIdentifier(schema)),
        tableName: 'migrations',
        // One transaction around all of it: this one.
        disableTransactions: true,
      });
    }
    return pending;
  });
}

/**
 * The host's pool without the host's mappers, which a migration would turn off for good, and without what it has set for
 * migrations of its own.
 */
function withoutMappers(hosts: Knex): Knex {
  const knex = hosts.withUserParams({});
  const nothing = { wrapIdentifier: undefined, postProcessResponse: undefined, migrations: undefined };
  Object.assign(knex.client.config, nothing);
  return knex;
}

/**
 * The names of migrations that have not run yet, in order. Changes nothing.
 *
 * @throws LoyaltyError STORE_NEWER when a later version of this package has migrated the schema.
 */
export async function pendingMigrations(hosts: Knex, schema: string): Promise<string[]> {
  return pendingIn(withoutMappers(hosts), schema);
}

async function pendingIn(knex: Knex, schema: string): Promise<string[]> {
  const applied = await appliedMigrations(knex, schema);
  const unknown = applied.find((name) => !schemaSteps.some((step) => step.name === name));
  if (unknown !== undefined) {
    throw new LoyaltyError(
      'STORE_NEWER',
      `The schema ${schema} was migrated by a newer @loyalty-engine/postgres (migration ${unknown}): update the package`,
    );
  }
  return schemaSteps.map(({ name }) => name).filter((name) => !applied.includes(name));
}

async function appliedMigrations(knex: Knex, schema: string): Promise<string[]> {
  const table = `${quoteIdentifier(schema)}.migrations`;
  const there = await knex.raw('SELECT 1 WHERE to_regclass(?) IS NOT NULL', [table]);
  if (there.rows.length === 0) return [];
  const applied = await knex.raw(`SELECT name FROM ${forKnex(table)} ORDER BY id`);
  return (applied.rows as { name: string }[]).map(({ name }) => name);
}

function gate(schema: string): string {
  return forKnex(`${quoteIdentifier(schema)}.migrations_gate`);
}

/** SQL in which a question mark is one, and no place for a value. */
function forKnex(sql: string): string {
  return sql.replaceAll('?', '\\?');
}

const attempts = 50;

/** The schema and the gate. Even with IF NOT EXISTS, two processes that create the same thing at once can collide. */
async function createGate(knex: Knex, schema: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Where the schema is there, the user need not have the right to create one.
      const there = await knex.raw('SELECT 1 FROM pg_namespace WHERE nspname = ?', [schema]);
      if (there.rows.length === 0)
        await knex.raw(`CREATE SCHEMA IF NOT EXISTS ${forKnex(quoteIdentifier(schema))}`);
      await knex.raw(`CREATE TABLE IF NOT EXISTS ${gate(schema)} ()`);
      return;
    } catch (error) {
      const collided = ['23505', '42P06', '42P07', '42710', 'XX000'].includes(stateOf(error));
      if (!collided || attempt === attempts) throw error;
      await sleep(5 + Math.random() * 20);
    }
  }
}

function migrationSource(schema: string): Knex.MigrationSource<SchemaStep> {
  return {
    getMigrations: async () => [...schemaSteps],
    getMigrationName: ({ name }) => name,
    getMigration: async ({ sql }) => ({
      up: (knex) => knex.raw(forKnex(sql(schema))),
      down: async () => {
        throw new LoyaltyError('NO_WAY_BACK', 'Migrations of the loyalty tables are not undone');
      },
    }),
  };
}
