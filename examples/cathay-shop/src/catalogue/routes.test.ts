import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type FreshDatabase, freshDatabase } from '../database/fresh-database.test-data.ts';
import { migrateShop } from '../database/migrate.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { problemHandler } from '../server/problem.ts';
import { catalogueRoutes } from './routes.ts';
import { rupeesText } from './rupees.ts';
import { seedProducts } from './seed-products.ts';

interface Listed {
  id: string;
  price: string;
  rating: number | null;
}

const listedIn = (body: Record<string, unknown> | null) => (body?.products ?? []) as Listed[];
const fieldsIn = (body: Record<string, unknown> | null) =>
  ((body?.errors ?? []) as { field: string }[]).map(({ field }) => field);

describe.each(['sqlite', 'postgres'] as const)('the catalogue over HTTP on %s', (dialect) => {
  let place: FreshDatabase;
  let database: ShopDatabase;
  let server: Server;
  let asked = 0;
  const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, method });
    const text = await response.text();
    const body = text === '' ? null : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, headers: response.headers, text, body };
  };

  beforeAll(async () => {
    place = await freshDatabase(dialect, inject('postgresUrl'));
    database = await place.open();
    await migrateShop(database);
    await seedProducts(database, { count: 60 });
    const counted: ShopDatabase = {
      ...database,
      all: (sql, values) => {
        asked += 1;
        return database.all(sql, values);
      },
    };
    const app = express().use('/products', catalogueRoutes(counted)).use(problemHandler);
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
  }, 30_000);
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await place.remove();
  });

  it('lists the newest products with what a list needs, and the way to the next page', async () => {
    const { status, headers, body } = await get('/products/');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    const products = listedIn(body);
    expect(products.length).toBe(24);
    expect(products[0]?.id).toBe('CS-000060');
    expect(Object.keys(products[0] ?? {})).toEqual([
      ...['id', 'name', 'brand', 'category', 'price', 'rating', 'imageHue'],
    ]);
    expect(products[0]?.price).toMatch(/^\d+\.\d\d$/);
    expect(body?.next).toBe('?after=CS-000037&perPage=24');
  });

  it('every product is on one page of the walk', async () => {
    const ids: string[] = [];
    let next: unknown = '?perPage=25';
    while (typeof next === 'string') {
      const { body } = await get(`/products/${next}`);
      ids.push(...listedIn(body).map(({ id }) => id));
      next = body?.next;
    }
    expect(ids.length).toBe(60);
    expect(new Set(ids).size).toBe(60);
  });

  it('a page by its number is the same as by the walk', async () => {
    const byNumber = await get('/products/?page=2&perPage=24');
    const byWalk = await get('/products/?after=CS-000037');
    expect(byNumber.text).toBe(byWalk.text);
  });

  it('a hundred who want the same page cost one query', async () => {
    asked = 0;
    await Promise.all(Array.from({ length: 100 }, () => get('/products?perPage=7')));
    expect(asked).toBe(1);
  });

  it('a list is at most a second old', async () => {
    const before = await get('/products?perPage=3');
    await database.run('UPDATE products SET price_minor = price_minor + 100, list_price_minor = 9999999');
    const answers: string[] = [];
    const deadline = Date.now() + 1_500;
    while (Date.now() < deadline && answers.at(-1) !== 'new') {
      answers.push((await get('/products?perPage=3')).text === before.text ? 'old' : 'new');
    }
    expect(answers.at(-1)).toBe('new');
  });

  it('shows a product with its details', async () => {
    const [row] = await database.all<{ price_minor: number; name: string }>(
      "SELECT price_minor, name FROM products WHERE id = 'CS-000007'",
    );
    const { status, body } = await get('/products/CS-000007');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: 'CS-000007', name: row?.name, currency: 'INR' });
    expect(body?.price).toBe(rupeesText(row?.price_minor ?? 0));
    expect(body?.description).toEqual(expect.any(String));
    expect(Number.isInteger(body?.stock)).toBe(true);
    expect(Object.keys(body ?? {})).not.toContain('number');
  });

  it.each(['/products/CS-000007', '/products/?perPage=5', '/products/search?q=rice'])(
    '%s costs no body for who has it',
    async (path) => {
      const first = await get(path);
      const etag = first.headers.get('etag') ?? '';
      expect(etag).toMatch(/^W\/".+"$/);
      // Node's fetch would ask for an answer past all caches; browsers do not.
      const having = (tag: string) => ({ 'If-None-Match': tag, 'Cache-Control': 'max-age=0' });
      const again = await get(path, having(etag));
      expect([again.status, again.text]).toEqual([304, '']);
      expect((await get(path, having('W/"other"'))).status).toBe(200);
      const head = await get(path, {}, 'HEAD');
      expect([head.status, head.text, head.headers.get('etag')]).toEqual([200, '', etag]);
    },
  );

  it('searches', async () => {
    const { status, body } = await get(
      '/products/search?category=Electronics&sort=price-asc&perPage=2&page=1',
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ page: 1, perPage: 2, total: 5, moreThanTotal: false });
    const [first, second] = listedIn(body);
    expect(Number(first?.price)).toBeLessThanOrEqual(Number(second?.price));
  });

  it.each([
    'CS-000061',
    'CS-0',
    'CS-1',
    'cs-000001',
    'CS-999999999',
    'CS-0000001',
    '%27',
    '__proto__',
    '1',
    'CS-000001%00',
  ])('there is no product %s', async (id) => {
    const { status, headers, body } = await get(`/products/${id}`);
    expect([status, body?.code]).toEqual([404, 'NOT_FOUND']);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it.each([
    ['/products/?limit=5', 'limit'],
    ['/products/?page=0', 'page'],
    ['/products/?page=9999999', 'page'],
    ['/products/?page=1&page=2', 'page'],
    ['/products/?perPage=1000', 'perPage'],
    ['/products/?after=7', 'after'],
    ['/products/?page=2&after=CS-000007', 'after'],
    ['/products/?page=10000&perPage=100', 'page'],
    ['/products/search?query=kurta', 'query'],
    ['/products/search?q=a&q=b', 'q'],
    ['/products/search?q[a]=b', 'q[a]'],
    ['/products/search?__proto__=1', '__proto__'],
    ['/products/search?minPrice=1e3', 'minPrice'],
    ['/products/search?brand=%00', 'brand'],
  ])('%s is refused by name', async (path, field) => {
    const { status, body } = await get(path);
    expect([status, body?.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(fieldsIn(body)).toContain(field);
  });

  it('hostile texts in the address are answered', async () => {
    for (const q of ["' OR 1=1 --", '"*" NEAR(', '%00', '\ud83c', '%', '+', 'a AND']) {
      const { status } = await get(`/products/search?q=${encodeURIComponent(q.toWellFormed())}`);
      expect(status, q).toBe(200);
    }
    expect((await get('/products/search?q=%E0%A4%A')).status).toBe(200);
  });
});
