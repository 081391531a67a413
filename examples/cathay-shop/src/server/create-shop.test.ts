import { randomUUID } from 'node:crypto';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { newPlace } from '../checkout/open-test-database.test-data.ts';
import { authenticateWith } from './authenticate.ts';
import { credentialsOf, shopInTest } from './shop-in-test.test-data.ts';

test('tells browsers what they may not do', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  for (const path of ['/', '/products/', '/nowhere', '/loyalty/openapi.json']) {
    const { headers } = await shop.send('GET', path);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    expect(headers.get('ratelimit-policy')).toContain('w=60');
  }
});

test('production asks for TLS, binds its cookie to the host and knows nobody of the demo', {
  timeout: 30_000,
}, async () => {
  const secret = 'x'.repeat(32);
  const shop = await shopInTest({
    NODE_ENV: 'production',
    SESSION_SECRET: secret,
    PIN_PEPPER: secret,
    PAYMENTS: 'simulator',
  });
  const page = await shop.send('GET', '/');
  expect(page.headers.get('strict-transport-security')).toContain('max-age=');
  expect(await page.text()).not.toContain(credentialsOf('priya').password);
  expect((await shop.send('POST', '/login', { body: credentialsOf('priya') })).status).toBe(401);
  expect((await shop.send('GET', '/me', { headers: { cookie: 'session=x' } })).status).toBe(401);
  expect(await shop.database.loyalty.staff.get('cathay', 'asha')).toBeNull();
  expect(await shop.database.loyalty.programs.get('cathay-miles')).not.toBeNull();
});

test('where nothing is, is a 404 as a problem', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  for (const [method, path] of [
    ['GET', '/nowhere'],
    ['POST', '/products/'],
    ['DELETE', '/orders/1'],
    ['GET', '/products/../../etc/passwd'],
    ['GET', '/.data/secrets.json'],
    ['GET', '/__proto__'],
    ['PUT', '/login'],
    ['POST', '/webhooks/stripe'],
  ] as const) {
    const response = await shop.send(method, path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 404, code: 'NOT_FOUND', type: 'about:blank' });
  }
});

test('with keys for Stripe the webhook is there, and the simulator is not', { timeout: 30_000 }, async () => {
  const keys = { STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: 'whsec_x' };
  const shop = await shopInTest(keys);
  // What another site may not send, Stripe may; what is not signed is refused.
  const headers = { Origin: 'https://stripe.example', 'Stripe-Signature': 't=1,v1=00' };
  const unsigned = await shop.send('POST', '/webhooks/stripe', {
    body: { type: 'charge.refunded' },
    headers,
  });
  expect([unsigned.status, (await unsigned.json()).code]).toEqual([400, 'INVALID_SIGNATURE']);
  expect((await shop.send('GET', '/payments/simulator/x')).status).toBe(404);
  expect(await (await shop.send('GET', '/')).text()).not.toContain('pm_card_');
});

test('runs on PostgreSQL as it does on SQLite', { timeout: 60_000 }, async () => {
  const place = await newPlace('postgres', inject('postgresUrl'));
  onTestFinished(place.remove);
  const shop = await shopInTest({ DATABASE_URL: place.at });
  expect(shop.database.dialect).toBe('postgres');
  const cookie = await shop.cookieOf('priya');
  const points = await shop.send('GET', '/user/points', { headers: { cookie } });
  expect(await points.json()).toMatchObject({ available: 983 });
  expect(
    (await shop.send('POST', '/logout', { headers: { cookie }, body: { everywhere: true } })).status,
  ).toBe(204);
  expect((await shop.send('GET', '/me', { headers: { cookie } })).status).toBe(401);
  expect((await shop.send('GET', '/readyz')).status).toBe(200);
});

test('signed out is 401, no admin is 404, an admin is let in', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  const statusOf = async (path: string, cookie = '') =>
    (await shop.send('GET', path, { headers: { cookie } })).status;
  const [priya, admin] = [await shop.cookieOf('priya'), await shop.cookieOf('admin')];
  expect([await statusOf('/user/points'), await statusOf('/user/points', priya)]).toEqual([401, 200]);
  expect(await statusOf('/admin/transactions')).toBe(401);
  expect(await statusOf('/admin/transactions', priya)).toBe(404);
  expect(await statusOf('/admin/transactions', admin)).toBe(200);
  expect(await statusOf('/user/points', priya.slice(0, -3))).toBe(401);
});

