import { setTimeout as sleep } from 'node:timers/promises';
import { unwrap } from '@loyalty-engine/core';
import { describe, expect, inject, test } from 'vitest';
import { type RunningShop, runShop, type Visitor } from './eight-steps.test-data.ts';
import { cathayMiles } from './program.ts';

const { id: programId, ...rules } = cathayMiles;
const points = { ...rules.points, redeem: { valuePerPoint: '1', maxPointsPerOrder: 100 } };
const me = { programId, customerId: 'me' };

describe.each([
  ['SQLite', () => null],
  ['PostgreSQL', () => inject('postgresUrl')],
])('the eight steps over HTTP on %s', (_name, postgresUrl) => {
  test('from the rules to the statement', { timeout: 120_000 }, async () => {
    const shop = await runShop(postgresUrl());
    const admin = await shop.logIn('admin');
    const customer = await shop.logIn('sachin');

    const cardId = await theAdminSetsTheRules(admin, customer);
    const product = await theCustomerBrowses(shop);
    const cart = await theCustomerGoesToTheCheckout(customer, product);
    const orderId = await theCardPaysTheRest(shop, customer, cart);
    await pointsAreSpentAndEarned(customer, orderId);
    await theRateChanges(admin, customer);
    await pointsEnd(admin, customer, cardId);
    await theOrderIsReturned(shop, customer, orderId);
    await theAdminSeesItAll(admin, customer, orderId);

    expect(await shop.stop()).toBe(0);
  });
});

/** Step 1: the rate, the most points an order, when points end; and 150 points that Sachin has from an older scheme. */
async function theAdminSetsTheRules(admin: Visitor, customer: Visitor): Promise<string> {
  const published = await admin.loyalty.admin.publishProgram({ programId, ...rules, points });
  expect(published).toMatchObject({
    version: 2,
    points: {
      earn: { points: 1, perAmount: '10', maxPointsPerOrder: 500 },
      redeem: { maxPointsPerOrder: 100 },
      expiry: { kind: 'after-earning', months: 12 },
    },
  });
  expect((await customer.get('/user/points')).body).toMatchObject({ available: 0, nextExpiry: null });

  const { cardId } = unwrap(await customer.loyalty.storefront.enroll(me));
  const movedIn = {
    points: 150,
    reasonCode: 'moved-in',
    note: 'Points of the old scheme',
    expiresAt: isoOf(Date.now() + 700 * 86_400_000),
  };
  const key = { idempotencyKey: 'moved-in-sachin' };
  const adjusted = unwrap(await admin.loyalty.admin.adjust({ cardId, ...movedIn }, key));
  expect(adjusted.balance.available).toBe(150);
  expect(adjusted.entries).toMatchObject([{ kind: 'adjust', points: 150, actor: 'admin' }]);
  return cardId;
}

interface Product {
  id: string;
  name: string;
  price: string;
}

/** Step 2: the list, a search with filters, and one product with only the fields that its page needs. */
async function theCustomerBrowses({ nobody }: RunningShop): Promise<Product> {
  const { body: list } = await nobody.get('/products/');
  expect(list.products).toHaveLength(24);
  expect(list.next).toMatch(/^\?after=/);

  const filters = new URLSearchParams({
    q: 'cotton',
    category: "Women's Clothing",
    minPrice: '501',
    maxPrice: '600',
    sort: 'price-asc',
  });
  const { body: found } = await nobody.get(`/products/search?${filters}`);
  expect(found.products.length).toBeGreaterThan(0);
  const [first] = found.products;
  filters.set('brand', first.brand);
  const { body: ofBrand } = await nobody.get(`/products/search?${filters}`);
  for (const { brand, category, price } of ofBrand.products) {
    expect([brand, category]).toEqual([first.brand, "Women's Clothing"]);
    expect(Number(price)).toBeGreaterThan(500);
    expect(Number(price)).toBeLessThanOrEqual(600);
  }

  const { body: product } = await nobody.get(`/products/${first.id}`);
  expect(product).toMatchObject({ id: first.id, price: first.price, currency: 'INR' });
  expect(Object.keys(product).sort()).toEqual(
    // biome-ignore format: one line to read
    ['brand', 'category', 'currency', 'description', 'id', 'imageHue', 'listPrice', 'name', 'price', 'rating', 'sku', 'stock'],
  );
  return product;
}

interface Cart {
  items: { productId: string; quantity: number }[];
  points: number;
  total: string;
}

