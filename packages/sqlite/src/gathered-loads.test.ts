import { type CardState, newCardState, type Touch } from '@loyalty-engine/core';
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

/** A loader that notes how many cards each reading is of; card `broken` cannot be read. */
function noted() {
  const sizes: number[] = [];
  const load = gatheredLoads(async (touches) => {
    sizes.push(touches.length);
    if (touches.some(({ card }) => card.cardId === 'broken')) throw new Error('broken');
    return touches.map(stateOf);
  });
  return { sizes, load };
}

test('what is asked for in one turn is read together after it, and each gets their own card', async () => {
  const { sizes, load } = noted();
  const names = ['a', 'b', 'c'];
  const loads = names.map((name) => load(touchOf(name)));
  expect(sizes).toEqual([]);
  const states = await Promise.all(loads);
  expect(states.map((state) => state?.card.cardId)).toEqual(names);
  await load(touchOf('d'));
  expect(sizes).toEqual([3, 1]);
});

test('no reading is of more than 64 cards, so that others have their turn', async () => {
  const { sizes, load } = noted();
  const loads = Array.from({ length: 130 }, (_, index) => load(touchOf(`card ${index}`)));
  await new Promise(setImmediate);
  loads.push(load(touchOf('late')));
  await Promise.all(loads);
  expect(sizes).toEqual([64, 64, 3]);
});

test('a card that cannot be read hurts nobody but who asked for it', async () => {
  const { load } = noted();
  const settled = await Promise.allSettled(['a', 'broken', 'c'].map((name) => load(touchOf(name))));
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
