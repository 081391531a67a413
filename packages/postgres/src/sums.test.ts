import { createLoyalty, type Loyalty, type LoyaltyStore, unwrap } from '@loyalty-engine/core';
import { manualClock, memoryStore, sequentialIds } from '@loyalty-engine/testing';
import { describe, expect, it } from 'vitest';
import { hostKnex, openShop } from '../test/open-shop.ts';
import { member, program } from '../test/program.ts';
import { openPostgresStore } from './open-postgres-store.ts';
import { talliesAtOnce } from './sum-statements.ts';

const everyDay = { programIds: ['miles'], from: null, to: null } as const;

async function entriesTallied(store: LoyaltyStore): Promise<number> {
  const sums = await store.tallies({ ...everyDay, by: 'day' });
  return sums.reduce((sum, { entries }) => sum + entries, 0);
}

/** Points that wait, are held, are owed and end in all the ways there are, on one clock of its own. */
async function livelyCards(store: LoyaltyStore): Promise<void> {
  const clock = manualClock('2026-01-15T10:00:00Z');
  const loyalty = createLoyalty({ store, clock, ids: sequentialIds() });
  const { earn } = program.points;
  const expiry = { kind: 'inactivity', days: 30 } as const;
  await loyalty.programs.publish({
    ...program,
    points: { ...program.points, expiry: { kind: 'after-earning', days: 60 } },
  });
  const idle = { ...program, id: 'idle', points: { ...program.points, expiry } };
  await loyalty.programs.publish(idle);
  await loyalty.programs.publish({
    ...idle,
    id: 'waits',
    points: { earn: { ...earn, availability: 'on-confirm' }, redeem: { valuePerPoint: '1' }, expiry },
  });
  const by = { reasonCode: 'test', actor: 'clerk' };
  for (const programId of ['miles', 'idle', 'waits']) {
    for (const [index, customerId] of ['a', 'b', 'c'].entries()) {
      const card = { programId, customerId };
      const order = (id: string) => ({ order: { id, total: String(50 * (index + 1)) } });
      unwrap(await loyalty.earn({ ...card, ...order('o1') }));
      clock.advance({ days: 7 });
      unwrap(await loyalty.earn({ ...card, ...order('o2') }));
      if (programId === 'waits')
        unwrap(await loyalty.adjust({ ...card, points: -70, allowDebt: true, ...by }));
      else unwrap(await loyalty.hold({ ...card, points: 60, holdMinutes: 60 * 24 * 30 }));
      if (index === 2) unwrap(await loyalty.cards.deactivate({ ...card, actor: 'clerk', reason: 'lost' }));
    }
  }
}

describe('sums over cards', () => {
  it('are those of the memory store at every instant, whatever is due by then', async () => {
    const { store } = await openShop();
    const memory = memoryStore();
    for (const each of [store, memory]) await livelyCards(each);
    const [start, day] = [Date.UTC(2026, 0, 15, 10), 24 * 60 * 60 * 1000];
    const seen = new Set<string>();
    for (let days = 0; days < 200; days += 7) {
      for (const programIds of [['miles'], ['idle'], ['waits'], ['miles', 'waits', 'none'], []]) {
        const now = start + days * day;
        const expected = await memory.cardSums(programIds, now, now - 10 * day);
        expect(await store.cardSums(programIds, now, now - 10 * day), `${programIds} ${days}`).toEqual(
          expected,
        );
        seen.add(JSON.stringify(expected));
      }
    }
    expect(seen.size).toBeGreaterThan(20);
  });
});

