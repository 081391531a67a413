import { createLoyalty, type LoyaltyStore, type ProgramInput, unwrap } from '@loyalty-engine/core';
import { manualClock, memoryStore, sequentialIds } from '@loyalty-engine/testing';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from './open-sqlite-store.ts';
import { program } from './temporary-file.test-data.ts';

const dated: ProgramInput = {
  ...program,
  points: { ...program.points, expiry: { kind: 'after-earning', days: 2 } },
};
const byInactivity: ProgramInput = {
  ...program,
  id: 'nights',
  points: { ...program.points, expiry: { kind: 'inactivity', days: 1 } },
};
const programIds = ['miles', 'nights'];

/** Earnings of three days on six cards of two programs, with holds, redemptions and debt. */
async function trade(store: LoyaltyStore) {
  const clock = manualClock('2026-01-15T10:00:00Z');
  const loyalty = createLoyalty({ store, clock, ids: sequentialIds() });
  for (const input of [dated, byInactivity]) await loyalty.programs.publish(input);
  for (let day = 0; day < 3; day += 1) {
    await Promise.all(
      Array.from({ length: 6 }, async (_, card) => {
        if (card === 5 && day > 0) return;
        const ref = { programId: programIds[card % 2] ?? '', customerId: `c${card}` };
        const locationId = card % 3 === 0 ? {} : { locationId: `at-${card % 3}` };
        const order = { id: `o${day}`, total: String(10 + card) };
        unwrap(await loyalty.earn({ ...ref, ...locationId, order }));
        if (card === 4) unwrap(await loyalty.hold({ ...ref, points: 3, holdMinutes: 10_000 }));
        if (card === 2)
          unwrap(
            await loyalty.adjust({ ...ref, points: -15, reasonCode: 'fix', actor: 'a', allowDebt: true }),
          );
      }),
    );
    clock.advance({ hours: 20 });
  }
  return { loyalty, now: clock.now() };
}

/** All that a store adds up. */
async function sumsOf(store: LoyaltyStore, now: number) {
  const all = { programIds, from: null, to: null };
  const dayMs = 86_400_000;
  return {
    kinds: await store.tallies({ ...all, by: 'kind' }),
    days: await store.tallies({ ...all, from: '2026-01-16', to: '2026-01-17', by: 'day' }),
    locations: await store.tallies({ ...all, programIds: ['nights'], by: 'location' }),
    none: await store.tallies({ ...all, programIds: ['unknown'], by: 'kind' }),
    cards: [
      await store.cardSums(programIds, now, now - dayMs),
      await store.cardSums(['nights'], now + 10 * dayMs, now),
      await store.cardSums([], now, now),
    ],
    orders: [
      await store.orders({ programIds }, 5, null),
      await store.orders({ programIds }, 50, { cardId: 'id-000004', orderId: 'o1' }),
    ],
    listed: await Promise.all([
      store.cards(3, null, { programIds }),
      store.cards(10, null, { programIds: ['nights'], activeSince: now - dayMs }),
      store.cards(10, null, { programIds: ['nights'], idleSince: now - dayMs, status: 'active' }),
      store.cards(10, null, { enrolledLocationId: 'at-1' }),
    ]),
  };
}

describe('sums over programs', () => {
  it('are those of the memory store', async () => {
    const [memory, sqlite] = [memoryStore(), openSqliteStore({ file: ':memory:' })];
    const { now } = await trade(memory);
    const { loyalty } = await trade(sqlite);
    expect(await sumsOf(sqlite, now)).toEqual(await sumsOf(memory, now));
    await loyalty.close();
  });

  it('tallies of one key add up over commands and batches', async () => {
    const store = openSqliteStore({ file: ':memory:' });
    const { loyalty } = await trade(store);
    const tallies = await store.tallies({ programIds: ['miles'], from: null, to: null, by: 'kind' });
    const earned = 3 * (10 + 12 + 14);
    expect(tallies.find(({ kind }) => kind === 'earn')).toMatchObject({ entries: 9, points: earned });
    expect(tallies.find(({ kind }) => kind === 'adjust')).toMatchObject({ entries: 3, points: -45 });
    await loyalty.close();
  });

  it('outstanding less debt is what the balances come to, before the expiry job has run and after', async () => {
    const store = openSqliteStore({ file: ':memory:' });
    const { loyalty, now } = await trade(store);
    const net = async () => {
      const { outstanding, debt } = await store.cardSums(programIds, now, now);
      return outstanding - debt;
    };
    let total = 0;
    for (const { cardId } of await store.cards(100, null)) total += (await loyalty.balance({ cardId })).total;
    expect(await net()).toBe(total);
    const before = await store.cardSums(programIds, now, now);
    expect((await loyalty.jobs.expirePoints()).expired).toBeGreaterThan(0);
    expect(await store.cardSums(programIds, now, now)).toEqual(before);
    await loyalty.close();
  });
});