test('refuses too many requests, and says when to come again', { timeout: 30_000 }, async () => {
  const shop = await shopInTest({ REQUESTS_PER_MINUTE: '3' });
  const statuses = [];
  for (let time = 0; time < 3; time += 1) statuses.push((await shop.send('GET', '/products/')).status);
  const refused = await shop.send('GET', '/products/');
  expect(statuses).toEqual([200, 200, 200]);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS', status: 429 });
  expect((await shop.send('GET', '/healthz')).status).toBe(200);
});

test('what another site sends is refused, reads and programs are not', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  const body = credentialsOf('priya');
  const loginFrom = async (headers: Record<string, string>) =>
    (await shop.send('POST', '/login', { body, headers })).status;
  expect(await loginFrom({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
  expect(await loginFrom({ 'Sec-Fetch-Site': 'same-site' })).toBe(403);
  expect(await loginFrom({ Origin: 'https://evil.example' })).toBe(403);
  expect(await loginFrom({ Origin: 'null' })).toBe(403);
  expect(await loginFrom({ Origin: shop.url.replace('http:', 'https:') })).toBe(403);
  expect(await loginFrom({ Origin: shop.url })).toBe(200);
  expect(await loginFrom({ 'Sec-Fetch-Site': 'same-origin' })).toBe(200);
  const headers = { 'Sec-Fetch-Site': 'cross-site', cookie: await shop.cookieOf('priya') };
  expect((await shop.send('GET', '/products/', { headers })).status).toBe(200);
  expect((await shop.send('POST', '/checkout/', { headers, body: {} })).status).toBe(403);
  expect((await shop.send('POST', '/loyalty/anything', { headers, body: {} })).status).toBe(403);
});

test('a body that is too large or broken is refused', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  const headers = { 'Content-Type': 'application/json' };
  const large = await shop.send('POST', '/login', { body: `"${'x'.repeat(110_000)}"`, headers });
  expect([large.status, (await large.json()).code]).toEqual([413, 'BODY_TOO_LARGE']);
  const broken = await shop.send('POST', '/login', { body: '{"email":', headers });
  expect([broken.status, (await broken.json()).code]).toEqual([400, 'INVALID_REQUEST']);
});

test('is healthy while it runs, and ready while the database answers and nobody stops it', {
  timeout: 30_000,
}, async () => {
  const shop = await shopInTest();
  const statuses = async () =>
    Promise.all(['/healthz', '/readyz'].map(async (path) => (await shop.send('GET', path)).status));
  expect(await statuses()).toEqual([200, 200]);
  const all = vi.spyOn(shop.database, 'all').mockRejectedValue(new Error('no connection'));
  expect(await statuses()).toEqual([200, 503]);
  all.mockRestore();
  shop.stop();
  expect(await statuses()).toEqual([200, 503]);
  const answer = await shop.send('GET', '/readyz');
  expect(answer.headers.get('retry-after')).toBe('5');
  expect(await answer.json()).toMatchObject({ code: 'NOT_READY' });
});

test('machines use the loyalty API by their keys, people by their session', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  const authenticate = authenticateWith(
    async (header) =>
      header === 'admin'
        ? { id: 'admin', email: 'a@x.in', name: 'A', role: 'admin' }
        : header === 'priya'
          ? { id: 'priya', email: 'p@x.in', name: 'P', role: 'customer' }
          : null,
    shop.config,
  );
  const who = (headers: Record<string, string>) =>
    authenticate(new Request('http://shop.example/', { headers }));
  const { service, store } = shop.config.keys;
  expect(await who({ authorization: `Bearer ${service}` })).toEqual({
    role: 'service',
    merchantId: 'cathay',
  });
  expect(await who({ authorization: `bearer ${store}` })).toEqual({
    role: 'store',
    merchantId: 'cathay',
    locationId: 'bandra',
  });
  expect(await who({ cookie: 'admin' })).toEqual({ role: 'admin', actor: 'admin' });
  expect(await who({ cookie: 'priya' })).toEqual({
    role: 'customer',
    merchantId: 'cathay',
    customerId: 'priya',
  });
  expect(await who({})).toBeNull();
  for (const authorization of [
    `Bearer ${service}x`,
    'Bearer',
    'Bearer ',
    `Basic ${service}`,
    `${service}`,
    '',
  ])
    expect(await who({ authorization, cookie: 'admin' })).toBeNull();

  const cards = '/loyalty/openapi.json';
  expect((await shop.send('GET', cards)).status).toBe(200);
  expect((await shop.send('GET', '/loyalty/reference')).headers.get('content-type')).toContain('text/html');
});

