import { setTimeout as sleep } from 'node:timers/promises';
import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { openPostgresStore } from '@loyalty-engine/postgres';
import { openSqliteStore } from '@loyalty-engine/sqlite';
import { exampleProgram } from '@loyalty-engine/testing';
import knexOf, { type Knex } from 'knex';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freshDatabase } from './check/postgres-server.ts';

// What docs/transactions.md says in words; its examples are run by docs.test.ts.

const member = (customerId: string) => ({ programId: exampleProgram.id, customerId });
const [sachin, rahul] = [member('sachin'), member('rahul')];
const earning = (id: string) => ({ ...sachin, order: { id, total: '500' } });

/** A shop whose members have 100 points each; its sessions have the given settings. */
async function shop(settings = '', knexSettings: Knex.Config = {}) {
  const { url, drop } = await freshDatabase();
  onTestFinished(drop);
  const open = (options: string, more: Knex.Config = {}) => {
    const connection = { connectionString: url, options };
    const log = { warn: () => {}, error: () => {} };
    const knex = knexOf({ client: 'pg', connection, pool: { min: 0, max: 4 }, log, ...more });
    onTestFinished(() => knex.destroy());
    return knex;
  };
  const knex = open(settings, knexSettings);
  const store = openPostgresStore({ knex });
  await store.migrate();
  const loyalty = createLoyalty({ store });
  await loyalty.programs.publish(exampleProgram);
  for (const one of [sachin, rahul]) {
    const source = { type: 'test', id: '1' };
    unwrap(await loyalty.award({ ...one, points: 100, source, reason: 'Test' }));
  }
  const available = async (one = sachin) => (await loyalty.balance(one)).available;
  return { knex, loyalty, available, open };
}

const isOpen = Symbol('open');

/** What a promise has come to after a while. */
function after(ms: number, promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise, sleep(ms).then(() => isOpen)]);
}

describe('the engine itself inside a transaction on PostgreSQL', () => {
  it('commits by itself on another card, and stays there when the transaction is rolled back', async () => {
    const { knex, loyalty, available } = await shop();
    const failed = knex.transaction(async (trx) => {
      await loyalty.using(trx).balance(rahul);
      unwrap(await loyalty.earn(earning('o1')));
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await available()).toBe(150);
  });

  it('waits without end for a card that the transaction has locked', async () => {
    const { knex, loyalty, open, available } = await shop();
    let pid = 0;
    const both = knex.transaction(async (trx) => {
      pid = (await trx.raw('SELECT pg_backend_pid() AS pid')).rows[0].pid;
      await loyalty.using(trx).balance(sachin);
      return loyalty.earn(earning('o1'));
    });
    both.catch(() => {});
    // Longer than PostgreSQL takes to find a deadlock.
    expect(await after(1300, both)).toBe(isOpen);
    await open('').raw('SELECT pg_terminate_backend(?)', [pid]);
    await expect(both).rejects.toThrow();
    expect(await available()).toBe(150);
  });

  it('gives up by a lock_timeout, and the transaction goes on', async () => {
    const { knex, loyalty, available } = await shop('-c lock_timeout=200');
    await knex.transaction(async (trx) => {
      unwrap(await loyalty.using(trx).redeem({ ...sachin, points: 10 }));
      await expect(loyalty.earn(earning('o1'))).rejects.toMatchObject({ code: 'STORE_BUSY' });
      unwrap(await loyalty.using(trx).redeem({ ...sachin, points: 10 }));
    });
    expect(await available()).toBe(80);
  });

  it('goes through where the server ends the idle transaction, which is rolled back', async () => {
    const { knex, loyalty, available } = await shop('-c idle_in_transaction_session_timeout=200');
    const failed = knex.transaction(async (trx) => {
      unwrap(await loyalty.using(trx).redeem({ ...sachin, points: 10 }));
      unwrap(await loyalty.earn(earning('o1')));
    });
    await expect(failed).rejects.toThrow();
    expect(await available()).toBe(150);
  });

  it('finds no connection in a pool of one', async () => {
    const { knex, loyalty } = await shop('', { pool: { min: 0, max: 1 }, acquireConnectionTimeout: 200 });
    const failed = knex.transaction(async () => loyalty.earn(earning('o1')));
    await expect(failed).rejects.toMatchObject({ code: 'STORE_BUSY' });
  });

  it('reads what was committed before', async () => {
    const { knex, loyalty, available } = await shop();
    await knex.transaction(async (trx) => {
      unwrap(await loyalty.using(trx).redeem({ ...sachin, points: 10 }));
      expect(await available()).toBe(100);
    });
    expect(await available()).toBe(90);
  });
});

it('the engine itself inside a transaction on SQLite is told to use the other one', async () => {
  const store = openSqliteStore({ file: ':memory:', busyTimeoutMs: 100 });
  const loyalty = createLoyalty({ store });
  onTestFinished(() => loyalty.close());
  await loyalty.programs.publish(exampleProgram);
  for (const inside of [
    () => loyalty.earn(earning('o1')),
    () => loyalty.balance(sachin),
    () => store.transaction(async () => {}),
  ]) {
    const failed = store.transaction(async () => {
      await inside();
    });
    await expect(failed).rejects.toMatchObject({
      code: 'STORE_BUSY',
      message: expect.stringContaining('loyalty.using(db)'),
    });
  }
});

it('two transactions that lock two cards in opposite order: one is told of the conflict', async () => {
  const { knex, loyalty, available } = await shop('-c deadlock_timeout=200');
  let locked = 0;
  const spend = (members: (typeof sachin)[]) =>
    knex.transaction(async (trx) => {
      for (const one of members) {
        unwrap(await loyalty.using(trx).redeem({ ...one, points: 10 }));
        locked += 1;
        while (locked < 2) await sleep(5);
      }
    });
  const settled = await Promise.allSettled([spend([sachin, rahul]), spend([rahul, sachin])]);
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(failures).toEqual([expect.objectContaining({ code: 'STORE_CONFLICT' })]);
  expect([await available(sachin), await available(rahul)]).toEqual([90, 90]);
});

it('a transaction that only reads gives readings and no commands', async () => {
  const { knex, loyalty } = await shop();
  const reading = knex.transaction((trx) => loyalty.using(trx).balance(sachin), { readOnly: true });
  expect(await reading).toMatchObject({ available: 100 });
  const writing = knex.transaction((trx) => loyalty.using(trx).earn(earning('o1')), { readOnly: true });
  await expect(writing).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
});

it('a batch waits for its locked card; the commands of the next one do not', async () => {
  const { knex, loyalty } = await shop();
  const holder = await knex.transaction();
  await loyalty.using(holder).balance(sachin);
  const locked = loyalty.earn(earning('o1'));
  const together = loyalty.earn({ ...rahul, order: { id: 'o1', total: '500' } });
  expect(await after(150, together)).toBe(isOpen);
  const later = loyalty.earn({ ...member('meera'), order: { id: 'o1', total: '500' } });
  expect(await after(2000, later)).toMatchObject({ ok: true });
  await holder.commit();
  expect([await locked, await together]).toMatchObject([{ ok: true }, { ok: true }]);
});
