import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openTestShop, type TestShop } from '../checkout/open-test-shop.test-data.ts';

const cart = { items: [{ productId: 'CS-000001', quantity: 1 }], points: 30, card: 'pm_card_visa' };

describe.each(['sqlite', 'postgres'] as const)('points on %s', (dialect) => {
  let shop: TestShop;
  beforeAll(async () => {
    shop = await openTestShop(dialect, inject('postgresUrl'));
  });
  afterAll(() => shop.close());

  it("reads a customer's points and what expires next", async () => {
    const customer = await shop.customer(100);
    await customer.buy(cart);
    const points = await customer.get('/user/points');
    expect(points.status).toBe(200);
    expect(points.body).toMatchObject({
      available: 117,
      pending: 0,
      held: 0,
      nextExpiry: { points: 70 },
    });
    expect(points.headers.get('cache-control')).toBe('private, no-cache');
  });

  it('answers 304 while nothing has changed, and anew once it has', async () => {
    const customer = await shop.customer(100);
    const etag = (await customer.get('/user/points')).headers.get('etag') ?? '';
    // As a browser asks; fetch would add no-cache, which is to have it anew whatever it is.
    const asked = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    const unchanged = await customer.get('/user/points', asked);
    expect([unchanged.status, unchanged.body]).toEqual([304, null]);
    await customer.buy(cart);
    expect((await customer.get('/user/points', asked)).status).toBe(200);
  });

  it('has zeros for who never bought anything, and nothing for nobody', async () => {
    const customer = await shop.customer();
    expect((await customer.get('/user/points')).body).toEqual({
      available: 0,
      pending: 0,
      held: 0,
      nextExpiry: null,
    });
    expect((await shop.clientOf('').get('/user/points')).status).toBe(401);
  });

  it('shows each customer their own points, and always what they have just done', async () => {
    const customers = await Promise.all([0, 1, 2].map((number) => shop.customer(100 + number)));
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(
        customers.map(async (customer, number) => {
          const noise = Array.from({ length: 20 }, () => customer.get('/user/points'));
          expect((await customer.buy({ ...cart, points: 0 })).status).toBe(201);
          expect((await customer.get('/user/points')).body.available).toBe(100 + number + 50 * (round + 1));
          await Promise.all(noise);
        }),
      );
    }
  });

  it('lists all transactions for an admin, newest first, by kind, customer, order and time', async () => {
    const customer = await shop.customer(100);
    const { body } = await customer.buy(cart);
    const admin = shop.clientOf('admin');
    const all = await admin.get('/admin/transactions?limit=2');
    expect(all.status).toBe(200);
    expect(all.body.transactions).toMatchObject([
      { kind: 'earn', customerId: customer.id, points: 47 },
      { kind: 'redeem', customerId: customer.id, points: -30 },
    ]);
    const next = await admin.get(`/admin/transactions?limit=2&cursor=${all.body.nextCursor}`);
    expect(next.body.transactions[0]).toMatchObject({ kind: 'award', customerId: customer.id });
    const kindsOf = async (query: string) =>
      (await admin.get(`/admin/transactions?${query}`)).body.transactions.map(
        ({ kind }: { kind: string }) => kind,
      );
    expect(await kindsOf(`orderId=${body.id}`)).toEqual(['earn', 'redeem']);
    expect(await kindsOf(`customerId=${customer.id}`)).toEqual(['earn', 'redeem', 'award']);
    expect(await kindsOf(`customerId=${customer.id}&kind=earn&kind=award`)).toEqual(['earn', 'award']);
    expect(await kindsOf(`customerId=${customer.id}&to=2020-01-01T00:00:00Z`)).toEqual([]);
    expect(await kindsOf(`customerId=${customer.id}&from=2020-01-01T00:00:00Z`)).toHaveLength(3);
    expect(await kindsOf('customerId=nobody')).toEqual([]);
  });

  it('keeps transactions from everybody else, and refuses what it does not know', async () => {
    const customer = await shop.customer();
    expect((await customer.get('/admin/transactions')).status).toBe(404);
    expect((await shop.clientOf('').get('/admin/transactions')).status).toBe(401);
    const admin = shop.clientOf('admin');
    for (const query of [
      'kind=theft',
      'limit=201',
      'from=yesterday',
      'cursor=x',
      'merchantId=other',
      'orderId=%00',
    ])
      expect((await admin.get(`/admin/transactions?${query}`)).status).toBe(400);
    const backwards = 'from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z';
    expect((await admin.get(`/admin/transactions?${backwards}`)).body.errors[0].field).toBe('to');
  });
});
