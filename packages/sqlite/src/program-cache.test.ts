import { createLoyalty, type LoyaltyStore, unwrap } from '@loyalty-engine/core';
import { expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from './open-sqlite-store.ts';
import { member, program, temporaryFile } from './temporary-file.test-data.ts';

async function openTwo() {
  const file = temporaryFile();
  const stores = [openSqliteStore({ file }), openSqliteStore({ file })] as const;
  const [first, second] = stores.map((store) => createLoyalty({ store }));
  if (!first || !second) throw new Error('Two engines were opened');
  onTestFinished(async () => {
    await first.close();
    await second.close();
  });
  await first.programs.publish(program);
  unwrap(await first.earn({ ...member, order: { id: 'o1', total: '10' } }));
  return { stores, first, second };
}

async function merchantSeenBy(store: LoyaltyStore) {
  const never = () => ({ cardId: 'never', number: '', qrToken: '' });
  const state = await store.load({ card: member, newCard: never, keys: [], at: 0, now: 0 });
  return state?.merchant;
}

it("a merchant's settings are seen by commands as soon as another connection has changed them", async () => {
  const { stores, first, second } = await openTwo();
  expect(await merchantSeenBy(stores[0])).toBeNull();
  await second.merchants.register({ id: 'cathay', name: 'Cathay' });
  expect((await merchantSeenBy(stores[0]))?.merchant.settings.allowVoid).toBe(true);
  await second.merchants.configure({
    merchantId: 'cathay',
    settings: { allowVoid: false },
    actor: 'admin',
  });
  expect((await merchantSeenBy(stores[0]))?.merchant.settings.allowVoid).toBe(false);
  await first.locations.register({
    merchantId: 'cathay',
    id: 'mall',
    name: 'Mall',
    timeZone: 'Asia/Kolkata',
  });
  for (const store of stores)
    expect([...((await merchantSeenBy(store))?.locations.keys() ?? [])]).toEqual(['mall']);
});

it('an unchanged merchant stays the same object, whatever else is written', async () => {
  const { stores, first, second } = await openTwo();
  await first.merchants.register({ id: 'cathay', name: 'Cathay' });
  const before = await merchantSeenBy(stores[0]);
  unwrap(await second.earn({ ...member, order: { id: 'o2', total: '10' } }));
  await second.merchants.register({ id: 'other', name: 'Another one' });
  expect(await merchantSeenBy(stores[0])).toBe(before);
});
