import { memoryStore } from './memory-store.ts';
import { testLoyaltyStore } from './test-loyalty-store.ts';

await testLoyaltyStore('memory', () => ({ store: memoryStore() }));
