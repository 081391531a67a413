import { type CardState, LoyaltyError, newCardState, type Touch } from '@loyalty-engine/core';
import { expect, test } from 'vitest';
import { gatheredLoads } from './gathered-loads.ts';

const touchOf = (cardId: string): Touch => ({
  card: { cardId },
  newCard: () => ({ cardId: '', number: '', qrToken: '' }),
  keys: [],
  at: 0,
  now: 0,
});
const stateOf = ({ card }: Touch): CardState =>
  newCardState({ cardId: card.cardId ?? '', programId: 'p', customerId: 'c' });

/** A loader whose readings end when they are told to. */
function heldLoads() {
  const batches: { touches: readonly Touch[]; end(error?: unknown): void }[] = [];
  const load = gatheredLoads(
    (touches) =>
      new Promise((resolve, reject) => {
        const end = (error?: unknown) =>
          error === undefined ? resolve(touches.map(stateOf)) : reject(error);
        batches.push({ touches, end });
      }),
  );
  const sizes = () => batches.map(({ touches }) => touches.length);
  return { batches, load, sizes };
}

test('one who is alone is read at once; those who come meanwhile are read together, and each gets their own card', async () => {
  const { batches, load, sizes } = heldLoads();
  const names = ['a', 'b', 'c', 'd', 'e'];
  const loads = names.map((name) => load(touchOf(name)));
  expect(sizes()).toEqual([1, 1]);
  batches[0]?.end();
  await loads[0];
  await Promise.resolve();
  expect(sizes()).toEqual([1, 1, 3]);
  batches[1]?.end();
  batches[2]?.end();
  const states = await Promise.all(loads);
  expect(states.map((state) => state?.card.cardId)).toEqual(names);
});

test('no reading is of more than 64 cards', async () => {
  const { batches, load, sizes } = heldLoads();
  const loads = Array.from({ length: 132 }, (_, index) => load(touchOf(`card ${index}`)));
  for (let next = 0; next < 5; next += 1) {
    batches[next]?.end();
    await new Promise(setImmediate);
  }
  await Promise.all(loads);
  expect(sizes().toSorted((a, b) => a - b)).toEqual([1, 1, 2, 64, 64]);
});

test('where a reading of many fails each is read alone, and only the one that cannot be read is told', async () => {
  const defect = new LoyaltyError('STORE_DEFECT', 'card b is broken');
  const seen: number[] = [];
  const load = gatheredLoads(async (touches) => {
    seen.push(touches.length);
    await new Promise(setImmediate);
    if (touches.some(({ card }) => card.cardId === 'b')) throw defect;
    return touches.map(stateOf);
  });
  const settled = await Promise.allSettled(['x', 'y', 'a', 'b', 'c'].map((name) => load(touchOf(name))));
  expect(settled.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'fulfilled',
  ]);
  expect(settled[3]).toMatchObject({ reason: defect });
  expect(seen).toEqual([1, 1, 3, 1, 1, 1]);
});

test('where the server is away all are told, and nobody asks it once more', async () => {
  const away = new LoyaltyError('STORE_UNAVAILABLE', 'no connection');
  const seen: number[] = [];
  const load = gatheredLoads(async (touches) => {
    seen.push(touches.length);
    await new Promise(setImmediate);
    throw away;
  });
  const settled = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => load(touchOf(name))));
  expect(settled.every((one) => one.status === 'rejected' && one.reason === away)).toBe(true);
  expect(seen).toEqual([1, 1, 2]);
});
