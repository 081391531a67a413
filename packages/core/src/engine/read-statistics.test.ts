import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { entryKinds } from '../card/entry.ts';
import { unwrap } from '../commands/outcome.ts';
import { day, hour, member, milesProgram, noon, openShop } from '../fixtures.test-data.ts';
import { type Flows, readStatistics, type StatisticsQuery } from './read-statistics.ts';

const nothing: Flows = {
  points: { issued: 0, redeemed: 0, expired: 0, adjusted: 0, reversed: 0 },
  stamps: { issued: 0, voided: 0, redeemed: 0, expired: 0 },
  rewards: { redeemed: 0, voided: 0, used: 0 },
};
const flows = (points: Partial<Flows['points']>): Flows => ({
  ...nothing,
  points: { ...nothing.points, ...points },
});

/** A busy month of two programs of one merchant, and one of another. */
async function month() {
  const store = memoryStore();
  const expiry = { kind: 'after-earning', days: 20 } as const;
  const { loyalty, clock } = await openShop(store, milesProgram({ expiry, welcomeBonus: 10 }));
  await loyalty.programs.publish(milesProgram({}, { id: 'coffee' }));
  await loyalty.programs.publish(milesProgram({}, { id: 'other', merchantId: 'rival' }));
  const anil = { programId: 'miles', customerId: 'anil' };
  const mumbai = { locationId: 'mumbai' };

  await loyalty.earn({ ...member, ...mumbai, order: { id: 'A', total: '500' } });
  clock.at = noon + day;
  await loyalty.earn({ ...anil, locationId: 'pune', order: { id: 'A', total: '300' } });
  await loyalty.redeem({ ...member, ...mumbai, order: { id: 'B', total: '500' }, points: 45 });
  clock.at = noon + 2 * day;
  // 15 points are left, 50 go back: a debt of 35.
  await loyalty.refund({ ...member, ...mumbai, orderId: 'A', reason: 'returned' });
  await loyalty.adjust({ ...anil, points: -5, reasonCode: 'ERROR', actor: 'anna' });
  await loyalty.earn({ programId: 'coffee', customerId: 'sachin', order: { id: 'A', total: '70' } });
  await loyalty.earn({ programId: 'other', customerId: 'sachin', order: { id: 'A', total: '990' } });
  clock.at = noon + 25 * day;
  await loyalty.award({ ...anil, points: 7, source: { type: 'quiz', id: '1' }, reason: 'won' });
  const read = (query: StatisticsQuery) => readStatistics(store, query, clock.at);
  return { loyalty, clock, store, read };
}

