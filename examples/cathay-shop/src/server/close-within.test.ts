import { expect, it } from 'vitest';
import { closeWithin } from './close-within.ts';

it('waits until it is closed, and no longer than it may', async () => {
  expect(await closeWithin(1_000, async () => {})).toBe(true);
  expect(await closeWithin(5, () => new Promise(() => {}))).toBe(false);
  await expect(closeWithin(5, () => Promise.reject(new Error('stuck')))).rejects.toThrow('stuck');
});
