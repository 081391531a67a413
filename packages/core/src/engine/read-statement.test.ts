import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { day, member, milesProgram, noon, openShop } from '../fixtures.test-data.ts';
import type { StatementQuery } from './read-statement.ts';

/** Earned 50, used 30, earned 20 more, all of it due after 10 days. */
async function busyCard() {
  const shop = await openShop(memoryStore(), milesProgram({ expiry: { kind: 'after-earning', days: 10 } }));
  const { loyalty, clock } = shop;
  await loyalty.earn({ ...member, order: { id: 'ORDER123', total: '500' } });
  clock.at = noon + 2 * day;
  await loyalty.redeem({ ...member, order: { id: 'ORDER124', total: '500' }, points: 30 });
  clock.at = noon + 4 * day;
  await loyalty.earn({ ...member, order: { id: 'ORDER125', total: '200' } });
  const read = (query: StatementQuery = {}) => loyalty.statement(member, query);
  return { ...shop, read };
}
const brief = ({ entries, ...rest }: Awaited<ReturnType<Awaited<ReturnType<typeof busyCard>>['read']>>) => ({
  ...rest,
  entries: entries.map(({ kind, points, projected }) =>
    projected ? [kind, points, 'projected'] : [kind, points],
  ),
});
const at = (days: number) => new Date(noon + days * day);

describe('a statement', () => {
  test('is the opening balance, the entries and the closing balance', async () => {
    const { read } = await busyCard();
    expect(brief(await read())).toEqual({
      opening: 0,
      entries: [
        ['earn', 50],
        ['redeem', -30],
        ['earn', 20],
      ],
      closing: 40,
      nextCursor: null,
    });
  });

  test.each([
    [at(0), at(2), 0, [['earn', 50]], 50],
    [at(2), at(4), 50, [['redeem', -30]], 20],
    [at(3), at(4), 20, [], 20],
    [
      at(2),
      undefined,
      50,
      [
        ['redeem', -30],
        ['earn', 20],
      ],
      40,
    ],
    [undefined, at(0), 0, [], 0],
    [at(9), undefined, 40, [], 40],
  ])('from %s (within) to %s (not within)', async (from, to, opening, entries, closing) => {
    const { read } = await busyCard();
    expect(brief(await read({ from, to }))).toEqual({ opening, entries, closing, nextCursor: null });
  });

  test('shows points that are due, but not swept, as projected entries, and closes on the balance', async () => {
    const { read, loyalty, clock } = await busyCard();
    clock.at = noon + 10 * day;
    const expected = [
      ['earn', 50],
      ['redeem', -30],
      ['earn', 20],
      ['expire', -20, 'projected'],
    ];
    expect(brief(await read())).toMatchObject({ entries: expected, closing: 20 });
    expect((await loyalty.balance(member)).total).toBe(20);
    const [due] = (await read({ kinds: ['expire'] })).entries;
    await loyalty.jobs.expirePoints();
    const [written] = (await read({ kinds: ['expire'] })).entries;
    expect(written).toEqual({ ...due, projected: false });
  });

  test('up to an instant leaves out what is due at exactly that instant, written or not', async () => {
    const { read, loyalty, clock } = await busyCard();
    clock.at = noon + 12 * day;
    const upTo = [await read({ to: at(10) }), await read({ from: at(10) })].map(brief);
    expect(upTo).toMatchObject([
      {
        closing: 40,
        entries: [
          ['earn', 50],
          ['redeem', -30],
          ['earn', 20],
        ],
      },
      { opening: 40, entries: [['expire', -20, 'projected']], closing: 20 },
    ]);
    await loyalty.jobs.expirePoints();
    expect(brief(await read({ to: at(10) }))).toEqual(upTo[0]);
  });

  test('of chosen kinds has the edges of the whole period', async () => {
    const { read } = await busyCard();
    expect(brief(await read({ kinds: ['redeem'], from: at(1) }))).toEqual({
      opening: 50,
      entries: [['redeem', -30]],
      closing: 40,
      nextCursor: null,
    });
  });

  test('of a customer without a card is empty', async () => {
    const { loyalty } = await busyCard();
    expect(await loyalty.statement({ programId: 'miles', customerId: 'new' })).toEqual({
      opening: 0,
      entries: [],
      closing: 0,
      nextCursor: null,
    });
  });

  test('keeps the explanation of each entry', async () => {
    const { read, clock } = await busyCard();
    clock.at = noon + 5 * day;
    const [earned] = (await read()).entries;
    expect(earned?.explanation.map(({ why }) => why)).toContain(
      '1 point for every 10.00 INR of 500.00 INR makes 50, rounded down.',
    );
  });
});

describe('the pages of a statement', () => {
  test.each([
    ['oldest-first', 1],
    ['oldest-first', 3],
    ['newest-first', 1],
    ['newest-first', 3],
  ] as const)(
    '%s, %i a page: each opens where its neighbour closed, and together they are all',
    async (order, limit) => {
      const { read, clock } = await busyCard();
      clock.at = noon + 20 * day;
      const whole = await read({ order });
      expect(whole.entries).toHaveLength(5);
      const pages = [await read({ order, limit })];
      while (pages.at(-1)?.nextCursor)
        pages.push(await read({ order, limit, cursor: pages.at(-1)?.nextCursor as string }));
      expect(pages.flatMap(({ entries }) => entries)).toEqual(whole.entries);
      for (const { opening, entries, closing } of pages) {
        expect(entries.reduce((sum, { points }) => sum + points, opening)).toBe(closing);
      }
      const inTime = order === 'oldest-first' ? pages : pages.toReversed();
      for (const [index, page] of inTime.entries())
        if (index > 0) expect(page.opening).toBe(inTime[index - 1]?.closing);
      expect([inTime[0]?.opening, inTime.at(-1)?.closing]).toEqual([0, 0]);
    },
  );

  test.each<[string, object]>([
    ['cursor', { cursor: 'x' }],
    ['cursor', { cursor: '0' }],
    ['limit', { limit: 0 }],
    ['limit', { limit: 1001 }],
    ['to', { from: at(2), to: at(1) }],
    ['kinds.0', { kinds: ['stolen'] }],
    ['from', { from: 'today' }],
  ])('refuse a wrong %s: %j', async (field, query) => {
    const { read } = await busyCard();
    await expect(read(query)).rejects.toMatchObject({ code: 'INVALID_COMMAND', field });
  });
});
