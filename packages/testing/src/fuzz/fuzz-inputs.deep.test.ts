import { createLoyalty } from '@loyalty-engine/core';
import { expect, test } from 'vitest';
import { manualClock } from '../manual-clock.ts';
import { memoryStore } from '../memory-store.ts';
import { fuzzInputs } from './fuzz-inputs.ts';

test('100,000 hostile inputs are outcomes or InvalidCommandErrors, and memory stays bounded', async () => {
  const clock = manualClock('2026-01-20T00:00:00Z');
  const result = await fuzzInputs(createLoyalty({ store: memoryStore(), clock }), { runs: 100_000 });
  expect(result.invalid).toBeGreaterThan(50_000);
  expect(process.memoryUsage().heapUsed).toBeLessThan(1_000_000_000);
});
