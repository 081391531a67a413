import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkoutRequestSchema } from './checkout-request.ts';
import { openPlace } from './open-test-database.test-data.ts';
import { openTestShop, type TestShop } from './open-test-shop.test-data.ts';
import { orderPlacer } from './place-order.ts';
import { reconcile } from './reconcile.ts';
import { withAmountDue } from './with-amount-due.test-data.ts';

const lamp = [{ productId: 'CS-000001', quantity: 1 }];
const visa = 'pm_card_visa';

describe.each(['sqlite', 'postgres'] as const)('checkout on %s', (dialect) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openTestShop(dialect, inject('postgresUrl'));
  });
  afterAll(() => shop.close());

  it('sells for points and money: points go, the card is charged once, the money part earns', async () => {
    const customer = await shop.customer(100);
    const stockBefore = await shop.stock('CS-000001');
    const bought = await customer.buy({ items: lamp, points: 30, card: visa });
    expect(bought.status).toBe(201);
    expect(bought.body).toMatchObject({
      paymentStatus: 'paid',
      total: '500.00',
      points: 30,
      pointsValue: '30.00',
      amountDue: '470.00',
      pointsEarned: 47,
      items: [{ productId: 'CS-000001', quantity: 1, unitPrice: '500.00', total: '500.00' }],
    });
    expect(bought.headers.get('location')).toBe(`/orders/${bought.body.id}`);
    expect(await shop.entries(customer.id)).toEqual([
      ['award', 100],
      ['redeem', -30],
      ['earn', 47],
    ]);
    expect(shop.charges(bought.body.id)).toMatchObject({
      authorised: 47_000,
      captured: 47_000,
      netCharged: 47_000,
    });
    expect(await shop.orders(customer.id)).toMatchObject([{ step: 'done', payment_status: 'paid' }]);
    expect(await shop.stock('CS-000001')).toBe(stockBefore - 1);
  });

  it('sells for money alone and for points alone; the latter needs no card and charges none', async () => {
    const customer = await shop.customer(500);
    expect((await customer.buy({ items: lamp, card: visa })).body).toMatchObject({
      points: 0,
      pointsEarned: 50,
    });
    const free = await customer.buy({ items: lamp, points: 500 });
    expect(free.body).toMatchObject({ amountDue: '0.00', pointsEarned: 0, paymentStatus: 'paid' });
    expect(shop.charges(free.body.id)).toBeNull();
    expect(await customer.available()).toBe(50);
    const [, last] = await shop.orders(customer.id);
    expect(last?.step).toBe('done');
  });

  it('sells several products at once, at the prices of the shop', async () => {
    const customer = await shop.customer();
    const items = [
      { productId: 'CS-000002', quantity: 3 },
      { productId: 'CS-000001', quantity: 2 },
    ];
    const before = [await shop.stock('CS-000001'), await shop.stock('CS-000002')];
    const bought = await customer.buy({ items, card: visa });
    expect(bought.body).toMatchObject({ total: '1598.50', amountDue: '1598.50', pointsEarned: 159 });
    expect([await shop.stock('CS-000001'), await shop.stock('CS-000002')]).toEqual([
      Number(before[0]) - 2,
      Number(before[1]) - 3,
    ]);
  });

  it('answers the same request with the same key the same, and says so; it charges nothing twice', async () => {
    const customer = await shop.customer(100);
    const first = await customer.buy({ items: lamp, points: 10, card: visa }, 'once');
    const again = await customer.buy({ card: visa, points: 10, items: lamp }, 'once');
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(shop.charges(first.body.id)).toMatchObject({ captured: 49_000, netCharged: 49_000 });
    expect(await customer.available()).toBe(100 - 10 + 49);
  });

  it('refuses a key that comes again with other content', async () => {
    const customer = await shop.customer();
    await customer.buy({ items: lamp, card: visa }, 'one-key');
    const other = await customer.buy(
      { items: [{ productId: 'CS-000001', quantity: 2 }], card: visa },
      'one-key',
    );
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await shop.orders(customer.id)).toHaveLength(1);
  });

  it('lets two customers use the same key', async () => {
    const [one, other] = [await shop.customer(), await shop.customer()];
    const ids = [
      await one.buy({ items: lamp, card: visa }, 'k'),
      await other.buy({ items: lamp, card: visa }, 'k'),
    ];
    expect(ids.map(({ status }) => status)).toEqual([201, 201]);
    expect(ids[0]?.body.id).not.toBe(ids[1]?.body.id);
  });

  it('200 duplicates with one key at once: one order, one charge, one burn, one earn', async () => {
    const customer = await shop.customer(100);
    const all = await Promise.all(
      Array.from({ length: 200 }, () => customer.buy({ items: lamp, points: 40, card: visa }, 'two hundred')),
    );
    expect(new Set(all.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
    expect(all[0]?.status).toBe(201);
    const orders = await shop.orders(customer.id);
    expect(orders).toMatchObject([{ step: 'done' }]);
    expect(shop.charges(orders[0]?.id ?? '')).toMatchObject({ authorised: 46_000, captured: 46_000 });
    expect(await shop.entries(customer.id)).toEqual([
      ['award', 100],
      ['redeem', -40],
      ['earn', 46],
    ]);
  });

  it('40 duplicates in two processes: one order, one charge, one burn, one earn', async () => {
    const customer = await shop.customer(100);
    const second = await openPlace(shop.place);
    const request = checkoutRequestSchema.parse(withAmountDue({ items: lamp, points: 40, card: visa }));
    const purchase = { customerId: customer.id, idempotencyKey: 'two processes', request };
    const placers = [shop.database, second].flatMap((database) =>
      // A placer each, so that none shares another's walk.
      Array.from({ length: 20 }, () => orderPlacer({ ...shop, database })),
    );
    const all = await Promise.all(placers.map((place) => place(purchase)));
    await second.close();
    expect(new Set(all.map(({ order }) => order.id)).size).toBe(1);
    expect(all.every(({ order }) => order.paymentStatus === 'paid')).toBe(true);
    expect(shop.charges(all[0]?.order.id ?? '')).toMatchObject({ authorised: 46_000, captured: 46_000 });
    expect(await shop.orders(customer.id)).toMatchObject([{ step: 'done' }]);
    expect(await shop.entries(customer.id)).toEqual([
      ['award', 100],
      ['redeem', -40],
      ['earn', 46],
    ]);
  });

  it('duplicates of a card that is declined, in two processes: one failed order, nothing reserved', async () => {
    const customer = await shop.customer(100);
    const request = checkoutRequestSchema.parse(
      withAmountDue({ items: lamp, points: 40, card: 'pm_card_captureFails' }),
    );
    const purchase = { customerId: customer.id, idempotencyKey: 'two processes fail', request };
    const placers = Array.from({ length: 20 }, () => orderPlacer(shop));
    const all = await Promise.all(placers.map((place) => place(purchase)));
    await reconcile({ ...shop, olderThanMs: 0 });
    expect(all.some(({ order }) => order.paymentStatus === 'failed')).toBe(true);
    const [order] = await shop.orders(customer.id);
    expect(order).toMatchObject({ step: 'cancelled', payment_status: 'failed' });
    expect(shop.charges(order?.id ?? '')).toMatchObject({ voided: 46_000, captured: 0 });
    expect(await customer.available()).toBe(100);
  });

  it('gives the same points to one of two orders', async () => {
    const customer = await shop.customer(100);
    const both = await Promise.all([
      customer.buy({ items: lamp, points: 80, card: visa }),
      customer.buy({ items: lamp, points: 80, card: visa }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const lost = both.find(({ status }) => status === 409);
    expect(lost?.body).toMatchObject({ code: 'NOT_ENOUGH_POINTS', requested: 80 });
    // What the other one earns may be there already.
    expect([20, 62]).toContain(lost?.body.available);
    expect(await customer.available()).toBe(20 + 42);
    const charged = shop.simulator
      .ledger()
      .filter(({ orderId }) => orderId === both.find((b) => b.status === 201)?.body.id);
    expect(charged).toHaveLength(1);
  });

  it('sells the last one once', async () => {
    const [one, other] = [await shop.customer(10), await shop.customer(10)];
    const cart = { items: [{ productId: 'CS-000004', quantity: 1 }], points: 10, card: visa };
    const both = await Promise.all([one.buy(cart, 'last'), other.buy(cart, 'last')]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('OUT_OF_STOCK');
    expect(await shop.stock('CS-000004')).toBe(0);
    const winner = both[0]?.status === 201 ? one : other;
    const loser = winner === one ? other : one;
    expect(await loser.available()).toBe(10);
    for (const { id } of await shop.orders(loser.id)) expect(shop.charges(id)?.netCharged ?? 0).toBe(0);
    // The buyer's own retry is answered with the sale, though nothing is left.
    expect((await winner.buy(cart, 'last')).status).toBe(201);
  });

  it.each([
    ['no body', undefined, 400],
    ['an empty cart', { items: [] }, 400],
    ['an unknown field', { items: lamp, price: 1 }, 400],
    ['a price in the cart', { items: [{ ...lamp[0], price: '1' }], card: visa }, 400],
    ['half a product', { items: [{ productId: 'CS-000001', quantity: 0.5 }], card: visa }, 400],
    ['no product', { items: [{ productId: 'CS-000001', quantity: 0 }], card: visa }, 400],
    ['100 of a product', { items: [{ productId: 'CS-000001', quantity: 100 }], card: visa }, 400],
    ['a product twice', { items: [...lamp, ...lamp], card: visa }, 400],
    ['negative points', { items: lamp, points: -1, card: visa }, 400],
    ['half a point', { items: lamp, points: 1.5, card: visa }, 400],
    ['no card', { items: lamp }, 400],
    ['a card that is no text', { items: lamp, card: { token: visa } }, 400],
    ['an unknown product', { items: [{ productId: 'CS-999999', quantity: 1 }], card: visa }, 409],
    ['SQL for a product', { items: [{ productId: "'OR'1'='1", quantity: 1 }], card: visa }, 409],
    ['more than there is', { items: [{ productId: 'CS-000003', quantity: 4 }], card: visa }, 409],
    ['points worth more than the order', { items: lamp, points: 501, card: visa }, 409],
  ])('refuses %s and writes nothing', async (_what, body, status) => {
    const customer = await shop.customer();
    const refused = await customer.buy(body);
    expect(refused.status).toBe(status);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(typeof refused.body.code).toBe('string');
    expect(await shop.orders(customer.id)).toEqual([]);
  });

  it('refuses a checkout without a key, and one of nobody', async () => {
    const customer = await shop.customer();
    const keyless = await customer.post('/checkout/', { items: lamp, card: visa });
    expect([keyless.status, keyless.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_REQUIRED']);
    expect((await customer.buy({ items: lamp, card: visa }, 'x'.repeat(201))).body.code).toBe(
      'IDEMPOTENCY_KEY_INVALID',
    );
    expect((await shop.clientOf('').buy({ items: lamp, card: visa })).status).toBe(401);
    expect(await shop.orders(customer.id)).toEqual([]);
  });

  it('quotes what could be paid with points, and which limit sets that; nothing is written', async () => {
    const customer = await shop.customer(620);
    const quoted = await customer.post('/checkout/quote', { items: lamp });
    expect(quoted.status).toBe(200);
    expect(quoted.body).toEqual({
      total: '500.00',
      pointsAvailable: 620,
      mostPoints: 500,
      limitedBy: 'payable',
      points: 500,
      pointsValue: '500.00',
      amountDue: '0.00',
      willEarn: 0,
    });
    const some = await customer.post('/checkout/quote', { items: lamp, points: 30 });
    expect(some.body).toMatchObject({ points: 30, amountDue: '470.00', willEarn: 47 });
    const tooMany = await customer.post('/checkout/quote', { items: lamp, points: 501 });
    expect([tooMany.status, tooMany.body.code]).toEqual([409, 'EXCEEDS_PAYABLE']);
    expect(await shop.orders(customer.id)).toEqual([]);
    expect(await shop.entries(customer.id)).toHaveLength(1);
  });
});
