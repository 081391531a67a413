import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { day, milesProgram, noon, openShop } from '../fixtures.test-data.ts';
import { type ExpiryWarning, type WarnOptions, warnOfExpiry } from './warn-of-expiry.ts';

/** Cards of 50 points each, earned one day after the other, due after 30 days. */
async function shopOf(customers: number) {
  const store = memoryStore();
  const shop = await openShop(store, milesProgram({ expiry: { kind: 'after-earning', days: 30 } }));
  for (let index = 0; index < customers; index += 1) {
    shop.clock.at = noon + index * day;
    const member = { programId: 'miles', customerId: `c${index}` };
    await shop.loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
  }
  const warned: ExpiryWarning[] = [];
  const broken = new Set<string>();
  const run = (atDay: number, options: Partial<WarnOptions> = {}) =>
    warnOfExpiry(
      store,
      {
        withinDays: 7,
        warn: async (warning) => {
          if (broken.has(warning.customerId)) throw new Error('no such address');
          warned.push(warning);
        },
        ...options,
      },
      noon + atDay * day,
    );
  return { ...shop, store, run, warned, broken };
}

const whom = (warned: ExpiryWarning[]) => warned.map(({ customerId }) => customerId);

describe('the warning job', () => {
  test('warns every customer whose points expire within the days, once', async () => {
    const { run, warned } = await shopOf(5);
    expect(await run(25)).toEqual({ processed: 3, warned: 3, failed: 0, failures: [], nextCursor: null });
    expect(warned[0]).toEqual({
      cardId: expect.any(String),
      programId: 'miles',
      customerId: 'c0',
      points: 50,
      expiresAt: '2026-02-14T06:30:00.000Z',
      lastExpiresAt: '2026-02-14T06:30:00.000Z',
    });
    expect(await run(25)).toMatchObject({ processed: 3, warned: 0 });
    expect(await run(26)).toMatchObject({ warned: 1 });
    expect(whom(warned)).toEqual(['c0', 'c1', 'c2', 'c3']);
  });

  test('calls again for a customer whom it could not warn, and only for that one', async () => {
    const { run, warned, broken } = await shopOf(3);
    broken.add('c1');
    expect(await run(28)).toEqual({
      processed: 3,
      warned: 2,
      failed: 1,
      failures: [{ cardId: expect.any(String), message: 'no such address' }],
      nextCursor: null,
    });
    broken.clear();
    expect(await run(28)).toMatchObject({ warned: 1, failed: 0 });
    expect(whom(warned)).toEqual(['c0', 'c2', 'c1']);
  });

  test('goes on after a callback that throws what is no Error', async () => {
    const { run } = await shopOf(2);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const warn = () => {
      throw circular;
    };
    expect(await run(28, { warn })).toMatchObject({ processed: 2, warned: 0, failed: 2 });
  });

  test('says when the next run will not try again, because the warning could not be forgotten', async () => {
    const { run, store, warned } = await shopOf(1);
    const settle = store.settle;
    const warn = () => {
      store.settle = async () => {
        throw new Error('connection lost');
      };
      throw new Error('no such address');
    };
    expect((await run(28, { warn })).failures).toMatchObject([
      { message: 'no such address; and the next run will not try again: connection lost' },
    ]);
    store.settle = settle;
    await run(28);
    expect(warned).toEqual([]);
  });

  test('twice at once warns nobody twice', async () => {
    const { run, warned } = await shopOf(5);
    await Promise.all([run(31), run(31)]);
    expect(whom(warned).sort()).toEqual(['c2', 'c3', 'c4']);
  });

  test('reports a card that the store cannot settle, and warns all others', async () => {
    const { run, store, loyalty } = await shopOf(3);
    const { settle } = store;
    const { entries } = await loyalty.statement({ programId: 'miles', customerId: 'c1' });
    expect(entries).toHaveLength(1);
    const damaged = (await store.cards(10, null)).find(({ customerId }) => customerId === 'c1')?.cardId;
    store.settle = async (work) => {
      if (work.some(({ touches }) => touches[0]?.card.cardId === damaged)) throw new Error('row is damaged');
      return settle(work);
    };
    expect(await run(28)).toMatchObject({
      processed: 3,
      warned: 2,
      failures: [{ cardId: damaged, message: 'row is damaged' }],
    });
  });

  test('stops after limit cards and goes on from its cursor', async () => {
    const { run, warned } = await shopOf(5);
    const first = await run(29, { limit: 2 });
    expect(first).toMatchObject({ processed: 2, warned: 2, nextCursor: expect.any(String) });
    const rest = await run(29, { cursor: first.nextCursor as string });
    expect(rest).toMatchObject({ processed: 3, warned: 3, nextCursor: null });
    expect(whom(warned)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
  });

  test('stops when it is told to', async () => {
    const { run } = await shopOf(2);
    expect(await run(28, { signal: AbortSignal.abort() })).toMatchObject({ processed: 0, warned: 0 });
  });

  test('writes no entry, and the books stay clean', async () => {
    const { run, loyalty } = await shopOf(3);
    const before = await loyalty.verify();
    await run(28);
    expect(await loyalty.verify()).toEqual(before);
    expect(before.problems).toEqual([]);
  });

  test.each<[string, object]>([
    ['withinDays', { withinDays: 0 }],
    ['withinDays', { withinDays: 1.5 }],
    ['withinDays', { withinDays: undefined }],
    ['warn', { warn: undefined }],
    ['warn', { warn: 'mail' }],
    ['limit', { limit: 0 }],
    ['cursor', { cursor: 'x' }],
    ['cursor', { cursor: '[1,"a\\u0000b"]' }],
  ])('refuses a wrong %s: %j', async (field, options) => {
    const { run } = await shopOf(0);
    await expect(run(0, options)).rejects.toMatchObject({ code: 'INVALID_COMMAND', field });
  });
});
