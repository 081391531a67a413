import { expect, test } from 'vitest';
import { sequentialIds } from './sequential-ids.ts';

test('bytes are the same in every run, new on each call, and others for another prefix', () => {
  const [first, again, other] = [sequentialIds(), sequentialIds(), sequentialIds('card')];
  const bytes = first.bytes(24);
  expect(again.bytes(24)).toEqual(bytes);
  expect(first.bytes(24)).not.toEqual(bytes);
  expect(other.bytes(24)).not.toEqual(bytes);
});

test('bytes are spread evenly enough to make card numbers of', () => {
  const counts = new Array<number>(256).fill(0);
  for (const byte of sequentialIds().bytes(256_000)) counts[byte] = (counts[byte] ?? 0) + 1;
  expect(Math.min(...counts)).toBeGreaterThan(800);
  expect(Math.max(...counts)).toBeLessThan(1200);
});
