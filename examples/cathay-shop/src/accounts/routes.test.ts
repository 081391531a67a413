import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import { listen } from '../server/listen.ts';
import { problemHandler } from '../server/problem.ts';
import { cookieIn, credentialsOf, shopInTest } from '../server/shop-in-test.test-data.ts';
import type { Accounts } from './accounts.ts';
import { accountRoutes } from './routes.ts';
import { sessionCookie } from './session-cookie.ts';
import { sessionsOf } from './sessions.ts';

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const formOf = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

test('logs in, says who it is, and logs out', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  const login = await shop.send('POST', '/login', { body: credentialsOf('priya') });
  expect(login.status).toBe(200);
  expect(login.headers.get('cache-control')).toBe('no-store');
  const priya = { id: 'priya', email: 'priya@cathay.example', name: 'Priya Nair', role: 'customer' };
  expect(await login.json()).toEqual(priya);
  const [setCookie = ''] = login.headers.getSetCookie();
  expect(setCookie).toMatch(
    /^session=[\w-]+\.[\w-]+\.[\w-]+; Max-Age=43200; Path=\/; .*HttpOnly; SameSite=Lax$/,
  );

  const headers = { cookie: cookieIn(login) };
  expect(await (await shop.send('GET', '/me', { headers })).json()).toEqual(priya);
  const logout = await shop.send('POST', '/logout', { headers });
  expect(logout.status).toBe(204);
  expect(logout.headers.getSetCookie()[0]).toMatch(/^session=; Path=\/; Expires=Thu, 01 Jan 1970/);
  expect((await shop.send('GET', '/me')).status).toBe(401);
});

test('the address is found in any case, with spaces around it', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  const { password } = credentialsOf('priya');
  const response = await shop.send('POST', '/login', { body: { email: ' Priya@Cathay.EXAMPLE ', password } });
  expect(response.status).toBe(200);
});

test('a wrong password and an unknown address are one answer', { timeout: 30_000 }, async () => {
  const shop = await shopInTest();
  const wrong = await shop.send('POST', '/login', { body: { ...credentialsOf('priya'), password: 'guess' } });
  const unknown = await shop.send('POST', '/login', {
    body: { email: 'nobody@example.com', password: 'guess' },
  });
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(wrong.headers.getSetCookie()).toEqual([]);
  expect(wrong.headers.get('content-type')).toContain('application/problem+json');
  const problem = await wrong.json();
  expect(problem).toMatchObject({ code: 'LOGIN_FAILED', status: 401 });
  expect(await unknown.json()).toEqual(problem);
});

