import { createLoyalty, unwrap } from '@loyalty-engine/core';
import type { Knex } from 'knex';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { freshSchema } from '../test/fresh-schema.ts';
import { hostKnex, program } from '../test/open-shop.ts';
import { startPgBouncer } from '../test/pgbouncer.ts';
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

/** 50 members at once who earn twice, spend in a transaction of the host's, and read; gives what did not come out right. */
async function fiftyMembers(knex: Knex, preparedStatements: boolean): Promise<unknown[]> {
  const { schema } = freshSchema();
  const store = openPostgresStore({ knex, schema, preparedStatements });
  expect(await store.migrate()).not.toEqual([]);
  const loyalty = createLoyalty({ store });
  await loyalty.programs.publish(program);
  await knex.schema.withSchema(schema).createTable('sales', (table) => table.text('id').primary());
  const visit = async (_: unknown, index: number) => {
    const member = { programId: 'miles', customerId: `c${index}` };
    await Promise.all(
      ['o1', 'o2'].map(async (id) => unwrap(await loyalty.earn({ ...member, order: { id, total: '50' } }))),
    );
    const { available } = await loyalty.balance(member);
    await knex.transaction(async (trx) => {
      await trx.withSchema(schema).table('sales').insert({ id: member.customerId });
      unwrap(await loyalty.using(trx).redeem({ ...member, points: 30 }));
    });
    unwrap(await loyalty.redeem({ ...member, points: 20 }));
    const { closing, entries } = await loyalty.statement(member);
    return [available, closing, entries.length];
  };
  const visits = await Promise.allSettled(Array.from({ length: 50 }, visit));
  expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 50, entries: 200 });
  expect(await knex.withSchema(schema).table('sales').count()).toEqual([{ count: '50' }]);
  const right = JSON.stringify({ status: 'fulfilled', value: [100, 50, 4] });
  return visits.filter((one) => JSON.stringify(one) !== right);
}

/** What a statement says on each of PgBouncer's connections to the server. */
async function onEachConnection(knex: Knex, sql: string): Promise<unknown[]> {
  const transactions = await Promise.all(Array.from({ length: serverConnections }, () => knex.transaction()));
  const answers = await Promise.all(transactions.map(async (trx) => (await trx.raw(sql)).rows[0]));
  await Promise.all(transactions.map((trx) => trx.rollback()));
  return answers;
}

describe('through PgBouncer in transaction pooling', () => {
  it('commands, transactions and readings of fifty members at once, without prepared statements', async ({
    skip,
  }) => {
    const knex = await throughPgBouncer();
    if (typeof knex === 'string') return skip(knex);
    expect(await fiftyMembers(knex, false)).toEqual([]);
    const prepared = "SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'loyalty%'";
    expect(await onEachConnection(knex, prepared)).toEqual([{ count: 0 }, { count: 0 }]);
    expect(await onEachConnection(knex, 'SHOW enable_seqscan')).toEqual([
      { enable_seqscan: 'on' },
      { enable_seqscan: 'on' },
    ]);
  });

  it('finds its way also where prepared statements are left on', async ({ skip }) => {
    const knex = await throughPgBouncer();
    if (typeof knex === 'string') return skip(knex);
    expect(await fiftyMembers(knex, true)).toEqual([]);
  });
});
