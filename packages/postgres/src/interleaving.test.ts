import { setTimeout as sleep } from 'node:timers/promises';
import { type LoyaltyCommands, unwrap } from '@loyalty-engine/core';
import type { Knex } from 'knex';
import { describe, expect, it } from 'vitest';
import { award, openShop } from '../test/open-shop.ts';
import { member } from '../test/program.ts';

/** A shop with a table of the host's in which there is a row 1 already. */
async function shopWithSales(poolMax: number) {
  const shop = await openShop({ poolMax });
  const { knex, schema, loyalty } = shop;
  await award(loyalty, 100);
  await knex.schema.withSchema(schema).createTable('sales', (table) => table.integer('id').primary());
  const sales = (on: Knex = knex) => on.withSchema(schema).table('sales');
  await sales().insert({ id: 1 });
  const spend = (on: LoyaltyCommands, points = 1) =>
    on.redeem({ ...member, points, idempotencyKey: `${Math.random()}` });
  const available = async () => (await loyalty.balance(member)).available;
  return { ...shop, sales, spend, available };
}

const rounds = 10;

describe("commands that run beside the caller's own statements", () => {
  it('are rolled back with a nested transaction, also those that still waited for their turn', async () => {
    const { knex, loyalty, sales, spend, available } = await shopWithSales(2);
    for (let round = 0; round < rounds; round += 1) {
      await knex.transaction(async (outer) => {
        const nested = outer.transaction(async (inner) => {
          const inside = loyalty.using(inner);
          const commands = [spend(inside), spend(inside), spend(inside)];
          for (const command of commands) command.catch(() => {});
          await Promise.all([...commands, sales(inner).insert({ id: 1 })]);
        });
        await expect(nested).rejects.toMatchObject({ code: '23505' });
        await sleep(5);
        await sales(outer).insert({ id: 100 + round });
      });
    }
    expect(await available()).toBe(100);
    expect(await sales().count('id as count').first()).toMatchObject({ count: String(1 + rounds) });
    expect((await loyalty.verify()).problems).toEqual([]);
  });

  it('never reach the transaction of whoever gets the connection next', async () => {
    const { knex, loyalty, sales, spend, available } = await shopWithSales(1);
    const stray: Promise<unknown>[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const failed = knex.transaction(async (trx) => {
        const inside = loyalty.using(trx);
        for (let count = 0; count < 3; count += 1) stray.push(spend(inside).catch(({ code }) => code));
        await sales(trx).insert({ id: 1 });
      });
      await expect(failed).rejects.toMatchObject({ code: '23505' });
      await knex.transaction(async (trx) => {
        await sales(trx).insert({ id: 100 + round });
        await sleep(2);
        await sales(trx).insert({ id: 200 + round });
      });
    }
    await Promise.all(stray);
    expect(await available()).toBe(100);
    expect(await sales().count('id as count').first()).toMatchObject({ count: String(1 + 2 * rounds) });
  });

  it('undo nothing of what the caller was told had succeeded, when the database refuses their rows', async () => {
    const { knex, schema, loyalty, sales, spend, available } = await shopWithSales(2);
    await knex.raw(`ALTER TABLE "${schema}".entries ADD CONSTRAINT unlucky CHECK (points <> -13)`);
    let told = 0;
    for (let round = 0; round < rounds; round += 1) {
      await knex.transaction(async (trx) => {
        const [command, insert] = await Promise.allSettled([
          spend(loyalty.using(trx), 13),
          sales(trx).insert({ id: 100 + round }),
        ]);
        expect(command).toMatchObject({ status: 'rejected', reason: { code: 'STORE_CONSTRAINT' } });
        if (insert.status === 'fulfilled') told += 1;
      });
    }
    const { count } = (await sales().count('id as count').first()) as { count: string };
    expect(Number(count)).toBe(1 + told);
    expect(await available()).toBe(100);
  });
});

describe('a transaction in which nothing can be written', () => {
  it('is read from without locks', async () => {
    const { knex, loyalty, spend } = await shopWithSales(2);
    await knex.transaction(
      async (trx) => {
        const inside = loyalty.using(trx);
        expect((await inside.balance(member)).available).toBe(100);
        expect((await inside.statement(member)).entries).toHaveLength(1);
        unwrap(await spend(loyalty, 40));
        expect((await inside.balance(member)).available).toBe(100);
        await expect(spend(inside)).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
      },
      { readOnly: true, isolationLevel: 'repeatable read' },
    );
    expect((await loyalty.balance(member)).available).toBe(60);
  });
});
