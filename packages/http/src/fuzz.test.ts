import { createLoyalty } from '@loyalty-engine/core';
import { manualClock, memoryStore, sequentialIds } from '@loyalty-engine/testing';
import { expect, test } from 'vitest';
import { cheapPins } from '../test/cheap-pins.ts';
import { fuzzRequests } from '../test/fuzz-requests.ts';
import { routes } from './routes/index.ts';

test('20,000 random requests are answered below 500 as the document says, and the books add up', async () => {
  const clock = manualClock('2026-01-15T10:00:00Z');
  const loyalty = createLoyalty({ store: memoryStore(), clock, ids: sequentialIds(), pins: cheapPins });
  const { statuses, done } = await fuzzRequests({ loyalty, clock, runs: 20_000 });
  const operations = Object.entries(routes).flatMap(([area, all]) =>
    Object.keys(all).map((name) => `${area}.${name}`),
  );
  // Chance leaves one or two out at times; more would say that the requests have come to lead nowhere.
  expect(operations.filter((operation) => !done.has(operation)).length).toBeLessThan(5);
  expect(statuses.get(200)).toBeGreaterThan(3_000);
  expect(statuses.get(400)).toBeGreaterThan(3_000);
}, 120_000);
