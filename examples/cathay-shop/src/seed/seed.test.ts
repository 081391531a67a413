import { join } from 'node:path';
import { scryptPins } from '@loyalty-engine/node';
import { expect, onTestFinished, test } from 'vitest';
import { passwordHasher } from '../accounts/password-hasher.ts';
import { migrateShop } from '../database/migrate.ts';
import { openSqlite } from '../database/open-sqlite.ts';
import { memberOf } from '../program.ts';
import { shopInTest, temporaryFolder } from '../server/shop-in-test.test-data.ts';
import { seed } from './seed.ts';

test('a new shop has products, people, staff, rewards and a past', { timeout: 30_000 }, async () => {
  const { database } = await shopInTest();
  const { loyalty } = database;
  const [products] = await database.all<{ count: number }>('SELECT count(*) AS count FROM products');
  expect(products?.count).toBe(500);
  expect(
    (await loyalty.locations.list('cathay')).locations.map(({ id, timeZone }) => [id, timeZone]),
  ).toEqual([
    ['bandra', 'Asia/Kolkata'],
    ['dubai', 'Asia/Dubai'],
  ]);
  expect((await loyalty.rewards.list('cathay-miles')).rewards).toHaveLength(4);
  expect(
    await loyalty.staff.checkPin({
      merchantId: 'cathay',
      staffId: 'asha',
      pin: '482913',
      terminalId: 'till-1',
    }),
  ).toMatchObject({ ok: true });

  const { entries } = await loyalty.statement(memberOf('priya'));
  expect(entries.map(({ kind, points, orderId }) => [kind, points, orderId])).toEqual([
    ['earn', 249, 'TILL-1001'],
    ['earn', 500, 'TILL-1004'],
    ['redeem', -200, 'TILL-1009'],
    ['earn', 109, 'TILL-1009'],
    ['earn', 325, 'TILL-1012'],
  ]);
  expect(await loyalty.balance(memberOf('priya'))).toMatchObject({ available: 983, held: 0, debt: 0 });
  expect((await loyalty.balance(memberOf('sachin'))).available).toBe(0);
  expect((await loyalty.verify()).problems).toEqual([]);
});

test('seeding again changes nothing, and what was changed since stays changed', {
  timeout: 30_000,
}, async () => {
  const { database } = await shopInTest();
  const { loyalty } = database;
  await loyalty.merchants.register({ id: 'cathay', name: 'Cathay Bazaar' });
  const program = await loyalty.programs.get('cathay-miles');
  const snapshot = async () => ({
    accounts: await database.all('SELECT * FROM accounts ORDER BY id'),
    products: await database.all('SELECT * FROM products ORDER BY id'),
    entries: await database.all('SELECT * FROM loyalty_entries ORDER BY card_id, seq'),
    changes: await database.all('SELECT * FROM loyalty_merchant_changes ORDER BY merchant_id, seq'),
    versions: (await loyalty.programs.versions('cathay-miles')).length,
  });
  const before = await snapshot();
  await seed(database, { demo: true, passwords: passwordHasher(), now: Date.now() + 86_400_000 });
  expect(await snapshot()).toEqual(before);
  expect(before.versions).toBe(1);
  expect(program?.version).toBe(1);
});

test('two processes that start at once seed once', { timeout: 30_000 }, async () => {
  const folder = temporaryFolder();
  const open = () =>
    openSqlite({ file: join(folder, 'shop.sqlite'), pins: scryptPins({ pepper: 'x'.repeat(32), cost: 10 }) });
  const [one, other] = [open(), open()];
  onTestFinished(async () => {
    await Promise.all([one.close(), other.close()]);
  });
  const passwords = passwordHasher();
  await Promise.all([migrateShop(one), migrateShop(other)]);
  await Promise.all([
    seed(one, { demo: true, passwords }),
    seed(other, { demo: true, passwords, now: 1e12 }),
  ]);
  expect(await one.all('SELECT id FROM accounts')).toHaveLength(4);
  expect(await one.all('SELECT id FROM products')).toHaveLength(500);
  expect((await one.loyalty.balance(memberOf('priya'))).lifetime).toMatchObject({
    earned: 1_183,
    redeemed: 200,
  });
});
