import { expect, it } from 'vitest';
import { gatheredWrites } from './gathered-writes.ts';

/** Writes that a test ends by hand, each answering its items doubled. */
function writesByHand() {
  const begun: { items: readonly number[]; end: () => void; fail: (error: Error) => void }[] = [];
  const write = gatheredWrites<number, number>(
    (items) =>
      new Promise((resolve, reject) => {
        begun.push({ items, end: () => resolve(items.map((item) => item * 2)), fail: reject });
      }),
  );
  return { begun, write };
}

it('writes the first at once, and together those who come meanwhile; each has its own answer', async () => {
  const { begun, write } = writesByHand();
  const all = [1, 2, 3].map(write);
  expect(begun.map(({ items }) => items)).toEqual([[1]]);
  begun[0]?.end();
  expect(await all[0]).toBe(2);
  await expect.poll(() => begun.length).toBe(2);
  expect(begun[1]?.items).toEqual([2, 3]);
  begun[1]?.end();
  expect(await Promise.all(all)).toEqual([2, 4, 6]);
});

it('a write that fails is told to those who were in it, and the next one is tried', async () => {
  const { begun, write } = writesByHand();
  const first = write(1);
  const second = write(2);
  begun[0]?.fail(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  await expect.poll(() => begun.length).toBe(2);
  begun[1]?.end();
  expect(await second).toBe(4);
});

it('writes at most 64 together', async () => {
  const { begun, write } = writesByHand();
  const all = Array.from({ length: 101 }, (_, number) => write(number));
  for (let index = 0; index < 3; index += 1) {
    await expect.poll(() => begun.length).toBe(index + 1);
    begun[index]?.end();
  }
  await Promise.all(all);
  expect(begun.map(({ items }) => items.length)).toEqual([1, 64, 36]);
});