/** Steps 3 and 4: what can be paid with points, and so many of them that exactly 500 rupees are left for the card. */
async function theCustomerGoesToTheCheckout(customer: Visitor, { id, price }: Product): Promise<Cart> {
  const items = [{ productId: id, quantity: 1 }];
  expect((await customer.get('/user/points')).body.available).toBe(150);
  const most = await customer.post('/checkout/quote', { items });
  expect(most.body).toMatchObject({
    total: price,
    pointsAvailable: 150,
    mostPoints: 100,
    limitedBy: 'maxPointsPerOrder',
  });

  const points = Number(price) - 500;
  const chosen = await customer.post('/checkout/quote', { items, points });
  expect(chosen.body).toMatchObject({
    points,
    pointsValue: `${points}.00`,
    amountDue: '500.00',
    willEarn: 50,
  });
  const tooMany = await customer.post('/checkout/quote', { items, points: 101 });
  expect([tooMany.status, tooMany.body]).toMatchObject([409, { code: 'MAX_POINTS_PER_ORDER', limit: 100 }]);
  return { items, points, total: price };
}

/** Step 5: the first card is declined and nothing has happened; the second one is charged 500 rupees, once. */
async function theCardPaysTheRest(
  shop: RunningShop,
  customer: Visitor,
  { items, points, total }: Cart,
): Promise<string> {
  const declined = await customer.post(
    '/checkout/',
    { items, points, amountDue: '500.00', card: 'pm_card_chargeDeclined' },
    'first',
  );
  expect([declined.status, declined.body]).toMatchObject([
    402,
    { code: 'PAYMENT_DECLINED', declineCode: 'card_declined' },
  ]);
  expect(shop.charges(declined.body.orderId)).toMatchObject({ authorised: 0, netCharged: 0 });
  expect((await customer.get('/user/points')).body).toMatchObject({ available: 150, held: 0 });

  const request = { items, points, amountDue: '500.00', card: 'pm_card_visa' };
  const bought = await customer.post('/checkout/', request, 'second');
  expect([bought.status, bought.body]).toMatchObject([
    201,
    { paymentStatus: 'paid', total, points, amountDue: '500.00', pointsEarned: 50 },
  ]);
  const again = await customer.post('/checkout/', request, 'second');
  expect(again).toEqual({ status: 201, replayed: true, body: bought.body });
  expect(shop.charges(bought.body.id)).toMatchObject({ captured: 50_000, netCharged: 50_000 });
  return bought.body.id;
}

/** Steps 6 and 7: the points of the order are gone, those that 500 rupees earn are there, and the ledger says both. */
async function pointsAreSpentAndEarned(customer: Visitor, orderId: string): Promise<void> {
  const { body: order } = await customer.get(`/orders/${orderId}`);
  expect(order).toMatchObject({ paymentStatus: 'paid', pointsEarned: 50, refunded: '0.00' });
  const { body: points } = await customer.get('/user/points');
  expect(points.available).toBe(150 - order.points + 50);
  const recent = await customer.loyalty.storefront.statement({ ...me, order: 'newest-first', limit: 3 });
  expect(recent.entries).toMatchObject([
    { kind: 'earn', points: 50, orderId },
    { kind: 'redeem', points: -order.points, orderId },
    { kind: 'adjust', points: 150, orderId: null },
  ]);
  const { entries } = await customer.loyalty.storefront.statement({ ...me, kinds: ['earn'] });
  expect(entries[0]?.explanation).toMatchObject([
    { rule: 'basis', out: order.total },
    { rule: 'paid-with-points', in: order.total, out: '500.00' },
    { rule: 'rate', in: '500.00', out: 50, facts: { perAmount: '10.00' } },
  ]);
}

/** A new version doubles the rate: the next order earns by it, and what was earned before stays as it was. */
async function theRateChanges(admin: Visitor, customer: Visitor): Promise<void> {
  const earn = { ...points.earn, perAmount: '5' };
  const doubled = await admin.loyalty.admin.publishProgram({
    programId,
    ...rules,
    points: { ...points, earn },
  });
  expect(doubled.version).toBe(3);

  const { body: found } = await customer.get('/products/search?sort=price-asc&minPrice=100&perPage=1');
  const [{ id, price }] = found.products;
  const amountDue = (Number(price) - 30).toFixed(2);
  const request = { items: [{ productId: id, quantity: 1 }], points: 30, amountDue, card: 'pm_card_visa' };
  const bought = await customer.post('/checkout/', request, 'third');
  const earned = Math.floor((Number(price) - 30) / 5);
  expect([bought.status, bought.body]).toMatchObject([201, { points: 30, pointsEarned: earned }]);
  const { entries } = await customer.loyalty.storefront.statement({ ...me, kinds: ['earn'] });
  expect(entries.map((entry) => [entry.programVersion, entry.points])).toEqual([
    [2, 50],
    [3, earned],
  ]);
}