describe('the statistics of a program', () => {
  test('over all time are what was ever written, and what there is now', async () => {
    const { read } = await month();
    expect(await read({ programId: 'miles' })).toEqual({
      cards: { total: 2, active: 2, activeWithin: { days: 30, cards: 2 } },
      points: {
        issued: 60 + 40 + 7,
        redeemed: 45,
        expired: 35,
        adjusted: -5,
        reversed: -50,
        outstanding: 7,
        debt: 35,
      },
      stamps: { ...nothing.stamps, outstanding: 0 },
      rewards: nothing.rewards,
    });
  });

  test('add up: what came less what went is what there is', async () => {
    const { read, loyalty, clock, store } = await month();
    clock.at = noon + 100 * day;
    await loyalty.jobs.expirePoints();
    for (const programId of ['miles', 'coffee', 'other']) {
      const { points } = await read({ programId });
      const { issued, redeemed, expired, adjusted, reversed, outstanding, debt } = points;
      expect(issued - redeemed - expired + adjusted + reversed).toBe(outstanding - debt);
    }
    const { points } = await read({ programId: 'miles' });
    const cards = await store.cards(10, null, { programIds: ['miles'] });
    const lifetime = (figure: 'earned' | 'redeemed' | 'expired' | 'adjusted' | 'reversed') =>
      cards.reduce((sum, card) => sum + card.lifetime[figure], 0);
    expect(points).toMatchObject({
      issued: lifetime('earned'),
      redeemed: lifetime('redeemed'),
      expired: lifetime('expired'),
      adjusted: lifetime('adjusted'),
      reversed: lifetime('reversed'),
    });
  });

  test('have no points outstanding that have ended, though no job has written that yet', async () => {
    const { read, clock } = await month();
    clock.at = noon + 100 * day;
    expect((await read({ programId: 'miles' })).points).toMatchObject({ outstanding: 0, expired: 35 });
    expect((await read({ programId: 'coffee' })).points).toMatchObject({ outstanding: 7, expired: 0 });
  });

  test('by day have the days on which there was anything', async () => {
    const { read } = await month();
    const { days, points } = await read({ programId: 'miles', by: 'day' });
    expect(days).toEqual([
      { day: '2026-01-15', ...flows({ issued: 60 }) },
      { day: '2026-01-16', ...flows({ issued: 40, redeemed: 45 }) },
      { day: '2026-01-17', ...flows({ adjusted: -5, reversed: -50 }) },
      { day: '2026-02-05', ...flows({ expired: 35 }) },
      { day: '2026-02-09', ...flows({ issued: 7 }) },
    ]);
    expect(points).toMatchObject({ issued: 107, redeemed: 45 });
  });

  test('by location have what was at none first', async () => {
    const { read } = await month();
    const { locations } = await read({ programId: 'miles', by: 'location' });
    expect(locations).toEqual([
      { locationId: null, ...flows({ issued: 7, adjusted: -5, expired: 35 }) },
      { locationId: 'mumbai', ...flows({ issued: 60, redeemed: 45, reversed: -50 }) },
      { locationId: 'pune', ...flows({ issued: 40 }) },
    ]);
  });

  test('of a period have the first and the last day in it, and the cards of now', async () => {
    const { read } = await month();
    const query = { programId: 'miles', from: '2026-01-16', to: '2026-01-17' };
    expect(await read(query)).toMatchObject({
      cards: { total: 2 },
      points: { issued: 40, redeemed: 45, expired: 0, adjusted: -5, reversed: -50, outstanding: 7 },
    });
    expect((await read({ programId: 'miles', from: '2026-02-05' })).points).toMatchObject({
      issued: 7,
      expired: 35,
    });
    expect((await read({ programId: 'miles', to: '2026-01-15' })).points).toMatchObject({ issued: 60 });
  });

  test("count a day as the program's zone has it", async () => {
    const { loyalty, clock, read } = await month();
    // 18:29 UTC is 23:59 in Kolkata; a minute later the next day begins there.
    const lastMinute = Date.parse('2026-02-20T18:29:00Z');
    clock.at = lastMinute;
    await loyalty.earn({ ...member, order: { id: 'N', total: '20' } });
    clock.at = lastMinute + 60_000;
    await loyalty.earn({ ...member, order: { id: 'O', total: '30' } });
    const { days } = await read({ programId: 'miles', from: '2026-02-20', by: 'day' });
    expect(days?.map((one) => [one.day, one.points.issued])).toEqual([
      ['2026-02-20', 2],
      ['2026-02-21', 3],
    ]);
  });

  test('count as active in the last days who used the card since', async () => {
    const { read } = await month();
    const used = async (activeDays: number) =>
      (await read({ programId: 'miles', activeDays })).cards.activeWithin;
    expect(await used(1)).toEqual({ days: 1, cards: 1 });
    expect(await used(23)).toEqual({ days: 23, cards: 1 });
    expect(await used(24)).toEqual({ days: 24, cards: 2 });
  });
});

describe('the statistics of a merchant', () => {
  test('are those of all its programs, and of no other', async () => {
    const { read } = await month();
    const { cards, points } = await read({ merchantId: 'cathay' });
    expect(cards.total).toBe(3);
    expect(points).toMatchObject({ issued: 114, outstanding: 14, debt: 35 });
  });

  test('without programs are zeros', async () => {
    const { read } = await month();
    expect(await read({ merchantId: 'nobody', by: 'day' })).toEqual({
      ...nothing,
      cards: { total: 0, active: 0, activeWithin: { days: 30, cards: 0 } },
      points: { ...nothing.points, outstanding: 0, debt: 0 },
      stamps: { ...nothing.stamps, outstanding: 0 },
      days: [],
    });
  });
});