test('refuses what is no login, before any password is looked at', { timeout: 30_000 }, async () => {
  const shop = await shopInTest({ FAILED_LOGINS_PER_15_MINUTES: '1000' });
  for (const body of [
    {},
    { email: 'priya@cathay.example' },
    { email: 'priya@cathay.example', password: 1234567890 },
    { email: 'priya@cathay.example', password: '' },
    { email: 'priya@cathay.example', password: 'x'.repeat(50_000) },
    { email: { $ne: null }, password: { $ne: null } },
    { ...credentialsOf('priya'), role: 'admin' },
    [credentialsOf('priya')],
  ]) {
    const response = await shop.send('POST', '/login', { body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST' });
  }
  expect((await shop.send('POST', '/login')).status).toBe(400);
});

test('a form is answered with a redirect, and the page says when it failed', {
  timeout: 30_000,
}, async () => {
  const shop = await shopInTest();
  const right = await shop.send('POST', '/login', { body: formOf(credentialsOf('rahul')), headers: form });
  expect([right.status, right.headers.get('location')]).toEqual([303, '/']);
  const cookie = cookieIn(right);
  expect(await (await shop.send('GET', '/', { headers: { cookie } })).text()).toContain('Rahul Mehta');
  const wrong = await shop.send('POST', '/login', {
    body: formOf({ ...credentialsOf('rahul'), password: 'guess' }),
    headers: form,
  });
  expect([wrong.status, wrong.headers.get('location')]).toEqual([303, '/?login=failed']);
  expect(wrong.headers.getSetCookie()).toEqual([]);
  expect(await (await shop.send('GET', '/?login=failed')).text()).toContain('role="alert"');
  const out = await shop.send('POST', '/logout', { headers: { ...form, cookie } });
  expect([out.status, out.headers.get('location')]).toEqual([303, '/']);
});

test('logging out everywhere ends all sessions of that person, and nobody else’s', {
  timeout: 30_000,
}, async () => {
  const shop = await shopInTest();
  const [laptop, phone, other] = [
    await shop.cookieOf('priya'),
    await shop.cookieOf('priya'),
    await shop.cookieOf('rahul'),
  ];
  const statusOf = async (cookie: string) => (await shop.send('GET', '/me', { headers: { cookie } })).status;
  expect([await statusOf(laptop), await statusOf(phone), await statusOf(other)]).toEqual([200, 200, 200]);
  await shop.send('POST', '/logout', { headers: { cookie: laptop }, body: { everywhere: true } });
  expect([await statusOf(laptop), await statusOf(phone), await statusOf(other)]).toEqual([401, 401, 200]);
});

test('another password ends all other sessions, and is the one from then on', {
  timeout: 30_000,
}, async () => {
  const shop = await shopInTest();
  const [laptop, phone] = [await shop.cookieOf('priya'), await shop.cookieOf('priya')];
  const { email, password: current } = credentialsOf('priya');
  const change = (body: unknown) => shop.send('POST', '/password', { body, headers: { cookie: laptop } });
  expect(await (await change({ current: 'guess', next: 'a-new-password' })).json()).toMatchObject({
    status: 403,
    code: 'PASSWORD_WRONG',
  });
  expect((await change({ current, next: 'short' })).status).toBe(400);
  const changed = await change({ current, next: 'a-new-password' });
  expect(changed.status).toBe(204);
  const statusOf = async (cookie: string) => (await shop.send('GET', '/me', { headers: { cookie } })).status;
  expect([await statusOf(cookieIn(changed)), await statusOf(laptop), await statusOf(phone)]).toEqual([
    200, 401, 401,
  ]);
  const login = async (password: string) =>
    (await shop.send('POST', '/login', { body: { email, password } })).status;
  expect([await login(current), await login('a-new-password')]).toEqual([401, 200]);
  expect((await shop.send('POST', '/password', { body: { current, next: 'a-new-password' } })).status).toBe(
    401,
  );
});

test('guessing is slowed down by account, from wherever it comes', { timeout: 30_000 }, async () => {
  const shop = await shopInTest({ FAILED_LOGINS_PER_15_MINUTES: '3', TRUST_PROXY: '1' });
  const guess = (email: string, from: string) =>
    shop.send('POST', '/login', { body: { email, password: 'guess' }, headers: { 'X-Forwarded-For': from } });
  const statuses = [];
  for (const place of ['1.1.1.1', '2.2.2.2', '3.3.3.3', '4.4.4.4'])
    statuses.push((await guess('priya@cathay.example', place)).status);
  expect(statuses).toEqual([401, 401, 401, 429]);
  const refused = await guess('PRIYA@cathay.example', '5.5.5.5');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
  expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS', status: 429 });
  expect((await guess('rahul@cathay.example', '6.6.6.6')).status).toBe(401);
});

test('guessing is slowed down by address, whatever the account', { timeout: 30_000 }, async () => {
  const shop = await shopInTest({ FAILED_LOGINS_PER_15_MINUTES: '3' });
  const guess = (email: string) => shop.send('POST', '/login', { body: { email, password: 'guess' } });
  const statuses = [];
  for (const email of ['a@x.in', 'b@x.in', 'c@x.in', 'd@x.in']) statuses.push((await guess(email)).status);
  expect(statuses).toEqual([401, 401, 401, 429]);
});

test('a login that succeeds counts for nothing', { timeout: 30_000 }, async () => {
  const shop = await shopInTest({ FAILED_LOGINS_PER_15_MINUTES: '2' });
  for (let time = 0; time < 4; time += 1) await shop.cookieOf('priya');
  const headers = form;
  for (let time = 0; time < 4; time += 1) {
    const response = await shop.send('POST', '/login', { body: formOf(credentialsOf('priya')), headers });
    expect(response.headers.get('location')).toBe('/');
  }
});

test('an unknown address waits for a hash like any other', async () => {
  const matches = vi.fn(async () => false);
  const app = express().use(express.json());
  const sessions = sessionsOf({ secret: 'x'.repeat(32), accounts: { byId: async () => null } });
  const accounts = { byEmail: async () => null } as unknown as Accounts;
  const cookie = sessionCookie({ production: false });
  app.use(accountRoutes({ accounts, passwords: { hash: vi.fn(), matches }, sessions, cookie, limits: [] }));
  const { url, close } = await listen(app.use(problemHandler), { host: '127.0.0.1', port: 0 });
  onTestFinished(() => void close(0));
  const response = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email: 'nobody@example.com', password: 'guess' }),
  });
  expect(response.status).toBe(401);
  expect(matches.mock.calls).toEqual([['guess', null]]);
});
