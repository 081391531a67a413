import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../commands/outcome.ts';
import { member, milesProgram, noon, openShop } from '../fixtures.test-data.ts';
import { type OrderQuery, type OrdersOf, readOrders } from './read-orders.ts';

/** Orders of two customers: earned on, paid with points, and half of it taken back. */
async function till() {
  const store = memoryStore();
  const shop = await openShop(store);
  const { loyalty } = shop;
  await loyalty.programs.publish(milesProgram({}, { id: 'yen', currency: 'JPY' }));
  await loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
  await loyalty.checkout
    .start({ ...member, order: { id: 'B', total: '100' }, points: 40 })
    .then((started) => {
      const { holdId } = unwrap(started);
      return loyalty.checkout.complete({ ...member, holdId });
    });
  await loyalty.refund({ ...member, orderId: 'B', amount: '50', reason: 'half of it returned' });
  await loyalty.redeem({ ...member, order: { id: 'C', total: '100' }, points: 10 });
  await loyalty.earn({ ...member, customerId: 'anil', order: { id: 'A', total: '99.90' } });
  const read = (of: OrdersOf, query: OrderQuery = {}) => readOrders(store, of, query, noon);
  return { ...shop, read };
}

describe('the orders of a card', () => {
  test('show what each earned, was paid with, and what went back', async () => {
    const { read } = await till();
    const { orders, nextCursor } = await read(member);
    expect(nextCursor).toBeNull();
    const untouched = { restored: 0, reversed: 0, clawedBack: 0, moneyBack: '0.00' };
    const card = { cardId: expect.any(String), programVersion: 1 };
    expect(orders).toEqual([
      {
        ...card,
        ...untouched,
        orderId: 'A',
        payable: '500.00',
        earned: 50,
        redeemed: { points: 0, value: '0.00' },
      },
      {
        ...card,
        orderId: 'B',
        payable: '100.00',
        earned: 6,
        redeemed: { points: 40, value: '40.00' },
        restored: 20,
        reversed: 0,
        clawedBack: 3,
        moneyBack: '30.00',
      },
      {
        ...card,
        ...untouched,
        orderId: 'C',
        payable: '100.00',
        earned: null,
        redeemed: { points: 10, value: '10.00' },
      },
    ]);
  });

  test('show points that were given back by reference apart', async () => {
    const { read, loyalty } = await till();
    const { entries } = await loyalty.statement(member, { kinds: ['redeem'] });
    const entry = entries.at(-1)?.seq as number;
    await loyalty.reverse({ ...member, entry, points: 4, reason: 'never taken' });
    expect((await read(member)).orders.at(-1)).toMatchObject({
      orderId: 'C',
      redeemed: { points: 10 },
      restored: 0,
      reversed: 4,
    });
  });

  test('are none where the customer has no card yet', async () => {
    const { read } = await till();
    expect(await read({ ...member, customerId: 'new' })).toEqual({ orders: [], nextCursor: null });
  });
});

describe('the orders of a program', () => {
  test('are those of all its cards', async () => {
    const { read } = await till();
    const { orders } = await read({ programId: 'miles' });
    expect(orders.map(({ orderId }) => orderId).sort()).toEqual(['A', 'A', 'B', 'C']);
    expect(await read({ programId: 'yen' })).toEqual({ orders: [], nextCursor: null });
  });

  test('have amounts in its currency', async () => {
    const { read, loyalty } = await till();
    await loyalty.earn({ programId: 'yen', customerId: 'sachin', order: { id: 'Y', total: '1200' } });
    expect((await read({ programId: 'yen' })).orders).toMatchObject([{ payable: '1200', moneyBack: '0' }]);
  });

  test.each([1, 2, 3])('come in pages of %i, which are together all', async (limit) => {
    const { read } = await till();
    const whole = await read({ programId: 'miles' });
    const pages = [await read({ programId: 'miles' }, { limit })];
    while (pages.at(-1)?.nextCursor)
      pages.push(await read({ programId: 'miles' }, { limit, cursor: pages.at(-1)?.nextCursor as string }));
    expect(pages.flatMap(({ orders }) => orders)).toEqual(whole.orders);
    expect(pages).toHaveLength(Math.ceil(4 / limit));
  });
});

describe('reading orders', () => {
  test.each<[string, object, object]>([
    ['limit', member, { limit: 0 }],
    ['cursor', member, { cursor: '["a"]' }],
    ['programId', {}, {}],
    ['programId', { customerId: 'sachin' }, {}],
    ['programId', { merchantId: 'cathay' }, {}],
  ])('refuses a wrong %s: %j %j', async (field, of, query) => {
    const { read } = await till();
    await expect(read(of as OrdersOf, query)).rejects.toMatchObject({ code: 'INVALID_COMMAND', field });
  });

  test.each<[string, OrdersOf]>([
    ['PROGRAM_NOT_FOUND', { programId: 'kilometres' }],
    ['PROGRAM_NOT_FOUND', { programId: 'kilometres', customerId: 'sachin' }],
    ['PROGRAM_NOT_FOUND', { programId: 'miles', merchantId: 'rival' }],
    ['CARD_NOT_FOUND', { ...member, merchantId: 'rival' }],
    ['CARD_NOT_FOUND', { cardId: 'nothing' }],
  ])('%s for %j', async (code, of) => {
    const { read } = await till();
    await expect(read(of)).rejects.toMatchObject({ code });
  });
});
