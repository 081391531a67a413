import { expect, test } from 'vitest';
import { memoryStore } from './memory-store.ts';
import { testLoyaltyStore } from './test-loyalty-store.ts';

await testLoyaltyStore('memory', () => ({ store: memoryStore() }));

test('there is no transaction to join', () => {
  expect(() => memoryStore().using({})).toThrow('no transactions');
});
