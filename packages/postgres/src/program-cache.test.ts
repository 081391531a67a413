import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { describe, expect, it } from 'vitest';
import { award, openShop } from '../test/open-shop.ts';
import { member, program } from '../test/program.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const order = (id: string) => ({ ...member, order: { id, total: '50' } });
const sevenfold = { ...program, points: { ...program.points, earn: { points: 7, perAmount: '1' } } };

/** A shop that has used its program, and a way to empty its tables behind its back, as a restored backup would. */
async function usedShop() {
  const shop = await openShop();
  await award(shop.loyalty, 1);
  const { knex, schema } = shop;
  const forget = async () => {
    const tables = ['members', 'names', 'entries', 'lots', 'orders', 'receipts', 'cards', 'programs'];
    for (const table of tables) await knex.raw(`DELETE FROM "${schema}"."${table}"`);
  };
  const other = createLoyalty({ store: openPostgresStore({ knex, schema }) });
  return { ...shop, forget, other };
}

describe('programs', () => {
  it('published by another process count from the next command on', async () => {
    const { loyalty, other } = await usedShop();
    await other.programs.publish({ ...sevenfold, effectiveFrom: '2021-01-01T00:00:00Z' });
    expect(unwrap(await loyalty.earn(order('o1'))).points).toBe(350);
  });

  it('that the database has lost are not used any more, and can be published again', async () => {
    const { loyalty, forget } = await usedShop();
    await forget();
    expect(await loyalty.earn(order('o1'))).toMatchObject({ ok: false, code: 'NO_ACTIVE_PROGRAM' });
    await loyalty.programs.publish(program);
    expect(await loyalty.programs.list()).toHaveLength(1);
    expect(unwrap(await loyalty.earn(order('o1'))).points).toBe(50);
  });

  it('that are others of the same number are used in place of those that were known', async () => {
    const { loyalty, forget, other } = await usedShop();
    await forget();
    await other.programs.publish(sevenfold);
    expect(unwrap(await loyalty.earn(order('o1'))).points).toBe(350);
  });

  it("published in a caller's transaction that is rolled back never were", async () => {
    const { loyalty, store, knex, forget } = await usedShop();
    await forget();
    const failed = knex.transaction(async (trx) => {
      const inside = createLoyalty({ store: store.using(trx) });
      await inside.programs.publish(program);
      unwrap(await inside.earn(order('o1')));
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await loyalty.earn(order('o1'))).toMatchObject({ ok: false, code: 'NO_ACTIVE_PROGRAM' });
  });
});
