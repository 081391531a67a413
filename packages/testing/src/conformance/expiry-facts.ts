import { createLoyalty, type Loyalty, unwrap } from '@loyalty-engine/core';
import { overrideStore } from '../override-store.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

const soon = '2026-02-01T00:00:00.000Z';
const later = '2026-03-01T00:00:00.000Z';

async function giveToMany(loyalty: Loyalty, customers: number, expiresAt = soon): Promise<void> {
  const reason = 'Test';
  await Promise.all(
    Array.from({ length: customers }, (_, index) =>
      loyalty.award({
        ...member,
        customerId: `c${index}`,
        points: 10,
        source: { type: 't', id: 'a' },
        reason,
        expiresAt,
      }),
    ),
  );
}

/** The expiry job. */
export const expiryFacts: Facts = factsIn((open) => open(), {
  'the job writes one entry a lot, for what was left of it, dated when it ended': async (
    { loyalty, clock },
    expect,
  ) => {
    await givePoints(loyalty, 'a', 50, soon);
    await givePoints(loyalty, 'b', 30, later);
    await givePoints(loyalty, 'c', 20);
    unwrap(await loyalty.redeem({ ...member, points: 15 }));
    clock.set('2026-03-05T00:00:00Z');
    const run = await loyalty.jobs.expirePoints();
    expect(run).toEqual({ processed: 1, expired: 65, failed: 0, failures: [], nextCursor: null });
    const { entries, balance } = await ledgerOf(loyalty, member);
    expect(entries.slice(4)).toMatchObject([
      { kind: 'expire', points: -35, occurredAt: soon, lots: [{ lot: 1, points: -35 }], projected: false },
      { kind: 'expire', points: -30, occurredAt: later, lots: [{ lot: 2, points: -30 }], projected: false },
    ]);
    expect(balance).toMatchObject({ available: 20, total: 20, lifetime: { expired: 65 } });
  },

  'a second run finds nothing to do': async ({ loyalty, clock }, expect) => {
    await givePoints(loyalty, 'a', 50, soon);
    clock.set(soon);
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 1, expired: 50 });
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 0, expired: 0, nextCursor: null });
    expect((await ledgerOf(loyalty, member)).entries).toHaveLength(2);
  },

  'points are gone though the job is late, and the job changes no balance': async (
    { loyalty, clock },
    expect,
  ) => {
    await givePoints(loyalty, 'a', 50, soon);
    await givePoints(loyalty, 'b', 20);
    clock.set(later);
    const before = await loyalty.balance(member);
    expect(before).toMatchObject({ available: 20, total: 20 });
    expect(await loyalty.redeem({ ...member, points: 21 })).toMatchObject({
      code: 'NOT_ENOUGH_POINTS',
      available: 20,
    });
    await loyalty.jobs.expirePoints();
    const { lifetime, ...figures } = await loyalty.balance(member);
    const { lifetime: _before, ...expected } = before;
    expect(figures).toEqual(expected);
    expect(lifetime.expired).toBe(50);
  },

  'pages go on where they stopped until nothing is due': async ({ loyalty, clock }, expect) => {
    await giveToMany(loyalty, 7);
    await giveToMany(loyalty, 0);
    await givePoints(loyalty, 'not due', 10, later);
    clock.set(soon);
    let cursor: string | null = null;
    const processed: number[] = [];
    do {
      const run: Awaited<ReturnType<Loyalty['jobs']['expirePoints']>> = await loyalty.jobs.expirePoints(
        cursor === null ? { limit: 3 } : { limit: 3, cursor },
      );
      processed.push(run.processed);
      cursor = run.nextCursor;
    } while (cursor !== null);
    expect(processed).toEqual([3, 3, 1]);
    expect(await loyalty.balance(member)).toMatchObject({ available: 10 });
    const all = await loyalty.verify();
    expect(all).toMatchObject({ ok: true, cards: 8, entries: 15 });
  },

  'more cards than one batch are all swept': async ({ loyalty, clock }, expect) => {
    await giveToMany(loyalty, 250);
    clock.set(soon);
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 250, expired: 2500, failed: 0 });
  },

  'two runs at once on two connections expire every lot once': async ({ loyalty, second, clock }, expect) => {
    const other = await second();
    await giveToMany(loyalty, 120);
    clock.set(soon);
    const runs = await Promise.all([loyalty.jobs.expirePoints(), other.jobs.expirePoints()]);
    expect(runs.map(({ failed }) => failed)).toEqual([0, 0]);
    expect((runs[0]?.expired ?? 0) + (runs[1]?.expired ?? 0)).toBe(1200);
    expect(await loyalty.verify()).toMatchObject({ ok: true, entries: 240 });
  },

  'a run that is stopped has swept whole cards and goes on later': async ({ loyalty, clock }, expect) => {
    await giveToMany(loyalty, 5);
    clock.set(soon);
    const run = await loyalty.jobs.expirePoints({ signal: AbortSignal.abort() });
    expect(run).toMatchObject({ processed: 0, expired: 0 });
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 5, expired: 50 });
  },

  'one bad card does not stop the others': async ({ loyalty, store, clock }, expect) => {
    await giveToMany(loyalty, 5);
    clock.set(soon);
    const [bad] = await store.dueCards(clock.now(), 1, null);
    const cardId = bad?.cardId ?? '';
    // What a damaged row does: whatever is settled together with this card fails.
    const damaged = overrideStore(store, {
      async settle(work) {
        const named = work.some(({ touches }) => touches.some(({ card }) => card.cardId === cardId));
        if (named) throw new Error('damaged');
        return store.settle(work);
      },
    });
    const run = await createLoyalty({ store: damaged, clock }).jobs.expirePoints();
    expect(run).toMatchObject({
      processed: 5,
      expired: 40,
      failed: 1,
      failures: [{ cardId, message: 'damaged' }],
    });
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 1, expired: 10, failed: 0 });
  },

  'ended points pay debt before they go': async ({ loyalty, clock }, expect) => {
    await givePoints(loyalty, 'a', 50, soon);
    const { holdId } = unwrap(await loyalty.hold({ ...member, points: 30, holdMinutes: 43_200 }));
    unwrap(
      await loyalty.adjust({ ...member, points: -40, allowDebt: true, reasonCode: 'fee', actor: 'anita' }),
    );
    expect(await loyalty.balance(member)).toMatchObject({ available: 0, held: 30, debt: 20, total: 10 });
    unwrap(await loyalty.release({ ...member, holdId }));
    clock.set(soon);
    const { total } = await loyalty.balance(member);
    await loyalty.jobs.expirePoints();
    expect(await loyalty.balance(member)).toMatchObject({ total, available: 0, debt: 0 });
  },
});
