import { createLoyalty, unwrap } from '@loyalty-engine/core';
import type { Knex } from 'knex';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { freshSchema } from '../test/fresh-schema.ts';
import { hostKnex } from '../test/open-shop.ts';
import { startPgBouncer } from '../test/pgbouncer.ts';
import { program } from '../test/program.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const serverConnections = 2;

/** A host's Knex through a PgBouncer that gives every transaction any of two connections; or why there is none. */
async function throughPgBouncer(): Promise<Knex | string> {
  const bouncer = await startPgBouncer(inject('postgresUrl'), {
    poolMode: 'transaction',
    poolSize: serverConnections,
  });
  if ('missing' in bouncer) {
    if (process.env.CI) throw new Error(bouncer.missing);
    return bouncer.missing;
  }
  onTestFinished(bouncer.stop);
  return hostKnex({ connection: bouncer.url, pool: { min: 0, max: 20 } });
}

/** Fifty members whose visits come out as this. */
const rightVisit = { status: 'fulfilled', value: { before: 100, after: 50, entries: 4 } };

/** A shop that members visit fifty at a time: they earn twice, spend in a transaction of the host's, and read. */
async function shopOn(knex: Knex, preparedStatements: boolean) {
  const { schema } = freshSchema();
  const store = openPostgresStore({ knex, schema, preparedStatements });
  expect(await store.migrate()).not.toEqual([]);
  const loyalty = createLoyalty({ store });
  await loyalty.programs.publish(program);
  await knex.schema.withSchema(schema).createTable('sales', (table) => table.text('id').primary());
  const visit = async (customerId: string) => {
    const member = { programId: 'miles', customerId };
    await Promise.all(
      ['o1', 'o2'].map(async (id) => unwrap(await loyalty.earn({ ...member, order: { id, total: '50' } }))),
    );
    const { available } = await loyalty.balance(member);
    await knex.transaction(async (trx) => {
      await trx.withSchema(schema).table('sales').insert({ id: customerId });
      unwrap(await loyalty.using(trx).redeem({ ...member, points: 30 }));
    });
    unwrap(await loyalty.redeem({ ...member, points: 20 }));
    const { closing, entries } = await loyalty.statement(member);
    return { before: available, after: closing, entries: entries.length };
  };
  return {
    loyalty,
    visits: (name: string) =>
      Promise.allSettled(Array.from({ length: 50 }, (_, index) => visit(`${name}${index}`))),
    sales: () => knex.withSchema(schema).table('sales').count(),
  };
}

/** What a statement says on each of PgBouncer's connections to the server. */
async function onEachConnection(knex: Knex, sql: string): Promise<unknown[]> {
  const transactions = await Promise.all(Array.from({ length: serverConnections }, () => knex.transaction()));
  const answers = await Promise.all(transactions.map(async (trx) => (await trx.raw(sql)).rows[0]));
  await Promise.all(transactions.map((trx) => trx.rollback()));
  return answers;
}

const countPrepared = "SELECT count(*)::int AS count FROM pg_prepared_statements WHERE name LIKE 'loyalty%'";

describe('through PgBouncer in transaction pooling', () => {
  it('fifty members at once are served without prepared statements, and the connections stay as they were', async ({
    skip,
  }) => {
    const knex = await throughPgBouncer();
    if (typeof knex === 'string') return skip(knex);
    const { loyalty, visits, sales } = await shopOn(knex, false);
    expect(await visits('a')).toEqual(Array(50).fill(rightVisit));
    expect(await sales()).toEqual([{ count: '50' }]);
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 50, entries: 200 });
    expect(await onEachConnection(knex, countPrepared)).toEqual([{ count: 0 }, { count: 0 }]);
    const settings = { enable_seqscan: 'on' };
    expect(await onEachConnection(knex, 'SHOW enable_seqscan')).toEqual([settings, settings]);
  });

  it('they are served as well where prepared statements were left on, also by connections that know none', async ({
    skip,
  }) => {
    const knex = await throughPgBouncer();
    if (typeof knex === 'string') return skip(knex);
    const { loyalty, visits, sales } = await shopOn(knex, true);
    expect(await visits('a')).toEqual(Array(50).fill(rightVisit));
    await loseConnections(knex);
    expect(await visits('b')).toEqual(Array(50).fill(rightVisit));
    expect(await sales()).toEqual([{ count: '100' }]);
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 100, entries: 400 });
  });
});

/** Ends PgBouncer's connections to the server between two transactions; its clients keep theirs. */
async function loseConnections(knex: Knex): Promise<void> {
  const prepared = await onEachConnection(knex, `SELECT (${countPrepared}), pg_backend_pid() AS pid`);
  const server = hostKnex();
  for (const { count, pid } of prepared as { count: number; pid: number }[]) {
    expect(count).toBeGreaterThan(0);
    await server.raw('SELECT pg_terminate_backend(?, 5000)', [pid]);
  }
}
