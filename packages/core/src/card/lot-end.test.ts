import fc from 'fast-check';
import { expect, test } from 'vitest';
import { earlier, endOfKey, endRanges, keyOfEnd, lotEnd } from './lot-end.ts';

const dated = { expiresAt: 500, byInactivity: false };
const idle = { expiresAt: null, byInactivity: true };
const endless = { expiresAt: null, byInactivity: false };

test('a lot ends by its own date, or by the deadline of the card', () => {
  expect(lotEnd(dated, { deadline: 300 })).toBe(500);
  expect(lotEnd(idle, { deadline: 300 })).toBe(300);
  expect(lotEnd(idle, { deadline: null })).toBeNull();
  expect(lotEnd(endless, { deadline: 300 })).toBeNull();
});

test('the earlier of two ends is the one that comes', () => {
  expect([earlier(1, 2), earlier(2, 1), earlier(null, 2), earlier(1, null), earlier(null, null)]).toEqual([
    1,
    1,
    2,
    1,
    null,
  ]);
});

const ends = fc.oneof(
  fc.constant(idle),
  fc.constant(endless),
  fc
    .integer({ min: 0, max: Date.UTC(10_200, 0, 1) })
    .map((expiresAt) => ({ expiresAt, byInactivity: false })),
);

test('the key of an end leads back to it', () => {
  fc.assert(
    fc.property(ends, (end) => {
      expect(endOfKey(keyOfEnd(end))).toEqual(end);
    }),
  );
});

test('each range of keys holds the lots that it names, and no others', () => {
  const holds = (range: keyof typeof endRanges, key: number) =>
    key > endRanges[range].after && key <= endRanges[range].upTo;
  fc.assert(
    fc.property(ends, (end) => {
      const key = keyOfEnd(end);
      expect(holds('all', key)).toBe(true);
      expect(holds('byInactivity', key)).toBe(end.byInactivity);
      expect(holds('never', key)).toBe(!end.byInactivity && end.expiresAt === null);
    }),
  );
});

test('keys stand in burn order: dates, then inactivity, then never', () => {
  const keys = [dated, { expiresAt: Date.UTC(9999, 11, 31), byInactivity: false }, idle, endless].map(
    keyOfEnd,
  );
  expect(keys).toEqual([...keys].sort((a, b) => a - b));
});
