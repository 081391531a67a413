import { LoyaltyError, unwrap } from '@loyalty-engine/core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ShopDatabase } from '../database/shop-database.ts';
import { GatewayError, type PaymentGateway } from '../payments/payment-gateway.ts';
import { cathayMiles, memberOf } from '../program.ts';
import { checkoutRequestSchema } from './checkout-request.ts';
import { type Client, openTestShop, type TestShop } from './open-test-shop.test-data.ts';
import { orderPlacer } from './place-order.ts';
import { reconcile, reconcileOne } from './reconcile.ts';
import { withAmountDue } from './with-amount-due.test-data.ts';

const cart = withAmountDue({ items: [{ productId: 'CS-000001', quantity: 1 }], points: 30 });
const busy = () => new LoyaltyError('STORE_BUSY', 'locked');
const overloaded = { ok: false, code: 'OVERLOADED', message: 'Too busy' } as const;

describe.each(['sqlite', 'postgres'] as const)('money on %s', (dialect) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openTestShop(dialect, inject('postgresUrl'));
  });
  afterAll(() => shop.close());

  const settle = (services: Partial<TestShop> = {}) => reconcile({ ...shop, ...services, olderThanMs: -1 });

  /** Buys with other services than the shop's own. */
  const buyWith = (
    { id }: Client,
    card: string,
    services: { database?: ShopDatabase; gateway?: PaymentGateway },
  ) =>
    orderPlacer({ ...shop, ...services })({
      customerId: id,
      idempotencyKey: 'k',
      request: checkoutRequestSchema.parse({ ...cart, card }),
    });

  const withCheckout = (
    checkout: Partial<ShopDatabase['loyalty']['checkout']>,
    { loyalty, ...database }: ShopDatabase = shop.database,
  ): ShopDatabase => ({
    ...database,
    loyalty: { ...loyalty, checkout: { ...loyalty.checkout, ...checkout } },
  });

  const rowOf = async ({ id }: Client) => (await shop.orders(id)).at(-1);

  it('a request that comes again keeps the reconciler away, and a late authorisation charges nobody', async () => {
    const customer = await shop.customer(100);
    await customer.buy({ ...cart, card: 'pm_card_timeoutBefore' }, 'k');
    await shop.database.run('UPDATE orders SET updated_at = updated_at - 61000 WHERE customer_id = ?', [
      customer.id,
    ]);
    const authorise: PaymentGateway['authorise'] = async (order) => {
      expect(await reconcile(shop)).toMatchObject({ finished: 0 });
      // Held up for so long that it is given up meanwhile.
      await settle();
      return shop.simulator.authorise({ ...order, card: 'pm_card_visa' });
    };
    const placed = await buyWith(customer, 'pm_card_timeoutBefore', {
      gateway: { ...shop.gateway, authorise },
    });
    expect(placed.order.failure?.code).toBe('CHECKOUT_ABANDONED');
    expect(await rowOf(customer)).toMatchObject({ step: 'cancelled' });
    expect(shop.charges(placed.order.id)).toMatchObject({ authorised: 0, netCharged: 0 });
    expect(await customer.available()).toBe(100);
  });

  it('what a gateway authorises for a cancelled order all the same is freed when it tells', async () => {
    const customer = await shop.customer(100);
    const { order } = await buyWith(customer, 'pm_card_chargeDeclined', {});
    const calls: string[] = [];
    const found = { orderId: order.id, status: 'authorised' } as const;
    const gateway = {
      ...shop.gateway,
      find: async () => found as never,
      void: async () => calls.push('void') as never,
    };
    await reconcileOne({ ...shop, gateway }, order.id);
    expect(calls).toEqual(['void']);
  });

  it('a row that cannot be written after the charge: sold, and the reconciler finishes', async () => {
    const customer = await shop.customer(100);
    const run: ShopDatabase['run'] = async (sql, values) => {
      if (sql.includes("step = 'done'")) throw busy();
      return shop.database.run(sql, values);
    };
    const { order } = await buyWith(customer, 'pm_card_visa', { database: { ...shop.database, run } });
    expect(order.paymentStatus).toBe('paid');
    expect(shop.errors.at(-1)).toMatchObject({ facts: { orderId: order.id } });
    await settle();
    expect(await rowOf(customer)).toMatchObject({ step: 'done' });
    expect(shop.charges(order.id)).toMatchObject({ captured: 47_000, netCharged: 47_000 });
  });

  it('a commit that finds no database: 503 CHECKOUT_UNKNOWN, and the same request buys once', async () => {
    const customer = await shop.customer(100);
    const database = { ...shop.database, transaction: () => Promise.reject(busy()) };
    const unknown = buyWith(customer, 'pm_card_visa', { database });
    const orderId = expect.any(String);
    await expect(unknown).rejects.toMatchObject({
      status: 503,
      code: 'CHECKOUT_UNKNOWN',
      facts: { orderId, retryAfterSeconds: 2 },
    });
    const { order } = await buyWith(customer, 'pm_card_visa', {});
    expect(order.step).toBe('done');
    expect(shop.charges(order.id)).toMatchObject({ authorised: 47_000, captured: 47_000 });
  });

  it('an amount that changed since the quote: 409 with the new one, and nothing is written', async () => {
    const customer = await shop.customer(100);
    for (const amountDue of ['469.99', '0', '500.00']) {
      const refused = await customer.buy({ ...cart, amountDue, card: 'pm_card_visa' });
      const facts = { code: 'AMOUNT_CHANGED', total: '500.00', amountDue: '470.00' };
      expect([refused.status, refused.body]).toMatchObject([409, facts]);
    }
    for (const amountDue of [undefined, 470, '-1', '1.001'])
      expect((await customer.buy({ ...cart, amountDue, card: 'pm_card_visa' })).status).toBe(400);
    expect(await shop.orders(customer.id)).toEqual([]);
    expect((await customer.buy({ ...cart, amountDue: '470', card: 'pm_card_visa' })).status).toBe(201);
  });

  it('an engine that is too busy to free points: the answer stands, and the reconciler frees them', async () => {
    const customer = await shop.customer(100);
    const database = withCheckout({ cancel: async () => overloaded });
    const { order } = await buyWith(customer, 'pm_card_chargeDeclined', { database });
    expect(order).toMatchObject({ step: 'cancelling', failure: { code: 'PAYMENT_DECLINED' } });
    expect(await settle({ database })).toMatchObject({ finished: 0, failed: [{ error: { status: 503 } }] });
    await settle();
    expect(await rowOf(customer)).toMatchObject({ step: 'cancelled' });
    expect(await customer.available()).toBe(100);
  });

  it('an engine that is too busy for the reconciler: the order is sold in a later run', async () => {
    const customer = await shop.customer(100);
    await customer.buy({ ...cart, card: 'pm_card_timeoutAfter' });
    const database = withCheckout({ start: async () => overloaded });
    expect(await settle({ database })).toMatchObject({ finished: 0, failed: [{ error: { status: 503 } }] });
    expect(await settle()).toMatchObject({ finished: 1, failed: [] });
    expect(await rowOf(customer)).toMatchObject({ step: 'done' });
  });

  it('a sale whose money is refused and whose points the engine cannot move: nobody is charged, and the log says so', async () => {
    const customer = await shop.customer(100);
    const { loyalty } = shop.database;
    const refunds = { shortfall: 'reject', restoreGraceDays: 0, split: 'pro-rata' } as const;
    await loyalty.programs.publish({ ...cathayMiles, points: { ...cathayMiles.points, refunds } });
    const stock = await shop.stock('CS-000001');
    const capture = () => Promise.reject(new GatewayError('TIMEOUT', 'no line'));
    const { order } = await buyWith(customer, 'pm_card_captureFails', {
      gateway: { ...shop.gateway, capture },
    });
    unwrap(await loyalty.redeem({ ...memberOf(customer.id), points: 117, idempotencyKey: 'gone' }));
    expect(await settle()).toMatchObject({ finished: 1, failed: [] });
    await loyalty.programs.publish(cathayMiles);
    const row = await rowOf(customer);
    expect(row).toMatchObject({ step: 'cancelled', payment_status: 'failed' });
    expect(JSON.parse(row?.failure ?? '')).toMatchObject({
      code: 'PAYMENT_NOT_TAKEN',
      facts: { pointsRefusal: 'REFUND_SHORTFALL' },
    });
    expect(shop.errors.at(-1)).toMatchObject({
      facts: { orderId: order.id, err: { code: 'REFUND_SHORTFALL' } },
    });
    expect(shop.charges(order.id)).toMatchObject({ voided: 47_000, netCharged: 0 });
    expect(await shop.stock('CS-000001')).toBe(stock);
  });

  it('five orders may wait for the bank of a customer; a sixth is refused, one that waits goes on', async () => {
    const customer = await shop.customer();
    const asking = { ...cart, points: 0, amountDue: '500.00', card: 'pm_card_threeDSecureRequired' };
    for (let number = 0; number < 5; number += 1)
      expect((await customer.buy(asking, `wait ${number}`)).status).toBe(202);
    const sixth = await customer.buy(asking);
    expect([sixth.status, sixth.body.code]).toEqual([429, 'TOO_MANY_OPEN_ORDERS']);
    expect(sixth.headers.get('retry-after')).toBe('1800');
    expect((await customer.buy(asking, 'wait 0')).status).toBe(202);
    expect(await shop.orders(customer.id)).toHaveLength(5);
  });

  it('the reconciler takes the money of what is sold before it looks at older orders that are not', async () => {
    const customer = await shop.customer(100);
    for (let number = 0; number < 3; number += 1)
      await customer.buy({ ...cart, card: 'pm_card_timeoutBefore' }, `old ${number}`);
    const capture = () => Promise.reject(new GatewayError('TIMEOUT', 'no line'));
    const buyer = await shop.customer(100);
    const { order } = await buyWith(buyer, 'pm_card_visa', { gateway: { ...shop.gateway, capture } });
    expect(await reconcile({ ...shop, olderThanMs: -1, limit: 1 })).toMatchObject({ finished: 1 });
    expect(shop.charges(order.id)).toMatchObject({ captured: 47_000 });
    await settle();
  });
});
