import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { expect, test } from 'vitest';
import { exampleProgram } from './given.ts';
import { memoryStore } from './memory-store.ts';
import { sequentialIds } from './sequential-ids.ts';
import { testLoyaltyStore } from './test-loyalty-store.ts';

await testLoyaltyStore('memory', () => ({ store: memoryStore() }));

test('there is no transaction to join', () => {
  expect(() => memoryStore().using({})).toThrow('no transactions');
});

test('a number that another card has refuses only the command that would make the card', async () => {
  const ids = { ...sequentialIds(), bytes: (count: number) => new Uint8Array(count) };
  const loyalty = createLoyalty({ store: memoryStore(), ids });
  await loyalty.programs.publish(exampleProgram);
  const sachin = { programId: 'test', customerId: 'sachin' };
  const rahul = { programId: 'test', customerId: 'rahul' };
  unwrap(await loyalty.cards.enroll(sachin));
  const answers = await Promise.allSettled([
    loyalty.cards.enroll(rahul),
    loyalty.earn({ ...sachin, order: { id: 'o1', total: '500' } }),
  ]);
  expect(answers).toMatchObject([
    { status: 'rejected', reason: { code: 'NAME_TAKEN' } },
    { status: 'fulfilled', value: { ok: true, points: 50 } },
  ]);
  expect((await loyalty.verify()).cards).toBe(1);
});
