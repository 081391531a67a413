import { unwrap } from '@loyalty-engine/core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { orderWithId } from '../orders/order-rows.ts';
import { GatewayError } from '../payments/payment-gateway.ts';
import type { Simulator } from '../payments/simulator.ts';
import { cathayMiles, memberOf } from '../program.ts';
import { holdOf } from './cancel-order.ts';
import { type Client, openTestShop, type TestShop } from './open-test-shop.test-data.ts';
import { reconcile, reconcileOne } from './reconcile.ts';

const cart = { items: [{ productId: 'CS-000001', quantity: 1 }], points: 30 };

const source = { type: 'test', id: 'back' };

/** What the gateway of a test does wrong next, if anything; each entry goes wrong once. */
const broken = new Map<string, 'before' | 'after'>();

/** A simulator whose line breaks where a test says so: before the call arrives, or after it did its work. */
function unreliable(simulator: Simulator): Simulator {
  const breaking =
    <Arguments extends unknown[], Result>(name: string, call: (...all: Arguments) => Promise<Result>) =>
    async (...all: Arguments): Promise<Result> => {
      const where = broken.get(name);
      broken.delete(name);
      if (where === 'before') throw new GatewayError('UNAVAILABLE', `${name}: no line`);
      const result = await call(...all);
      if (where === 'after') throw new GatewayError('TIMEOUT', `${name}: no answer`);
      return result;
    };
  return {
    ...simulator,
    authorise: breaking('authorise', simulator.authorise),
    find: breaking('find', simulator.find),
    capture: breaking('capture', simulator.capture),
    void: breaking('void', simulator.void),
    refund: breaking('refund', simulator.refund),
  };
}

