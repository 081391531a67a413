import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'shop-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const secret = 'x'.repeat(32);

test('needs nothing to start on a developer’s machine', () => {
  const folder = temporaryFolder();
  expect(readConfig({ DATA_FOLDER: folder })).toMatchObject({
    production: false,
    host: '127.0.0.1',
    port: 3000,
    dataFolder: folder,
    databaseUrl: null,
    stripe: null,
    storeLocation: 'bandra',
    logLevel: 'info',
    trustProxy: false,
  });
});

test('secrets that are not given are made once and kept, for their owner only', () => {
  const folder = temporaryFolder();
  const first = readConfig({ DATA_FOLDER: folder });
  expect(readConfig({ DATA_FOLDER: folder })).toEqual(first);
  const made = [first.sessionSecret, first.pinPepper, first.keys.service, first.keys.store];
  expect(new Set(made).size).toBe(4);
  for (const each of made) expect(each).toMatch(/^[\w-]{43}$/);
  const file = join(folder, 'secrets.json');
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(readConfig({ DATA_FOLDER: temporaryFolder() }).sessionSecret).not.toBe(first.sessionSecret);
  expect(readFileSync(file, 'utf8')).toContain(first.sessionSecret);
});

test('production wants its own secrets, makes none up, and lets no machine in without a key', () => {
  const folder = temporaryFolder();
  const refuse = () => readConfig({ NODE_ENV: 'production', DATA_FOLDER: folder });
  expect(refuse).toThrow('SESSION_SECRET: required with NODE_ENV=production');
  expect(refuse).toThrow('PIN_PEPPER: required with NODE_ENV=production');
  expect(refuse).toThrow('STRIPE_SECRET_KEY: required with NODE_ENV=production');
  const config = readConfig({
    NODE_ENV: 'production',
    PAYMENTS: 'simulator',
    DATA_FOLDER: folder,
    SESSION_SECRET: secret,
    PIN_PEPPER: secret,
  });
  expect(config).toMatchObject({ production: true, keys: { service: null, store: null } });
  expect(() => statSync(join(folder, 'secrets.json'))).toThrow('ENOENT');
});

test('takes all that is given, and an empty variable for one that is not', () => {
  const config = readConfig({
    DATA_FOLDER: temporaryFolder(),
    PORT: '',
    HOST: '0.0.0.0',
    DATABASE_URL: 'postgres://shop:secret@localhost:5432/shop',
    SESSION_SECRET: secret,
    STRIPE_SECRET_KEY: 'sk_test_1',
    STRIPE_WEBHOOK_SECRET: 'whsec_1',
    LOYALTY_STORE_LOCATION: 'dubai',
    LOG_LEVEL: 'debug',
    TRUST_PROXY: '1',
    REQUESTS_PER_MINUTE: '50',
    FAILED_LOGINS_PER_15_MINUTES: '3',
    FAILED_PAYMENTS_PER_HOUR: '4',
  });
  expect(config).toMatchObject({
    port: 3000,
    host: '0.0.0.0',
    databaseUrl: 'postgres://shop:secret@localhost:5432/shop',
    sessionSecret: secret,
    stripe: { secretKey: 'sk_test_1', webhookSecret: 'whsec_1' },
    storeLocation: 'dubai',
    logLevel: 'debug',
    trustProxy: 1,
    limits: { requestsPerMinute: 50, failedLoginsPer15Minutes: 3, failedPaymentsPerHour: 4 },
  });
  const proxies = 'loopback, 10.0.0.0/8';
  expect(readConfig({ DATA_FOLDER: temporaryFolder(), TRUST_PROXY: proxies }).trustProxy).toBe(proxies);
});

test.each<[variables: Record<string, string>, message: string]>([
  [{ PORT: 'eighty' }, 'PORT: expected a whole number'],
  [{ PORT: '70000' }, 'PORT: expected 0 to 65535'],
  [{ DATABASE_URL: 'mysql://localhost/shop' }, 'DATABASE_URL: expected postgres://'],
  [{ SESSION_SECRET: 'short' }, 'SESSION_SECRET: expected 32 characters or more'],
  [{ PIN_PEPPER: 'short' }, 'PIN_PEPPER: expected 32 characters or more'],
  [{ LOYALTY_SERVICE_KEY: 'short' }, 'LOYALTY_SERVICE_KEY: expected 32 characters or more'],
  [{ STRIPE_SECRET_KEY: 'pk_live_1' }, 'STRIPE_SECRET_KEY: expected a key that begins with sk_'],
  [{ STRIPE_SECRET_KEY: 'sk_live_1' }, 'STRIPE_WEBHOOK_SECRET: required with STRIPE_SECRET_KEY'],
  [{ STRIPE_WEBHOOK_SECRET: 'whsec_1' }, 'STRIPE_SECRET_KEY: required with STRIPE_WEBHOOK_SECRET'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: '],
  [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY: expected how many proxies there are'],
  [{ TRUST_PROXY: 'my-proxy' }, 'TRUST_PROXY: expected how many proxies there are'],
  [{ REQUESTS_PER_MINUTE: '0' }, 'REQUESTS_PER_MINUTE: expected 1 to '],
])('refuses %j, naming the variable', (variables, message) => {
  const refuse = () => readConfig({ DATA_FOLDER: temporaryFolder(), ...variables });
  expect(refuse).toThrow(ConfigError);
  expect(refuse).toThrow(message);
});

test('says all that is wrong at once, and repeats no secret', () => {
  try {
    readConfig({ PORT: 'x', SESSION_SECRET: 'my-short-secret', STRIPE_SECRET_KEY: 'pk_of_mine' });
    expect.unreachable();
  } catch (error) {
    const { message } = error as Error;
    expect(message.split('\n')).toHaveLength(4);
    expect(message).not.toContain('my-short-secret');
    expect(message).not.toContain('pk_of_mine');
  }
});

test('a file of secrets that is broken is named, and not overwritten', () => {
  const folder = temporaryFolder();
  for (const text of ['{ broken', '[1]', '"text"', 'null']) {
    writeFileSync(join(folder, 'secrets.json'), text);
    expect(() => readConfig({ DATA_FOLDER: folder })).toThrow('is not the file of secrets');
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).toBe(text);
  }
});
