import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPage, root } from './check/read-page.ts';

const text = readPage('docs/security.md').lines.join('\n');

it('the tests that the page calls to witness are there', () => {
  const named = [...text.matchAll(/`([\w-]+\.test\.ts)`/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !existsSync(join(root, 'packages/http/src', name)))).toEqual([]);
});

it('the page has the figures of the source', () => {
  const shop = (file: string) => readFileSync(join(root, 'examples/cathay-shop/src', file), 'utf8');
  expect(shop('accounts/password-hasher.ts')).toContain('cost: 15, blockSize: 8, parallelism: 3');
  expect(text).toContain('N = 2^15, r = 8, p = 3');
  expect(shop('accounts/password-hasher.ts')).toContain('width: 2, queue: 50');
  expect(text).toContain('Two are hashed at a time and 50 wait');
  expect(shop('config.ts')).toMatch(/REQUESTS_PER_MINUTE: .*default\(1_200\)/);
  expect(text).toContain('1,200 requests a minute');
  expect(shop('config.ts')).toMatch(/FAILED_LOGINS_PER_15_MINUTES: .*default\(10\)/);
  expect(text).toContain('10 failed logins in a quarter of an hour');
  expect(shop('server/listen.ts')).toContain('headersTimeout: 10_000, requestTimeout: 30_000');
  expect(text).toContain('within 10 seconds, a request within 30');
  expect(shop('accounts/sessions.ts')).toContain('sessionSeconds = 12 * 60 * 60');
  expect(text).toContain('HS256, 12 hours');
});