describe.each(['sqlite', 'postgres'] as const)('a checkout that fails on %s', (dialect) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openTestShop(dialect, inject('postgresUrl'), unreliable);
  });
  afterAll(() => shop.close());

  const settle = (): ReturnType<typeof reconcile> => reconcile({ ...shop, olderThanMs: 0 });

  const halfAnHourLater = (orderId: string) =>
    shop.database.run('UPDATE orders SET created_at = created_at - ? WHERE id = ?', [30 * 60_000, orderId]);

  /** Nothing is left of it: neither a charge, nor a hold, nor a product that is missing. */
  async function expectUndone(customer: Client, code: string, stock: number): Promise<void> {
    const [order, ...others] = await shop.orders(customer.id);
    expect(others).toEqual([]);
    expect(order).toMatchObject({ payment_status: 'failed', step: 'cancelled' });
    expect(JSON.parse(order?.failure ?? '').code).toBe(code);
    expect(shop.charges(order?.id ?? '')?.netCharged ?? 0).toBe(0);
    const { authorised = 0, captured = 0, voided = 0 } = shop.charges(order?.id ?? '') ?? {};
    expect(authorised - captured - voided).toBe(0);
    expect(await shop.database.loyalty.balance(memberOf(customer.id))).toMatchObject({
      available: 100,
      held: 0,
    });
    expect(await shop.stock('CS-000001')).toBe(stock);
    expect((await shop.database.loyalty.verify(memberOf(customer.id))).problems).toEqual([]);
  }

  async function expectSold(customer: Client, points = 117): Promise<void> {
    const [order, ...others] = await shop.orders(customer.id);
    expect(others).toEqual([]);
    expect(order).toMatchObject({ payment_status: 'paid', step: 'done' });
    expect(shop.charges(order?.id ?? '')).toMatchObject({
      authorised: 47_000,
      captured: 47_000,
      netCharged: 47_000,
    });
    expect(await shop.database.loyalty.balance(memberOf(customer.id))).toMatchObject({
      available: points,
      held: 0,
    });
    expect((await shop.database.loyalty.verify(memberOf(customer.id))).problems).toEqual([]);
  }

  it.each([
    ['pm_card_chargeDeclined', 'card_declined'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_nobody_knows', 'invalid_card'],
  ])('%s: 402 with the reason, and everything is as before', async (card, declineCode) => {
    const customer = await shop.customer(100);
    const stock = await shop.stock('CS-000001');
    const declined = await customer.buy({ ...cart, card }, 'declined');
    expect([declined.status, declined.body]).toMatchObject([402, { code: 'PAYMENT_DECLINED', declineCode }]);
    await expectUndone(customer, 'PAYMENT_DECLINED', stock);
    const again = await customer.buy({ ...cart, card }, 'declined');
    expect([again.status, again.body]).toEqual([402, declined.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('tries again after a decline with a new key, which is a new order', async () => {
    const customer = await shop.customer(100);
    await customer.buy({ ...cart, card: 'pm_card_chargeDeclined' }, 'first');
    const sameKey = await customer.buy({ ...cart, card: 'pm_card_visa' }, 'first');
    expect(sameKey.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await customer.buy({ ...cart, card: 'pm_card_visa' }, 'second')).status).toBe(201);
    expect(await shop.orders(customer.id)).toMatchObject([{ step: 'cancelled' }, { step: 'done' }]);
    expect(await customer.available()).toBe(117);
  });

  it('points that are not there: 409 with the facts, and the order is over', async () => {
    const customer = await shop.customer(20);
    const refused = await customer.buy({ ...cart, card: 'pm_card_visa' });
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { code: 'NOT_ENOUGH_POINTS', requested: 30, available: 20, limit: 20 },
    ]);
    const [order] = await shop.orders(customer.id);
    expect(order).toMatchObject({ step: 'cancelled', payment_status: 'failed' });
    // Whoever comes to the gateway for it now, as a request that was held up, charges nobody.
    const late = { orderId: order?.id ?? '', amountMinor: 47_000, currency: 'INR', card: 'pm_card_visa' };
    expect((await shop.gateway.authorise(late)).status).toBe('voided');
    expect(await shop.database.loyalty.balance(memberOf(customer.id))).toMatchObject({
      available: 20,
      held: 0,
    });
  });

  it("a card that needs the customer's bank: 202, and the same request goes on once they agreed", async () => {
    const customer = await shop.customer(100);
    const request = { ...cart, card: 'pm_card_threeDSecureRequired' };
    const asked = await customer.buy(request, 'bank');
    expect([asked.status, asked.body]).toMatchObject([202, { status: 'requires-action' }]);
    expect(asked.headers.get('idempotent-replayed')).toBeNull();
    expect(asked.body.action.url).toMatch(/^\/payments\/simulator\//);
    expect(await shop.database.loyalty.balance(memberOf(customer.id))).toMatchObject({
      available: 70,
      held: 30,
    });
    expect((await customer.buy(request, 'bank')).status).toBe(202);
    await shop.simulator.confirmAction(asked.body.action.url.split('/').at(-1), true);
    const bought = await customer.buy(request, 'bank');
    expect([bought.status, bought.body.id]).toEqual([201, asked.body.orderId]);
    await expectSold(customer);
  });

  it('a customer who refuses at their bank: declined, and everything is as before', async () => {
    const customer = await shop.customer(100);
    const stock = await shop.stock('CS-000001');
    const request = { ...cart, card: 'pm_card_threeDSecureRequired' };
    const asked = await customer.buy(request, 'bank');
    await shop.simulator.confirmAction(asked.body.action.url.split('/').at(-1), false);
    expect((await customer.buy(request, 'bank')).body).toMatchObject({
      declineCode: 'authentication_failed',
    });
    await expectUndone(customer, 'PAYMENT_DECLINED', stock);
  });

  it('a customer who never goes to their bank: the reconciler waits half an hour, then gives the order up', async () => {
    const customer = await shop.customer(100);
    const stock = await shop.stock('CS-000001');
    const asked = await customer.buy({ ...cart, card: 'pm_card_threeDSecureRequired' });
    broken.set('find', 'before');
    expect(await settle()).toEqual({ finished: 0, waiting: 0, failed: [] });
    expect(broken.delete('find')).toBe(true);
    expect(await shop.database.loyalty.balance(memberOf(customer.id))).toMatchObject({ held: 30 });
    await halfAnHourLater(asked.body.orderId);
    expect(await settle()).toMatchObject({ finished: 1, waiting: 0, failed: [] });
    await expectUndone(customer, 'CHECKOUT_ABANDONED', stock);
  });

  it('a customer who agreed at their bank and left: the reconciler commits the order, also when the gateway calls', async () => {
    for (const finish of [settle, null]) {
      const customer = await shop.customer(100);
      const asked = await customer.buy({ ...cart, card: 'pm_card_threeDSecureRequired' });
      await reconcileOne(shop, asked.body.orderId);
      expect(await shop.orders(customer.id)).toMatchObject([{ step: 'placing' }]);
      await shop.simulator.confirmAction(asked.body.action.url.split('/').at(-1), true);
      await halfAnHourLater(asked.body.orderId);
      if (finish) await finish();
      else await reconcileOne(shop, asked.body.orderId);
      await expectSold(customer);
    }
  });

  it('a lost answer to the authorisation: 503, and the same request goes on without a second charge', async () => {
    const customer = await shop.customer(100);
    const request = { ...cart, card: 'pm_card_timeoutAfter' };
    const unknown = await customer.buy(request, 'lost');
    expect([unknown.status, unknown.body.code]).toEqual([503, 'CHECKOUT_UNKNOWN']);
    expect(unknown.headers.get('retry-after')).toBe('2');
    expect((await customer.buy(request, 'lost')).status).toBe(201);
    await expectSold(customer);
  });

  it('a lost answer to the authorisation, and nobody asks again: the reconciler commits the order', async () => {
    const customer = await shop.customer(100);
    await customer.buy({ ...cart, card: 'pm_card_timeoutAfter' });
    expect(await settle()).toMatchObject({ finished: 1, failed: [] });
    await expectSold(customer);
  });

  it('a card that never answers: 503 each time, and the reconciler gives the order up', async () => {
    const customer = await shop.customer(100);
    const stock = await shop.stock('CS-000001');
    const request = { ...cart, card: 'pm_card_timeoutBefore' };
    for (let time = 0; time < 2; time += 1) expect((await customer.buy(request, 'never')).status).toBe(503);
    await settle();
    await expectUndone(customer, 'CHECKOUT_ABANDONED', stock);
    expect((await customer.buy(request, 'never')).body.code).toBe('CHECKOUT_ABANDONED');
  });

  it('money that cannot be taken after all: the sale is taken back, points, earnings and stock', async () => {
    const customer = await shop.customer(100);
    const stock = await shop.stock('CS-000001');
    const failed = await customer.buy({ ...cart, card: 'pm_card_captureFails' }, 'capture');
    expect([failed.status, failed.body.code]).toEqual([402, 'PAYMENT_NOT_TAKEN']);
    await expectUndone(customer, 'PAYMENT_NOT_TAKEN', stock);
    expect(await shop.entries(customer.id)).toEqual([
      ['award', 100],
      ['redeem', -30],
      ['earn', 47],
      ['restore', 30],
      ['claw-back', -47],
    ]);
  });

  it.each(['before', 'after'] as const)(
    'a capture that breaks %s it is done: sold, and the money is taken once',
    async (where) => {
      const customer = await shop.customer(100);
      broken.set('capture', where);
      const bought = await customer.buy({ ...cart, card: 'pm_card_visa' });
      expect([bought.status, bought.body.paymentStatus]).toEqual([201, 'paid']);
      expect(await shop.orders(customer.id)).toMatchObject([{ step: 'committed', payment_status: 'paid' }]);
      expect(
        (await customer.post(`/orders/${bought.body.id}/refund`, { reason: 'Early' }, 'r')).body.code,
      ).toBe('ORDER_NOT_SETTLED');
      await settle();
      await expectSold(customer);
    },
  );

  it('pm_card_captureTimesOutOnce: sold, and the same request takes the money', async () => {
    const customer = await shop.customer(100);
    const request = { ...cart, card: 'pm_card_captureTimesOutOnce' };
    expect((await customer.buy(request, 'slow')).status).toBe(201);
    expect((await customer.buy(request, 'slow')).status).toBe(201);
    await expectSold(customer);
  });

  it.each(['before', 'after'] as const)(
    'a void that breaks %s it is done is made again by the reconciler',
    async (where) => {
      const customer = await shop.customer(100);
      const stock = await shop.stock('CS-000001');
      broken.set('void', where);
      const failed = await customer.buy({ ...cart, card: 'pm_card_captureFails' });
      expect(failed.body.code).toBe('PAYMENT_NOT_TAKEN');
      expect(await shop.orders(customer.id)).toMatchObject([{ step: 'cancelling' }]);
      await settle();
      await expectUndone(customer, 'PAYMENT_NOT_TAKEN', stock);
    },
  );

  it('stock that went between pricing and the sale: nothing is charged, the points are free', async () => {
    const customer = await shop.customer(100);
    const asked = await customer.buy({
      items: [{ productId: 'CS-000003', quantity: 3 }],
      points: 30,
      card: 'pm_card_threeDSecureRequired',
    });
    await shop.database.run("UPDATE products SET stock = 2 WHERE id = 'CS-000003'");
    await halfAnHourLater(asked.body.orderId);
    await shop.simulator.confirmAction(asked.body.action.url.split('/').at(-1), true);
    await settle();
    await expectUndone(customer, 'OUT_OF_STOCK', await shop.stock('CS-000001'));
    expect(shop.charges(asked.body.orderId)).toMatchObject({
      authorised: 27_000,
      voided: 27_000,
      captured: 0,
    });
    await shop.database.run("UPDATE products SET stock = 3 WHERE id = 'CS-000003'");
  });

  it('one order that cannot be finished keeps no other waiting', async () => {
    const [one, other] = [await shop.customer(100), await shop.customer(100)];
    for (const customer of [one, other]) await customer.buy({ ...cart, card: 'pm_card_timeoutAfter' });
    broken.set('find', 'before');
    expect(await settle()).toMatchObject({ finished: 1, failed: [{ error: { code: 'UNAVAILABLE' } }] });
    expect(await settle()).toMatchObject({ finished: 1, failed: [] });
    await expectSold(one);
    await expectSold(other);
  });

  it('leaves young orders alone, and does at most so many at a time', async () => {
    const customer = await shop.customer(100);
    for (let time = 0; time < 3; time += 1) await customer.buy({ ...cart, card: 'pm_card_timeoutBefore' });
    expect(await reconcile({ ...shop, olderThanMs: 60_000 })).toEqual({
      finished: 0,
      waiting: 0,
      failed: [],
    });
    expect(await reconcile({ ...shop, olderThanMs: 0, limit: 2 })).toMatchObject({ finished: 2 });
    expect(await settle()).toMatchObject({ finished: 1 });
  });

  /** Ends an order's hold, as time would. */
  async function endHold(orderId: string): Promise<void> {
    const order = await orderWithId(shop.database, orderId);
    const { holdId } = unwrap(await shop.database.loyalty.checkout.start(holdOf(order)));
    unwrap(await shop.database.loyalty.checkout.cancel({ ...memberOf(order.customerId), holdId }));
  }

  it('a hold that ended before the customer agreed: sold, if the points are still there', async () => {
    const customer = await shop.customer(100);
    const request = { ...cart, card: 'pm_card_threeDSecureRequired' };
    const asked = await customer.buy(request, 'late');
    await shop.simulator.confirmAction(asked.body.action.url.split('/').at(-1), true);
    await endHold(asked.body.orderId);
    expect((await customer.buy(request, 'late')).status).toBe(201);
    await expectSold(customer);
  });

  it('a hold that ended, and its points went elsewhere: nothing is charged', async () => {
    const customer = await shop.customer(100);
    const stock = await shop.stock('CS-000001');
    const request = { ...cart, card: 'pm_card_threeDSecureRequired' };
    const asked = await customer.buy(request, 'too late');
    await shop.simulator.confirmAction(asked.body.action.url.split('/').at(-1), true);
    await endHold(asked.body.orderId);
    unwrap(
      await shop.database.loyalty.redeem({
        ...memberOf(customer.id),
        points: 80,
        idempotencyKey: 'elsewhere',
      }),
    );
    const refused = await customer.buy(request, 'too late');
    expect([refused.status, refused.body]).toMatchObject([409, { code: 'NOT_ENOUGH_POINTS', available: 20 }]);
    await settle();
    unwrap(
      await shop.database.loyalty.award({ ...memberOf(customer.id), points: 80, source, reason: 'Test' }),
    );
    await expectUndone(customer, 'NOT_ENOUGH_POINTS', stock);
  });

  it('a value of points that changed meanwhile: the order is refused rather than charged otherwise', async () => {
    const customer = await shop.customer(100);
    const stock = await shop.stock('CS-000001');
    const { loyalty } = shop.database;
    const request = { ...cart, card: 'pm_card_threeDSecureRequired' };
    const asked = await customer.buy(request, 'value');
    await shop.simulator.confirmAction(asked.body.action.url.split('/').at(-1), true);
    await endHold(asked.body.orderId);
    const redeem = { valuePerPoint: '0.5' };
    await loyalty.programs.publish({ ...cathayMiles, points: { ...cathayMiles.points, redeem } });
    const refused = await customer.buy(request, 'value');
    await loyalty.programs.publish(cathayMiles);
    expect([refused.status, refused.body.code]).toEqual([409, 'AMOUNT_CHANGED']);
    await settle();
    await expectUndone(customer, 'AMOUNT_CHANGED', stock);
  });
});
