import { type Loyalty, type Statement, type StatementQuery, unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member, type Shop } from './shop.ts';

/** Ten entries over ten days: +20, -5, +20, -5 ... */
async function tenDays({ loyalty, clock }: Shop): Promise<void> {
  for (let day = 1; day <= 5; day += 1) {
    await givePoints(loyalty, String(day), 20, `2026-02-0${day}T00:00:00.000Z`);
    clock.advance({ days: 1 });
    unwrap(await loyalty.redeem({ ...member, points: 5 }));
    clock.advance({ days: 1 });
  }
}

async function pagesOf(loyalty: Loyalty, query: StatementQuery): Promise<Statement[]> {
  const pages: Statement[] = [];
  let cursor: string | null = null;
  do {
    const page: Statement = await loyalty.statement(member, cursor === null ? query : { ...query, cursor });
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

const sumOf = (entries: readonly { points: number }[]) =>
  entries.reduce((sum, { points }) => sum + points, 0);

/** Statements. */
export const statementFacts: Facts = factsIn((open) => open(), {
  'opening and entries make the closing balance, which is the balance': async (shop, expect) => {
    await tenDays(shop);
    const { loyalty } = shop;
    const { opening, entries, closing, nextCursor } = await loyalty.statement(member);
    expect({ opening, closing, nextCursor }).toEqual({ opening: 0, closing: 75, nextCursor: null });
    expect(sumOf(entries)).toBe(75);
    expect((await loyalty.balance(member)).total).toBe(75);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  },

  'every page continues where the one before closed, in both orders': async (shop, expect) => {
    await tenDays(shop);
    const whole = (await shop.loyalty.statement(member)).entries;
    for (const limit of [1, 3, 5, 9, 10, 11]) {
      const pages = await pagesOf(shop.loyalty, { limit });
      expect(pages.flatMap(({ entries }) => entries)).toEqual(whole);
      let balance = 0;
      for (const page of pages) {
        expect(page.entries.length).toBeLessThanOrEqual(limit);
        expect(page.opening).toBe(balance);
        balance += sumOf(page.entries);
        expect(page.closing).toBe(balance);
      }
      expect(balance).toBe(75);
      const backwards = await pagesOf(shop.loyalty, { limit, order: 'newest-first' });
      expect(backwards.flatMap(({ entries }) => entries)).toEqual(whole.toReversed());
      for (const page of backwards) {
        expect(page.closing).toBe(balance);
        balance -= sumOf(page.entries);
        expect(page.opening).toBe(balance);
      }
      expect(balance).toBe(0);
    }
  },

  'a period is from its first instant up to its last, without it': async (shop, expect) => {
    await tenDays(shop);
    const from = '2026-01-17T10:00:00.000Z';
    const to = '2026-01-20T10:00:00.000Z';
    const period = await shop.loyalty.statement(member, { from, to });
    expect(period.entries.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(period).toMatchObject({ opening: 15, closing: 50 });
    const before = await shop.loyalty.statement(member, { to: from });
    const after = await shop.loyalty.statement(member, { from: to });
    expect(before.closing).toBe(period.opening);
    expect(after.opening).toBe(period.closing);
    expect([...before.entries, ...period.entries, ...after.entries]).toHaveLength(10);
    const pages = await pagesOf(shop.loyalty, { from, to, limit: 2 });
    expect(pages.flatMap(({ entries }) => entries)).toEqual(period.entries);
    const none = await shop.loyalty.statement(member, { from: to, to });
    expect(none).toEqual({ opening: 50, entries: [], closing: 50, nextCursor: null });
  },

  'kinds pick entries, and the balances stay those of the period': async (shop, expect) => {
    await tenDays(shop);
    const { entries, opening, closing } = await shop.loyalty.statement(member, { kinds: ['redeem'] });
    expect(entries.map(({ seq }) => seq)).toEqual([2, 4, 6, 8, 10]);
    expect({ opening, closing }).toEqual({ opening: 0, closing: 75 });
    const pages = await pagesOf(shop.loyalty, { kinds: ['redeem'], limit: 2, order: 'newest-first' });
    expect(pages.map((page) => page.entries.map(({ seq }) => seq))).toEqual([[10, 8], [6, 4], [2]]);
  },

  'what is due but not swept is projected exactly as the job then writes it': async (shop, expect) => {
    await tenDays(shop);
    const { loyalty, clock } = shop;
    clock.set('2026-02-04T12:00:00.000Z');
    const projected = await ledgerOf(loyalty, member);
    expect(projected.entries.slice(10)).toMatchObject([
      { seq: 11, kind: 'expire', projected: true, occurredAt: '2026-02-02T00:00:00.000Z' },
      { seq: 12, kind: 'expire', projected: true, occurredAt: '2026-02-03T00:00:00.000Z' },
      { seq: 13, kind: 'expire', projected: true, occurredAt: '2026-02-04T00:00:00.000Z' },
    ]);
    expect(projected.entries.at(-1)?.balanceAfter).toBe(projected.balance.total);
    const windows = await Promise.all([
      loyalty.statement(member, { from: '2026-02-03T00:00:00Z' }),
      loyalty.statement(member, { to: '2026-02-03T00:00:00Z', limit: 4, order: 'newest-first' }),
    ]);
    await loyalty.jobs.expirePoints();
    const written = await ledgerOf(loyalty, member);
    expect(written.entries).toEqual(projected.entries.map((entry) => ({ ...entry, projected: false })));
    const again = await Promise.all([
      loyalty.statement(member, { from: '2026-02-03T00:00:00Z' }),
      loyalty.statement(member, { to: '2026-02-03T00:00:00Z', limit: 4, order: 'newest-first' }),
    ]);
    const asWritten = (page: Statement) => ({
      ...page,
      entries: page.entries.map((entry) => ({ ...entry, projected: false })),
    });
    expect(again).toEqual(windows.map(asWritten));
  },

  'paging runs over written and projected entries alike': async (shop, expect) => {
    await tenDays(shop);
    shop.clock.set('2026-02-04T12:00:00.000Z');
    const whole = (await shop.loyalty.statement(member)).entries;
    for (const order of ['oldest-first', 'newest-first'] as const) {
      const paged = (await pagesOf(shop.loyalty, { limit: 4, order })).flatMap(({ entries }) => entries);
      expect(paged).toEqual(order === 'oldest-first' ? whole : whole.toReversed());
    }
  },
});
