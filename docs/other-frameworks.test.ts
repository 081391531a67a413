import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examplesOf } from './check/examples-of.ts';
import { readPage, root } from './check/read-page.ts';

// Next.js is not installed: its route file is called here as Next calls it.

type Answer = (request: Request, context: { params: Promise<{ path: string[] }> }) => Promise<Response>;
type RouteFile = Record<'GET' | 'POST' | 'PUT' | 'PATCH', Answer> & { runtime: string; dynamic: string };

let folder: string;
let route: RouteFile;

beforeAll(async () => {
  const example = examplesOf(readPage('docs/other-frameworks.md')).find(({ title }) =>
    title.endsWith('Next.js'),
  );
  // Within the repository, so that it finds the packages.
  mkdirSync(join(root, '.tmp'), { recursive: true });
  folder = mkdtempSync(join(root, '.tmp', 'next-'));
  const file = join(folder, 'route.ts');
  writeFileSync(file, example?.code ?? '');
  route = await import(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function send(method: keyof Omit<RouteFile, 'runtime' | 'dynamic'>, path: string, init: RequestInit = {}) {
  const url = `https://shop.example/api/loyalty/${path}`;
  const headers = { authorization: 'Bearer a long secret', ...init.headers };
  const params = Promise.resolve({ path: path.split('/') });
  return route[method](new Request(url, { ...init, method, headers }), { params });
}

it("the route file of Next.js serves the API under Next's path", async () => {
  const programs = await send('GET', 'storefront/programs?fields=id');
  expect(await programs.json()).toEqual({ programs: [{ id: 'cathay-miles' }] });
  const document = await send('GET', 'openapi.json');
  expect((await document.json()).openapi).toMatch(/^3\.1/);
  expect((await send('GET', 'nothing')).status).toBe(404);
  expect((await send('PUT', 'store/earn')).status).toBe(405);
});

it('the route file of Next.js carries out commands, once', async () => {
  const earn = () =>
    send('POST', 'store/earn', {
      headers: { 'content-type': 'application/json', 'idempotency-key': 'ORDER123' },
      body: JSON.stringify({
        programId: 'cathay-miles',
        customerId: 'sachin',
        order: { id: 'ORDER123', total: '500' },
      }),
    });
  const [first, again] = [await earn(), await earn()];
  expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 200, 'true']);
  expect(await first.json()).toMatchObject({ points: 50 });
  const balance = await send('GET', 'storefront/programs/cathay-miles/customers/sachin/balance');
  expect(await balance.json()).toMatchObject({ available: 50 });
});

it('the route file of Next.js names only what Next reads', () => {
  const read = ['GET', 'POST', 'PUT', 'PATCH', 'runtime', 'dynamic'];
  expect(Object.keys(route).sort()).toEqual(read.sort());
  expect([route.runtime, route.dynamic]).toEqual(['nodejs', 'force-dynamic']);
});