describe('the statistics of stamps and rewards', () => {
  /** A stamp card of 5 with stamps that end after 20 days, and a cake for 30 points. */
  async function cafe() {
    const store = memoryStore();
    const stamps = {
      target: 5,
      maxPerVisit: 10,
      reward: { name: 'Free coffee' },
      expiry: { kind: 'after-earning', days: 20 },
    } as const;
    const { loyalty, clock } = await openShop(store, milesProgram({}, { stamps }));
    const cake = { id: 'cake', name: 'Cake', price: { points: 30 }, gives: { kind: 'item' } } as const;
    await loyalty.rewards.publish({ programId: 'miles', ...cake });
    await loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
    unwrap(await loyalty.stamp({ ...member, stamps: 10 }));
    const { entry } = unwrap(await loyalty.stamp({ ...member, stamps: 2 }));
    unwrap(await loyalty.voidStamp({ ...member, entry, reason: 'counted twice' }));
    const coffee = unwrap(await loyalty.redeemStamps(member));
    unwrap(await loyalty.rewards.use({ code: coffee.voucherCode }));
    const second = unwrap(await loyalty.redeemStamps(member));
    unwrap(await loyalty.rewards.void({ code: second.voucherCode, reason: 'changed their mind' }));
    const third = unwrap(await loyalty.rewards.redeem({ ...member, rewardId: 'cake' }));
    unwrap(await loyalty.rewards.void({ code: third.voucherCode, reason: 'no cake left' }));
    unwrap(await loyalty.rewards.redeem({ ...member, rewardId: 'cake' }));
    const read = () => readStatistics(store, { programId: 'miles' }, clock.at);
    return { loyalty, clock, read };
  }

  test('are what was given, taken, brought back and handed out', async () => {
    const { read } = await cafe();
    expect(await read()).toMatchObject({
      points: { issued: 50, redeemed: 60, reversed: 30, outstanding: 20 },
      stamps: { issued: 12, voided: 2, redeemed: 5, expired: 0, outstanding: 5 },
      rewards: { redeemed: 4, voided: 2, used: 1 },
    });
  });

  test('add up over a merge of two cards, and once stamps have expired', async () => {
    const { loyalty, clock, read } = await cafe();
    const into = { programId: 'miles', customerId: 'sachin-t' };
    unwrap(await loyalty.stamp({ ...into, stamps: 3 }));
    unwrap(await loyalty.cards.merge({ from: member, into, reason: 'one and the same', actor: 'anna' }));
    const merged = await read();
    expect(merged.cards).toMatchObject({ total: 2, active: 1 });
    expect(merged.points).toMatchObject({ issued: 50, adjusted: 0, outstanding: 20 });
    expect(merged.stamps).toEqual({ issued: 15, voided: 2, redeemed: 5, expired: 0, outstanding: 8 });
    clock.at = noon + 30 * day;
    await loyalty.jobs.expirePoints();
    expect((await read()).stamps).toEqual({
      issued: 15,
      voided: 2,
      redeemed: 5,
      expired: 8,
      outstanding: 0,
    });
  });
});

test('every kind of entry counts where it belongs', async () => {
  const memory = memoryStore();
  await openShop(memory);
  const of = async (kind: (typeof entryKinds)[number]) => {
    const store = {
      ...memory,
      tallies: async () => [{ group: '', kind, entries: 1, points: 100, stamps: 10 }],
      cardSums: async () => ({
        cards: 0,
        active: 0,
        recentlyActive: 0,
        outstanding: 0,
        debt: 0,
        stamps: 0,
      }),
    };
    const { points, stamps, rewards } = await readStatistics(store, { programId: 'miles' }, noon + hour);
    return Object.entries({ points, stamps, rewards })
      .flatMap(([name, figures]) =>
        Object.entries(figures).map(([figure, sum]): [string, number] => [`${name} ${figure}`, sum]),
      )
      .filter(([, sum]) => sum !== 0)
      .map(([figure, sum]) => `${figure} ${sum}`)
      .join(', ');
  };
  const counted = await Promise.all(entryKinds.map(async (kind) => [kind, await of(kind)]));
  expect(Object.fromEntries(counted)).toEqual({
    earn: 'points issued 100',
    award: 'points issued 100',
    welcome: 'points issued 100',
    redeem: 'points redeemed -100',
    expire: 'points expired -100',
    adjust: 'points adjusted 100',
    'claw-back': 'points reversed 100',
    restore: 'points reversed 100',
    reverse: 'points reversed 100',
    confirm: 'points reversed 100',
    cancel: 'points reversed 100',
    stamp: 'stamps issued 10',
    'void-stamp': 'stamps voided -10',
    'expire-stamps': 'stamps expired -10',
    reward: 'points redeemed -100, stamps redeemed -10, rewards redeemed 1',
    'void-reward': 'points reversed 100, stamps redeemed -10, rewards voided 1',
    'merge-out': 'points adjusted 100',
    'merge-in': 'points adjusted 100',
    'use-voucher': 'rewards used 1',
    deactivate: '',
    reactivate: '',
    'rotate-qr': '',
    anonymise: '',
  });
});

test.each<[string, object]>([
  ['programId', {}],
  ['from', { programId: 'miles', from: '2026-02-30' }],
  ['from', { programId: 'miles', from: '2026-01-15T00:00:00Z' }],
  ['to', { programId: 'miles', from: '2026-01-16', to: '2026-01-15' }],
  ['activeDays', { programId: 'miles', activeDays: 0 }],
  ['activeDays', { programId: 'miles', activeDays: 3651 }],
  ['by', { programId: 'miles', by: 'hour' }],
])('statistics refuse a wrong %s: %j', async (field, query) => {
  const { read } = await month();
  await expect(read(query as StatisticsQuery)).rejects.toMatchObject({ code: 'INVALID_COMMAND', field });
});

test.each<[StatisticsQuery]>([[{ programId: 'kilometres' }], [{ programId: 'other', merchantId: 'cathay' }]])(
  'statistics refuse a program that there is not, or not for the merchant: %j',
  async (query) => {
    const { read } = await month();
    await expect(read(query)).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
  },
);
