import fc from 'fast-check';
import { expect, test } from 'vitest';
import { burnRanges, earlier, endOfKey, keyOfEnd, lotEnd } from './lot-end.ts';

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

test('the ranges that a store reads hold every lot that has not ended, and no lot that has', () => {
  fc.assert(
    fc.property(ends, fc.nat(1000), fc.option(fc.nat(1000), { nil: null }), (end, at, deadline) => {
      const key = keyOfEnd(end);
      const read = burnRanges({ deadline }, at).some(({ after, upTo }) => key > after && key <= upTo);
      if (end.expiresAt !== null) expect(read).toBe(end.expiresAt > at);
      else expect(read).toBe(true);
    }),
  );
});
