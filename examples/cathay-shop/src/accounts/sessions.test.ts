import { SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, expect, test } from 'vitest';
import type { Account } from './accounts.ts';
import { sessionSeconds, sessionsOf } from './sessions.ts';

const secret = 'a-secret-that-is-long-enough-for-all';
const start = Date.parse('2026-03-01T10:00:00Z');
let now: number;
let asked: number;
let account: Account | null;

const accounts = {
  byId: async (id: string) => {
    asked += 1;
    return account?.id === id ? account : null;
  },
};
const sessionsWith = (given = secret) => sessionsOf({ secret: given, accounts, now: () => now });

const priya: Account = {
  id: 'priya',
  email: 'priya@cathay.example',
  name: 'Priya',
  role: 'customer',
  passwordHash: 'scrypt$...',
  sessionVersion: 1,
  createdAt: start,
};

beforeEach(() => {
  now = start;
  asked = 0;
  account = { ...priya };
});

/** A token as a session's, but for what is given. */
const forged = (claims: Record<string, unknown> = {}, header = { alg: 'HS256' }, key = secret) =>
  new SignJWT({ version: 1, iss: 'cathay-shop', sub: 'priya', exp: start / 1000 + 3600, ...claims })
    .setProtectedHeader(header)
    .sign(new TextEncoder().encode(key));

test('says who is signed in, and nothing of the password', async () => {
  const sessions = sessionsWith();
  expect(await sessions.read(await sessions.start(priya))).toEqual({
    id: 'priya',
    email: 'priya@cathay.example',
    name: 'Priya',
    role: 'customer',
  });
  expect(await sessions.read(await forged())).toMatchObject({ id: 'priya' });
});

test('ends after twelve hours, also where it was just read', async () => {
  const sessions = sessionsWith();
  const token = await sessions.start(priya);
  now = start + sessionSeconds * 1000 - 1_000;
  expect(await sessions.read(token)).not.toBeNull();
  now += 1_000;
  expect(await sessions.read(token)).toBeNull();
});

test.each<[what: string, token: () => Promise<string> | string]>([
  ['another secret', () => forged({}, { alg: 'HS256' }, 'some-other-secret-of-the-same-length!')],
  ['another algorithm', () => forged({}, { alg: 'HS512' }, secret.repeat(2))],
  [
    'no signature (alg none)',
    () =>
      new UnsecuredJWT({ version: 1 })
        .setIssuer('cathay-shop')
        .setSubject('priya')
        .setExpirationTime(start / 1000 + 3600)
        .encode(),
  ],
  ['another issuer', () => forged({ iss: 'other-shop' })],
  ['no end', () => forged({ exp: undefined })],
  ['nobody named', () => forged({ sub: undefined })],
  ['an unknown account', () => forged({ sub: 'rahul' })],
  ['no session version', () => forged({ version: undefined })],
  ['a session version that is no number', () => forged({ version: '1' })],
  ['an older session version', () => forged({ version: 0 })],
  ['no token at all', () => 'rubbish'],
  ['nothing', () => ''],
])('nobody is signed in with %s', async (_what, token) => {
  expect(await sessionsWith().read(await token())).toBeNull();
});

test('a changed token is nobody: every part of it is signed', async () => {
  const sessions = sessionsWith();
  const [header = '', , signature = ''] = (await sessions.start(priya)).split('.');
  const [, claims = ''] = (await forged({ sub: 'admin' })).split('.');
  expect(await sessions.read(`${header}.${claims}.${signature}`)).toBeNull();
});

test('reads the account once in five seconds, however many ask', async () => {
  const sessions = sessionsWith();
  const token = await sessions.start(priya);
  await Promise.all(Array.from({ length: 100 }, () => sessions.read(token)));
  expect(asked).toBe(1);
  now += 5_000;
  await sessions.read(token);
  expect(asked).toBe(2);
});

test('a raised session version ends a session within five seconds, and at once where it is forgotten', async () => {
  const [here, elsewhere] = [sessionsWith(), sessionsWith()];
  const token = await here.start(priya);
  await Promise.all([here.read(token), elsewhere.read(token)]);
  account = { ...priya, sessionVersion: 2 };
  here.forget('priya');
  expect(await here.read(token)).toBeNull();
  expect(await elsewhere.read(token)).not.toBeNull();
  now += 5_000;
  expect(await elsewhere.read(token)).toBeNull();
});

test('a session that ends while it is being read is not remembered', async () => {
  const sessions = sessionsWith();
  const token = await sessions.start(priya);
  const reading = sessions.read(token);
  account = { ...priya, sessionVersion: 2 };
  sessions.forget('priya');
  await reading;
  expect(await sessions.read(token)).toBeNull();
});

test('a role that is taken away is gone after five seconds', async () => {
  const sessions = sessionsWith();
  account = { ...priya, role: 'admin' };
  const token = await sessions.start(account);
  expect(await sessions.read(token)).toMatchObject({ role: 'admin' });
  account = { ...priya };
  now += 5_000;
  expect(await sessions.read(token)).toMatchObject({ role: 'customer' });
});

test('a database that fails is an error, and the next reading asks again', async () => {
  let isBroken = true;
  const byId = async () => {
    if (isBroken) throw new Error('no connection');
    return priya;
  };
  const sessions = sessionsOf({ secret, accounts: { byId }, now: () => now });
  const token = await sessions.start(priya);
  await expect(sessions.read(token)).rejects.toThrow('no connection');
  isBroken = false;
  expect(await sessions.read(token)).toMatchObject({ id: 'priya' });
});
