import { expect, test } from 'vitest';
import { turnstile } from './turnstile.ts';

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

test('lets a few in at a time, in the order in which they came', async () => {
  const enter = turnstile({ width: 2, queue: 10 });
  const started: number[] = [];
  let inside = 0;
  let most = 0;
  const work = (number: number) => async () => {
    started.push(number);
    inside += 1;
    most = Math.max(most, inside);
    await tick();
    inside -= 1;
    return number;
  };
  const done = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => enter(work(number))));
  expect(done).toEqual([1, 2, 3, 4, 5, 6]);
  expect(started).toEqual([1, 2, 3, 4, 5, 6]);
  expect(most).toBe(2);
});

test('refuses what does not fit into the line, with a time to come again', async () => {
  const enter = turnstile({ width: 1, queue: 1 });
  const first = enter(tick);
  const second = enter(tick);
  await expect(enter(tick)).rejects.toMatchObject({
    status: 503,
    code: 'BUSY',
    facts: { retryAfterSeconds: 2 },
  });
  await Promise.all([first, second]);
  await expect(enter(async () => 'free again')).resolves.toBe('free again');
});

test('work that fails makes room too', async () => {
  const enter = turnstile({ width: 1, queue: 1 });
  const fail = async () => {
    throw new Error('broken');
  };
  await Promise.allSettled([enter(fail), enter(fail)]);
  await expect(enter(async () => 'next')).resolves.toBe('next');
});
