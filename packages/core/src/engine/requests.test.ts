import { memoryStore, overrideStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { minute, noon, openShop } from '../fixtures.test-data.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';

const request = { scope: 'cathay', key: 'k1', fingerprint: 'sha256:9b74c989' };
const otherContent = { ...request, fingerprint: 'sha256:0' };
const first = { answer: { times: 1 }, replayed: false };
const again = { answer: { times: 1 }, replayed: true };
const underWay = { name: 'LoyaltyError', code: 'REQUEST_UNDER_WAY' };
const lost = new Error('The connection broke.');

/** Something to carry out, and how often it was. */
function counted() {
  let times = 0;
  const run = async () => {
    times += 1;
    return { times };
  };
  return { run, times: () => times };
}

/** A shop whose store passes some writes of requests on to `write`, the first being number 1. */
async function shopThatWrites(write: (number: number, commit: () => Promise<unknown>) => Promise<unknown>) {
  const memory = memoryStore();
  let number = 0;
  const changeRecords: LoyaltyStore['changeRecords'] = (keys, change) => {
    number += 1;
    return write(number, () => memory.changeRecords(keys, change)) as never;
  };
  return openShop(overrideStore(memory, { changeRecords }));
}

describe('a commit that was not heard of', () => {
  test('and that the store runs again is of the same request', async () => {
    const { loyalty } = await shopThatWrites(async (_number, commit) => {
      await commit();
      return commit();
    });
    const { run, times } = counted();
    expect(await loyalty.requests.once(request, run)).toEqual(first);
    expect(await loyalty.requests.once(request, run)).toEqual(again);
    expect(times()).toBe(1);
  });

  test('and that kept the answer is not taken back', async () => {
    const { loyalty } = await shopThatWrites(async (number, commit) => {
      const result = await commit();
      if (number === 2) throw lost;
      return result;
    });
    const { run, times } = counted();
    await expect(loyalty.requests.once(request, run)).rejects.toBe(lost);
    expect(await loyalty.requests.once(request, run)).toEqual(again);
    expect(times()).toBe(1);
  });
});

describe('an answer that cannot be kept', () => {
  const loop: Record<string, unknown> = {};
  loop.loop = loop;
  const cases = [
    ['a bigint', { points: 10n }],
    ['a loop', loop],
  ] as const;

  test.each(cases)('as %s is an error, and the key stays taken for a minute', async (_what, answer) => {
    const { loyalty, clock } = await openShop(memoryStore());
    const { run } = counted();
    await expect(loyalty.requests.once(request, async () => answer)).rejects.toBeInstanceOf(TypeError);
    await expect(loyalty.requests.once(request, run)).rejects.toMatchObject(underWay);
    clock.at = noon + minute;
    await expect(loyalty.requests.once(otherContent, run)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await loyalty.requests.once(request, run)).toEqual(first);
  });

  test('because choosing what to keep of it failed, or the store did, is the same', async () => {
    const shop = await openShop(memoryStore());
    const { run } = counted();
    const choosing = shop.loyalty.requests.once(request, run, () => {
      throw lost;
    });
    await expect(choosing).rejects.toBe(lost);
    await expect(shop.loyalty.requests.once(request, run)).rejects.toMatchObject(underWay);

    const { loyalty } = await shopThatWrites((number, commit) =>
      number === 2 ? Promise.reject(lost) : commit(),
    );
    await expect(loyalty.requests.once(request, run)).rejects.toBe(lost);
    await expect(loyalty.requests.once(request, run)).rejects.toMatchObject(underWay);
  });
});

describe('a request that throws', () => {
  test('throws that error also where its key cannot be freed, which is then taken for a minute', async () => {
    const { loyalty, clock } = await shopThatWrites((number, commit) =>
      number === 2 ? Promise.reject(lost) : commit(),
    );
    const { run } = counted();
    const failed = new Error('No such printer.');
    await expect(loyalty.requests.once(request, () => Promise.reject(failed))).rejects.toBe(failed);
    await expect(loyalty.requests.once(request, run)).rejects.toMatchObject(underWay);
    clock.at = noon + minute;
    expect(await loyalty.requests.once(request, run)).toEqual(first);
  });

  test('after another one has taken its place leaves that one alone', async () => {
    const { loyalty, clock } = await openShop(memoryStore());
    const { run } = counted();
    const work = Promise.withResolvers<{ times: number }>();
    const slow = loyalty.requests.once(request, () => work.promise);
    clock.at = noon + minute;
    expect(await loyalty.requests.once(request, run)).toEqual(first);
    work.reject(lost);
    await expect(slow).rejects.toBe(lost);
    expect(await loyalty.requests.once(request, run)).toEqual(again);
  });
});

test('two requests at one instant are two requests, of which the second waits', async () => {
  const { loyalty } = await openShop(memoryStore());
  const { run, times } = counted();
  const both = await Promise.allSettled([
    loyalty.requests.once(request, run),
    loyalty.requests.once(request, run),
  ]);
  expect(both).toMatchObject([
    { status: 'fulfilled', value: first },
    { status: 'rejected', reason: underWay },
  ]);
  expect(times()).toBe(1);
});

test('a request without an answer is carried out once like any other', async () => {
  const { loyalty } = await openShop(memoryStore());
  let times = 0;
  const run = async () => {
    times += 1;
  };
  expect(await loyalty.requests.once(request, run as never)).toEqual({ answer: undefined, replayed: false });
  expect(await loyalty.requests.once(request, run as never)).toEqual({ answer: null, replayed: true });
  expect(times).toBe(1);
});

test('a key with other content is an error that programs can tell, and says nothing of the first request', async () => {
  const { loyalty } = await openShop(memoryStore());
  const { run } = counted();
  await loyalty.requests.once(request, run);
  await expect(loyalty.requests.once(otherContent, run)).rejects.toMatchObject({
    name: 'LoyaltyError',
    code: 'IDEMPOTENCY_KEY_REUSED',
    message: 'The same key was used before with other content.',
  });
});