describe('tallies', () => {
  it('are those of the memory store by kind, day and location, before and after they are tidied', async () => {
    const { store } = await openShop();
    const memory = memoryStore();
    for (const each of [store, memory]) await livelyCards(each);
    for (const _ of ['before', 'after']) {
      for (const by of ['kind', 'day', 'location'] as const) {
        for (const [from, to] of [
          [null, null],
          ['2026-01-20', '2026-02-05'],
          ['2026-01-22', null],
        ] as const) {
          const query = { programIds: ['miles', 'waits'], from, to, by };
          expect(await store.tallies(query)).toEqual(await memory.tallies(query));
        }
      }
      await store.tidy?.(Date.now());
    }
  });

  it('are right whenever they are read while two stores settle and two tidy up', async () => {
    const { loyalty, store, schema, knex } = await openShop();
    const secondStore = openPostgresStore({ knex: hostKnex(), schema });
    const second = createLoyalty({ store: secondStore });
    let settled = 0;
    let done = false;
    const settle = async (engine: Loyalty, series: string) => {
      for (let index = 0; index < 150; index += 1) {
        const card = { programId: 'miles', customerId: `${series}${index % 5}` };
        const order = { id: `o${index}`, total: '5' };
        unwrap(await engine.earn({ ...card, locationId: `l${index % 3}`, order }));
        settled += 1;
      }
    };
    const tidyUp = async (each: LoyaltyStore) => {
      while (!done) await each.tidy?.(Date.now());
    };
    const read = async () => {
      while (!done) {
        const before = settled;
        const tallied = await entriesTallied(store);
        expect(tallied).toBeGreaterThanOrEqual(before);
        // Those whose answers are on their way.
        expect(tallied).toBeLessThanOrEqual(settled + 2);
      }
    };
    const others = Promise.all([tidyUp(store), tidyUp(secondStore), read()]);
    await Promise.all([settle(loyalty, 'a'), settle(second, 'b')]);
    done = true;
    await others;
    await store.tidy?.(Date.now());
    expect(await store.tallies({ ...everyDay, by: 'location' })).toEqual(
      ['l0', 'l1', 'l2'].map((group) => ({ group, kind: 'earn', entries: 100, points: 500, stamps: 0 })),
    );
    expect(await knex.withSchema(schema).table('tallies')).toEqual([]);
    expect((await knex.withSchema(schema).table('tally_sums')).length).toBeLessThanOrEqual(6);
  });

  it('of more than one piece are added up by two at once, each once', async () => {
    const { store, schema, knex } = await openShop();
    const second = openPostgresStore({ knex: hostKnex(), schema });
    const rows = talliesAtOnce * 2.5;
    await knex.raw(
      `INSERT INTO "${schema}".tallies
       SELECT 'miles', '2026-01-' || 10 + n % 20, 'l' || n % 7, 'earn', 1, 10, 0 FROM generate_series(1, ?) n`,
      [rows],
    );
    const reading = (async () => {
      for (let read = 0; read < 20; read += 1) expect(await entriesTallied(store)).toBe(rows);
    })();
    await Promise.all([store.tidy?.(Date.now()), second.tidy?.(Date.now()), reading]);
    await store.tidy?.(Date.now());
    expect(await entriesTallied(store)).toBe(rows);
    expect(await knex.withSchema(schema).table('tallies')).toEqual([]);
    expect(await knex.withSchema(schema).table('tally_sums')).toHaveLength(140);
  });

  it('beyond what a JavaScript integer of 32 bits holds are exact', async () => {
    const { store, schema, knex } = await openShop();
    const points = 2 ** 52;
    await knex.raw(
      `INSERT INTO "${schema}".tallies SELECT 'miles', '2026-01-01', '', 'earn', 2000000000, ?, 0
       FROM generate_series(1, 2)`,
      [points / 2],
    );
    const sums = [{ group: '', kind: 'earn', entries: 4_000_000_000, points, stamps: 0 }];
    expect(await store.tallies({ ...everyDay, by: 'kind' })).toEqual(sums);
    await store.tidy?.(Date.now());
    expect(await store.tallies({ ...everyDay, by: 'kind' })).toEqual(sums);
  });

  it("written in a caller's transaction that is rolled back count for nothing", async () => {
    const { loyalty, store, knex } = await openShop();
    const failed = knex.transaction(async (trx) => {
      const inside = store.using(trx);
      unwrap(await loyalty.using(trx).earn({ ...member, order: { id: 'o1', total: '5' } }));
      expect(await entriesTallied(inside)).toBe(1);
      throw new Error('rolled back');
    });
    await expect(failed).rejects.toThrow('rolled back');
    expect(await entriesTallied(store)).toBe(0);
  });
});
