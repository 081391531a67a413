import { expect, it } from 'vitest';
import { sharedAnswers } from './shared-answers.ts';

function open(most = 10) {
  const clock = { now: 0 };
  let loads = 0;
  const answers = sharedAnswers<number>({ keptMs: 1_000, most, now: () => clock.now });
  return { clock, answers, load: async () => (loads += 1), loads: () => loads };
}

it('many who ask at once share one loading', async () => {
  const { answers, load, loads } = open();
  const got = await Promise.all(Array.from({ length: 50 }, () => answers.load('a', load)));
  expect(new Set(got)).toEqual(new Set([1]));
  expect(loads()).toBe(1);
  expect(answers.at('a')).toBe(1);
});

it('an answer is good for its time from when its loading began, and no longer', async () => {
  const { clock, answers } = open();
  await answers.load('a', async () => {
    clock.now = 400;
    return 7;
  });
  clock.now = 999;
  expect(answers.at('a')).toBe(7);
  clock.now = 1_000;
  expect(answers.at('a')).toBeUndefined();
});

it('keeps no more than it may: the one loaded first goes first', async () => {
  const { answers, load } = open(2);
  for (const key of ['a', 'b', 'a', 'c']) await answers.load(key, load);
  expect([answers.at('a'), answers.at('b'), answers.at('c')]).toEqual([3, undefined, 4]);
});

it('a failure is told to those who waited, and the next one tries again', async () => {
  const { answers, load } = open();
  const fail = () => {
    throw new Error('down');
  };
  const both = await Promise.allSettled([answers.load('a', fail), answers.load('a', load)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await answers.load('a', load)).toBe(1);
});