test('whoever tries one declined card after the other must wait, from other accounts too', {
  timeout: 30_000,
}, async () => {
  const shop = await shopInTest({ FAILED_PAYMENTS_PER_HOUR: '2' });
  const { products } = await (await shop.send('GET', '/products/')).json();
  const pay = async (cookie: string, card: string, key: string = randomUUID()) =>
    shop.send('POST', '/checkout/', {
      headers: { cookie, 'Idempotency-Key': key },
      body: { items: [{ productId: products[0].id, quantity: 1 }], amountDue: products[0].price, card },
    });
  const [priya, rahul] = [await shop.cookieOf('priya'), await shop.cookieOf('rahul')];
  expect((await pay(priya, 'pm_card_visa')).status).toBe(201);
  // The same answer again is no other card.
  for (let time = 0; time < 3; time += 1)
    expect((await pay(priya, 'pm_card_chargeDeclined', 'one')).status).toBe(402);
  expect((await pay(priya, 'pm_card_chargeDeclined')).status).toBe(402);
  for (const cookie of [priya, rahul]) {
    const refused = await pay(cookie, 'pm_card_visa');
    expect([refused.status, (await refused.json()).code]).toEqual([429, 'TOO_MANY_REQUESTS']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
  }
});

test('no secret reaches the log', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  const { password } = credentialsOf('priya');
  const cookie = await shop.cookieOf('priya');
  await shop.send('POST', '/login', { body: { email: 'priya@cathay.example', password: 'a-guessed-one' } });
  await shop.send('POST', '/login?password=a-guessed-one', { body: '{"password":"a-guessed-one"' });
  const { products } = await (await shop.send('GET', '/products/')).json();
  const key = `key-${randomUUID()}`;
  const bought = await shop.send('POST', '/checkout/', {
    headers: { cookie, 'Idempotency-Key': key },
    body: {
      items: [{ productId: products[0].id, quantity: 1 }],
      points: 10,
      amountDue: (Number(products[0].price) - 10).toFixed(2),
      card: 'pm_card_visa',
    },
  });
  expect(bought.status).toBe(201);
  const { qrToken } = await shop.database.loyalty.cards.get({
    programId: 'cathay-miles',
    customerId: 'priya',
  });
  const authorization = `Bearer ${shop.config.keys.store}`;
  const headers = { authorization };
  await shop.send('GET', `/loyalty/store/cards?qrToken=${qrToken}&pin=482913`, { headers });
  await shop.send('GET', `/loyalty/cards/${qrToken}`, { headers });
  const log = shop.log();
  expect(log).toContain('"url":"/checkout/"');
  const secrets = [password, 'a-guessed-one', key, qrToken, '482913', shop.config.sessionSecret];
  for (const secret of [...secrets, cookie.split('=')[1] ?? '', shop.config.keys.store ?? ''])
    expect(log).not.toContain(secret);
});

test('a request keeps the id that a proxy gave it, if it is one', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  const idFor = async (id: string) =>
    (await shop.send('GET', '/products/', { headers: { 'X-Request-Id': id } })).headers.get('x-request-id');
  expect(await idFor('edge-0001-abc')).toBe('edge-0001-abc');
  expect(await idFor('short')).not.toBe('short');
  expect(await idFor('with spaces and "quotes"')).toMatch(/^[\w-]{36}$/);
  expect(shop.log()).toContain('"id":"edge-0001-abc"');
});

test('the first page says who one is, what to open and whom to be, without a script', {
  timeout: 30_000,
}, async () => {
  const shop = await shopInTest();
  const page = await shop.send('GET', '/');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const text = await page.text();
  expect(text).toContain('<html lang="en">');
  expect(text).toContain('action="/login"');
  for (const id of ['priya', 'rahul', 'sachin', 'admin']) expect(text).toContain(credentialsOf(id).password);
  expect(text).toContain('pm_card_chargeDeclined');
  expect(text).not.toMatch(/<script|style=|onclick|https?:\/\//);
  const admin = await shop.cookieOf('admin');
  const theirs = await (await shop.send('GET', '/', { headers: { cookie: admin } })).text();
  expect(theirs).toContain('Anita Rao');
  expect(theirs).not.toContain('action="/login"');
  const paths = [...theirs.matchAll(/href="(\/[^"]*)"/g)].map(([, path = '']) =>
    path.replaceAll('&amp;', '&'),
  );
  expect(paths).toContain('/admin/transactions');
  for (const path of paths)
    expect([path, (await shop.send('GET', path, { headers: { cookie: admin } })).status]).toEqual([
      path,
      200,
    ]);
});
