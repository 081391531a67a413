import { expect, test } from 'vitest';
import { manualClock } from './manual-clock.ts';
import { sequentialIds } from './sequential-ids.ts';

test('the clock stands still until it is set or advanced, also backwards', () => {
  const clock = manualClock('2026-01-15T10:00:00Z');
  expect(clock.now()).toBe(Date.UTC(2026, 0, 15, 10));
  clock.advance({ days: 1, hours: 2, minutes: -10 });
  expect(clock.now()).toBe(Date.UTC(2026, 0, 16, 11, 50));
  clock.set(new Date(0));
  expect(clock.now()).toBe(0);
});

test('what is no instant is refused', () => {
  expect(() => manualClock('tomorrow')).toThrow('Not an instant: tomorrow');
  expect(() => manualClock(Number.NaN)).toThrow(TypeError);
});

test('sequential ids count and sort', () => {
  const ids = sequentialIds('card');
  expect([ids.next(), ids.next()]).toEqual(['card-000001', 'card-000002']);
});
