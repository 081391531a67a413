export { manualClock } from './manual-clock.ts';
export { memoryStore } from './memory-store.ts';
export type { OpenedStore, OpenStore } from './open-store.ts';
export { compareWithMemory } from './random/compare-with-memory.ts';
export { sequentialIds } from './sequential-ids.ts';
export { testLoyaltyStore } from './test-loyalty-store.ts';
