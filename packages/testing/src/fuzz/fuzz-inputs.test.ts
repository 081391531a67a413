import { createLoyalty } from '@loyalty-engine/core';
import { expect, test } from 'vitest';
import { manualClock } from '../manual-clock.ts';
import { memoryStore } from '../memory-store.ts';
import { fuzzInputs } from './fuzz-inputs.ts';

test('3,000 hostile inputs are outcomes or InvalidCommandErrors, and leave no trace', async () => {
  const clock = manualClock('2026-01-20T00:00:00Z');
  const result = await fuzzInputs(createLoyalty({ store: memoryStore(), clock }), { runs: 3_000 });
  expect(result.invalid).toBeGreaterThan(1_500);
  expect(result.accepted).toBeGreaterThan(50);
}, 60_000);