/** Points of a promotion that is over in two seconds: they are gone at that instant, and the job writes them off once. */
async function pointsEnd(admin: Visitor, customer: Visitor, cardId: string): Promise<void> {
  const before = (await customer.get('/user/points')).body.available;
  const endsAt = Date.now() + 2_000;
  const promotion = { points: 20, reasonCode: 'promotion', note: 'Diwali', expiresAt: isoOf(endsAt) };
  const given = unwrap(
    await admin.loyalty.admin.adjust({ cardId, ...promotion }, { idempotencyKey: 'diwali' }),
  );
  expect(given.balance.available).toBe(before + 20);
  await sleep(endsAt + 100 - Date.now());

  expect((await customer.get('/user/points')).body.available).toBe(before);
  expect(await admin.loyalty.admin.expirePoints()).toMatchObject({ expired: 20, failed: 0 });
  expect(await admin.loyalty.admin.expirePoints()).toMatchObject({ expired: 0, failed: 0 });
  const { body: expired } = await admin.get('/admin/transactions?kind=expire');
  expect(expired.transactions).toMatchObject([{ cardId, points: -20, balanceAfter: before }]);
}

/** The first order goes back: its points return, those that it earned go, and the 500 rupees are on the card again. */
async function theOrderIsReturned(shop: RunningShop, customer: Visitor, orderId: string): Promise<void> {
  const { body: order } = await customer.get(`/orders/${orderId}`);
  const before = (await customer.get('/user/points')).body.available;
  const refund = await customer.post(`/orders/${orderId}/refund`, { reason: 'It does not fit' }, 'return');
  expect([refund.status, refund.body]).toMatchObject([
    201,
    {
      status: 'refunded',
      refunded: order.total,
      moneyBack: '500.00',
      pointsReturned: order.points,
      pointsTakenBack: 50,
      balance: before + order.points - 50,
    },
  ]);
  expect(shop.charges(orderId)).toMatchObject({ captured: 50_000, refunded: 50_000, netCharged: 0 });
}

/** Step 8: every movement, each order, the balance, the figures, and a statement that begins with its opening balance. */
async function theAdminSeesItAll(admin: Visitor, customer: Visitor, orderId: string): Promise<void> {
  expect((await customer.get('/admin/transactions')).status).toBe(404);
  const { body: all } = await admin.get('/admin/transactions?customerId=sachin');
  const kinds = all.transactions.map(({ kind }: { kind: string }) => kind);
  expect(kinds.toReversed()).toEqual(
    // biome-ignore format: one line to read
    ['adjust', 'redeem', 'earn', 'redeem', 'earn', 'adjust', 'expire', 'restore', 'claw-back'],
  );
  const [newest] = all.transactions;

  const { admin: panel } = admin.loyalty;
  const manual = await panel.entries({ programId, kinds: ['adjust'] });
  expect(manual.entries.map(({ points, note }) => [points, note])).toEqual([
    [20, 'Diwali'],
    [150, 'Points of the old scheme'],
  ]);
  const { orders } = await panel.programOrders({ programId, limit: 100 });
  const { body: order } = await admin.get(`/orders/${orderId}`);
  expect(orders.find((each) => each.orderId === orderId)).toMatchObject({
    payable: order.total,
    earned: 50,
    redeemed: { points: order.points, value: order.pointsValue },
    restored: order.points,
    clawedBack: 50,
    moneyBack: '500.00',
  });
  expect((await panel.statistics({ programId })).points).toMatchObject({ expired: 20, adjusted: 170 });
  const { cards } = await panel.cards({ programId, limit: 100 });
  const card = cards.find(({ customerId }) => customerId === 'sachin');

  const { postedAt: from } = all.transactions.at(-2);
  const statement = await customer.loyalty.storefront.statement({ ...me, from });
  expect(statement).toMatchObject({ opening: 150, closing: newest.balanceAfter, nextCursor: null });
  expect(statement.entries).toHaveLength(all.transactions.length - 1);
  expect((await customer.loyalty.storefront.balance(me)).available).toBe(statement.closing);
  expect(card?.balance).toBe(statement.closing);
  expect(await panel.verify()).toMatchObject({ consistent: true, problems: [] });
}

function isoOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
