import { test } from 'vitest';
import { memoryStore } from '../memory-store.ts';
import { compareWithMemory } from './compare-with-memory.ts';

test('10,000 random sequences keep every invariant, one by one and in batches', async () => {
  await compareWithMemory(() => ({ store: memoryStore() }), { runs: 10_000 });
});
