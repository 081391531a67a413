import { unwrap } from '@loyalty-engine/core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openTestShop, type TestShop } from '../checkout/open-test-shop.test-data.ts';
import { reconcile } from '../checkout/reconcile.ts';
import { GatewayError } from '../payments/payment-gateway.ts';
import type { Simulator } from '../payments/simulator.ts';
import { memberOf } from '../program.ts';

const visa = 'pm_card_visa';
const cart = { items: [{ productId: 'CS-000001', quantity: 2 }], points: 100, card: visa };
const reason = 'Too bright';

/** What the gateway of a test answers to the next refund, if it is not to give the money back. */
let nextRefund: GatewayError | null = null;

function unreliable(simulator: Simulator): Simulator {
  return {
    ...simulator,
    async refund(payment, refund) {
      const error = nextRefund;
      nextRefund = null;
      if (error?.code === 'REFUSED') throw error;
      const refunded = await simulator.refund(payment, refund);
      if (error) throw error;
      return refunded;
    },
  };
}

describe.each(['sqlite', 'postgres'] as const)('orders on %s', (dialect) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openTestShop(dialect, inject('postgresUrl'), unreliable);
  });
  afterAll(() => shop.close());

  /** A customer who has 90 points after an order of 1000.00, paid with 100 points and 900.00. */
  async function customerWithOrder() {
    const customer = await shop.customer(100);
    const { body } = await customer.buy(cart);
    const refund = (request: object, key: string) => customer.post(`/orders/${body.id}/refund`, request, key);
    return { customer, orderId: body.id as string, refund };
  }

  it('gives a whole order back: money, spent points and earned points, once', async () => {
    const { customer, orderId, refund } = await customerWithOrder();
    const first = await refund({ reason }, 'all');
    expect([first.status, first.body]).toMatchObject([
      201,
      {
        status: 'refunded',
        refunded: '1000.00',
        moneyBack: '900.00',
        pointsReturned: 100,
        pointsTakenBack: 90,
        balance: 100,
      },
    ]);
    const again = await refund({ reason }, 'all');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(shop.charges(orderId)).toMatchObject({ captured: 90_000, refunded: 90_000, netCharged: 0 });
    expect(await customer.available()).toBe(100);
    const more = await refund({ reason }, 'more');
    expect([more.status, more.body.code]).toEqual([409, 'ORDER_FULLY_REFUNDED']);
    expect((await customer.get(`/orders/${orderId}`)).body).toMatchObject({
      refunded: '1000.00',
      refunds: [{ moneyBack: '900.00', status: 'refunded', reason }],
    });
  });

  it('gives lines and amounts back, in parts that end where one refund would', async () => {
    const { customer, orderId, refund } = await customerWithOrder();
    const line = await refund({ lines: [{ productId: 'CS-000001', quantity: 1 }], reason }, 'line');
    expect(line.body).toMatchObject({
      refunded: '500.00',
      moneyBack: '450.00',
      pointsReturned: 50,
      pointsTakenBack: 45,
    });
    const part = await refund({ amount: '100.01', reason }, 'part');
    expect(part.body).toMatchObject({ refunded: '100.01', moneyBack: '90.01', pointsReturned: 10 });
    const tooMuch = await refund({ amount: '400.00', reason }, 'too much');
    expect([tooMuch.status, tooMuch.body]).toMatchObject([
      409,
      { code: 'REFUND_EXCEEDS_ORDER', remaining: '399.99' },
    ]);
    await refund({ amount: '399.99', reason }, 'rest');
    expect(shop.charges(orderId)).toMatchObject({ refunded: 90_000, netCharged: 0 });
    expect(await customer.available()).toBe(100);
    expect((await customer.get(`/orders/${orderId}`)).body.refunds).toHaveLength(3);
    expect((await shop.database.loyalty.verify(memberOf(customer.id))).problems).toEqual([]);
  });

  it('20 duplicates of a refund at once give back once; two keys give back twice', async () => {
    const { customer, orderId, refund } = await customerWithOrder();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => refund({ amount: '100', reason }, 'same')),
    );
    expect(new Set(all.map(({ body }) => body.id)).size).toBe(1);
    expect(all.every(({ status }) => status === 201 || status === 202)).toBe(true);
    expect(shop.charges(orderId)).toMatchObject({ refunded: 9_000 });
    await refund({ amount: '100', reason }, 'other');
    expect(shop.charges(orderId)).toMatchObject({ refunded: 18_000 });
    expect((await refund({ amount: '200', reason }, 'same')).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await customer.available()).toBe(90 + 20 - 18);
  });

  it('refunds of different keys at once never give back more than the order', async () => {
    const { customer, orderId, refund } = await customerWithOrder();
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, number) => refund({ amount: '300', reason }, `key ${number}`)),
    );
    expect(all.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(all.filter(({ status }) => status === 409)).toHaveLength(3);
    expect(shop.charges(orderId)).toMatchObject({ refunded: 81_000 });
    expect(await customer.available()).toBe(90 + 90 - 81);
  });

  it('a gateway that does not answer: accepted, and the reconciler gives the money back once', async () => {
    const { orderId, refund } = await customerWithOrder();
    nextRefund = new GatewayError('TIMEOUT', 'no answer');
    const accepted = await refund({ amount: '500', reason }, 'slow');
    expect([accepted.status, accepted.body.status]).toEqual([202, 'pending']);
    expect(await reconcile({ ...shop, olderThanMs: 0 })).toMatchObject({ finished: 1, failed: [] });
    const again = await refund({ amount: '500', reason }, 'slow');
    expect([again.status, again.body]).toEqual([201, { ...accepted.body, status: 'refunded' }]);
    expect(shop.charges(orderId)).toMatchObject({ refunded: 45_000 });
  });

  it('a gateway that refuses for good: the refund says why, and an admin tries the same again', async () => {
    const { orderId, refund } = await customerWithOrder();
    nextRefund = new GatewayError('REFUSED', 'disputed');
    const failed = await refund({ amount: '500', reason }, 'refused');
    expect([failed.status, failed.body]).toMatchObject([202, { status: 'failed', problem: 'disputed' }]);
    expect(shop.errors.at(-1)).toMatchObject({ facts: { refundId: failed.body.id, problem: 'disputed' } });
    expect(await reconcile({ ...shop, olderThanMs: 0 })).toEqual({ finished: 0, waiting: 0, failed: [] });
    expect((await refund({ amount: '500', reason }, 'refused')).body).toEqual(failed.body);
    const admin = shop.clientOf('admin');
    const again = await admin.post(`/orders/${orderId}/refund`, { amount: '500', reason }, 'refused');
    expect([again.status, again.body]).toMatchObject([201, { status: 'refunded', problem: null }]);
    expect(shop.charges(orderId)).toMatchObject({ refunded: 45_000 });
  });

  it('an order paid with points alone gives points back and asks the gateway for nothing', async () => {
    const customer = await shop.customer(500);
    const { body } = await customer.buy({ items: [{ productId: 'CS-000001', quantity: 1 }], points: 500 });
    const refunded = await customer.post(`/orders/${body.id}/refund`, { reason }, 'points');
    expect(refunded.body).toMatchObject({
      moneyBack: '0.00',
      pointsReturned: 500,
      balance: 500,
      status: 'refunded',
    });
  });

  it('earned points that were spent since are owed', async () => {
    const { customer, refund } = await customerWithOrder();
    unwrap(
      await shop.database.loyalty.redeem({ ...memberOf(customer.id), points: 90, idempotencyKey: 'gone' }),
    );
    const refunded = await refund({ reason }, 'all');
    expect(refunded.body).toMatchObject({ pointsReturned: 100, pointsTakenBack: 90, balance: 10 });
  });

  it.each([
    ['no reason', {}],
    ['an amount and lines', { amount: '1', lines: [{ productId: 'CS-000001', quantity: 1 }], reason }],
    ['an amount of zero', { amount: '0.00', reason }],
    ['a negative amount', { amount: '-1', reason }],
    ['too many decimals', { amount: '1.001', reason }],
    ['an amount that is a number', { amount: 1, reason }],
    ['no quantity', { lines: [{ productId: 'CS-000001' }], reason }],
    ['an unknown field', { orderId: 'x', reason }],
    ['a reason with a control character', { reason: 'a\u0000b' }],
  ])('refuses %s', async (_what, request) => {
    const { customer, refund } = await customerWithOrder();
    const refused = await refund(request, 'wrong');
    expect([refused.status, refused.body.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(await customer.available()).toBe(90);
  });

  it('refuses a line that the order does not have, a key that is missing, and an order that failed', async () => {
    const { customer, orderId, refund } = await customerWithOrder();
    expect((await refund({ lines: [{ productId: 'CS-000002', quantity: 1 }], reason }, 'l')).body.code).toBe(
      'LINE_NOT_FOUND',
    );
    expect((await customer.post(`/orders/${orderId}/refund`, { reason })).body.code).toBe(
      'IDEMPOTENCY_KEY_REQUIRED',
    );
    await customer.buy({ ...cart, points: 0, card: 'pm_card_chargeDeclined' });
    const failed = (await shop.orders(customer.id)).find(({ payment_status }) => payment_status === 'failed');
    expect((await customer.post(`/orders/${failed?.id}/refund`, { reason }, 'f')).body.code).toBe(
      'ORDER_NOT_PAID',
    );
  });

  it('lets a customer return for 14 days, an admin always, and nobody else at all', async () => {
    const { customer, orderId, refund } = await customerWithOrder();
    const stranger = await shop.customer();
    const admin = shop.clientOf('admin');
    const path = `/orders/${orderId}/refund`;
    for (const nobody of [
      await stranger.post(path, { reason }, 's'),
      await stranger.get(`/orders/${orderId}`),
    ]) {
      expect([nobody.status, nobody.body.code]).toEqual([404, 'ORDER_NOT_FOUND']);
    }
    expect((await stranger.get('/orders/unknown')).body).toEqual(
      (await stranger.get(`/orders/${orderId}`)).body,
    );
    expect((await shop.clientOf('').post(path, { reason }, 'n')).status).toBe(401);
    const later = 'UPDATE orders SET created_at = created_at - ? WHERE id = ?';
    await shop.database.run(later, [14 * 86_400_000, orderId]);
    const late = await refund({ amount: '1', reason }, 'late');
    expect([late.status, late.body.code]).toEqual([409, 'RETURN_PERIOD_OVER']);
    expect((await admin.post(path, { amount: '1', reason }, 'admin')).status).toBe(201);
    expect((await admin.get(`/orders/${orderId}`)).body.id).toBe(orderId);
    expect((await customer.get(`/orders/${orderId}`)).body.refunded).toBe('1.00');
  });

  it("lists a customer's own orders, newest first, page by page", async () => {
    const customer = await shop.customer();
    const one = { items: [{ productId: 'CS-000002', quantity: 1 }], card: visa };
    const made: string[] = [];
    for (let number = 0; number < 5; number += 1) made.unshift((await customer.buy(one)).body.id);
    await customerWithOrder();
    const listed: string[] = [];
    let path = '/orders/?limit=2';
    for (;;) {
      const { status, body } = await customer.get(path);
      expect(status).toBe(200);
      listed.push(...body.orders.map(({ id }: { id: string }) => id));
      if (body.nextCursor === null) break;
      path = `/orders/?limit=2&cursor=${body.nextCursor}`;
    }
    expect(listed).toEqual(made);
    for (const query of ['limit=0', 'limit=x', 'cursor=nonsense', 'customerId=admin'])
      expect((await customer.get(`/orders/?${query}`)).status).toBe(400);
  });
});
