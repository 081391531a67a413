import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentSchema } from '../test/arbitrary-of-schema.ts';
import { asAdmin, award, jsonHeaders, openShop, post, refusedAll } from '../test/attacked-shop.ts';
import { hostileBodies, hostileParts, hostileQueries, hostileValues } from '../test/hostile-json.ts';
import { statusOf } from '../test/listen.ts';
import { changedTables } from '../test/open-world.ts';
import { openApiDocument } from './openapi.ts';
import { routes } from './routes/index.ts';

const prototypes = [Object.prototype, Array.prototype, Function.prototype];
const namesOfPrototypes = () => prototypes.flatMap((one) => Reflect.ownKeys(one));
let namesBefore: unknown;

beforeEach(() => {
  namesBefore = namesOfPrototypes();
});
afterEach(() => {
  expect(namesOfPrototypes()).toEqual(namesBefore);
});

describe.each([
  ['without a parser', false],
  ['behind express.json()', true],
])('%s', (_name, parses) => {
  it('hostile texts in all fields of all bodies are refused', async () => {
    const shop = await openShop(parses);
    const document = openApiDocument(routes);
    const texts = hostileValues.filter((value) => typeof value === 'string' && value.length < 300);
    const before = shop.dump();
    const statuses = new Set<number>();
    for (const [path, methods] of Object.entries(document.paths ?? {})) {
      for (const [method, operation] of Object.entries(methods as Record<string, Operation>)) {
        const schema = operation.requestBody?.content['application/json'].schema;
        const fields = Object.keys(schema?.properties ?? {});
        if (fields.length === 0) continue;
        const body = JSON.stringify(
          Object.fromEntries(fields.map((field, index) => [field, texts[index % texts.length]])),
        );
        const target = path.replaceAll(/\{\w+\}/g, encodeURIComponent("'; DROP TABLE loyalty_cards; --"));
        const init = { method: method.toUpperCase(), headers: jsonHeaders, body };
        statuses.add((await fetch(`${shop.url}/loyalty${target}`, init)).status);
      }
    }
    expect([...statuses].filter((status) => status < 400 || status >= 500)).toEqual([]);
    // Beside keys and counts of PINs, which are noted on purpose.
    expect(changedTables(before, shop.dump())).toEqual([]);
    expect(shop.errors).toEqual([]);
  });

  it('SQL in what is kept is kept as it is', async () => {
    const shop = await openShop(parses);
    const reason = "'); DELETE FROM loyalty_entries; -- \" OR ''=''";
    const answer = await post(shop, '/store/award', JSON.stringify({ ...award(shop), reason }));
    expect(answer.status).toBe(200);
    const { entries } = await shop.loyalty.entries({ limit: 1 });
    expect(entries[0]).toMatchObject({ reason });
    expect(await shop.loyalty.verify()).toMatchObject({ ok: true });
  });

  it('paths that climb, are doubly encoded or broken find nothing', async () => {
    const shop = await openShop(parses);
    const paths = [
      ...hostileParts.map((part) => `/loyalty/store/cards/${part}`),
      ...hostileParts.map((part) => `/loyalty/${part}/admin/merchants/${part}/settings`),
      '/loyalty/../loyalty/../../etc/passwd',
      '/loyalty/%2e%2e/%2e%2e/etc/passwd',
      '/loyalty//admin//cards',
      '/loyalty/admin%2Fcards',
      '/loyalty/admin%252Fcards',
      '/loyalty\\admin\\cards',
      '/loyalty/admin/cards\\..\\entries',
      'http://elsewhere.example/loyalty/nothing',
      '*',
      '//elsewhere.example/loyalty',
    ];
    const statuses = [];
    for (const path of paths) {
      const request = `GET ${path} HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer admin\r\nConnection: close\r\n\r\n`;
      statuses.push([path, statusOf(await shop.raw(request))] as const);
    }
    expect(statuses.filter(([, status]) => !(status >= 400 && status < 500)).slice(0, 5)).toEqual([]);
    expect(shop.errors).toEqual([]);
  });

  it('queries that are odd are refused', async () => {
    const shop = await openShop(parses);
    const paths = ['/admin/cards', '/admin/entries', '/storefront/programs'];
    const statuses = await Promise.all(
      paths.flatMap((path) =>
        hostileQueries
          .filter((query) => !/^merchantId=|^&|^%$/.test(query))
          .map(
            async (query) =>
              (await fetch(`${shop.url}/loyalty${path}?${query}`, { headers: asAdmin })).status,
          ),
      ),
    );
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect(statuses.filter((status) => status === 400).length).toBeGreaterThan(60);
    expect(shop.errors).toEqual([]);
  });

  it('bodies that are no JSON object are refused', async () => {
    const shop = await openShop(parses);
    const statuses = [];
    for (const body of hostileBodies)
      statuses.push((await post(shop, '/store/award', body as BodyInit)).status);
    refusedAll(shop, statuses);
  });

  it.each([
    ['{"__proto__":{"polluted":true}}'],
    ['{"constructor":{"prototype":{"polluted":true}}}'],
    ['{"cardId":"x","source":{"__proto__":{"type":"a","id":"b"}},"points":1,"reason":"x"}'],
    ['{"cardId":"x","metadata":{"__proto__":{"polluted":true}},"points":1,"reason":"x"}'],
  ])('prototypes stay clean after %s', async (body) => {
    const shop = await openShop(parses);
    refusedAll(shop, [(await post(shop, '/store/award', body)).status]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    ['arrays', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('%s in each other, 100,000 deep, are refused', async (_what, opening, closing) => {
    const shop = await openShop(parses);
    const deep = opening.repeat(100_000) + (opening === '[' ? '' : '1') + closing.repeat(100_000);
    const shallower = opening.repeat(8_000) + (opening === '[' ? '' : '1') + closing.repeat(8_000);
    const bodies = [deep, shallower].flatMap((value) => [
      value,
      `{"metadata":${value}}`,
      JSON.stringify(award(shop)).replace('7', value),
    ]);
    const statuses = [];
    for (const body of bodies) statuses.push((await post(shop, '/store/award', body)).status);
    refusedAll(shop, statuses);
  });

  it('a gzip bomb is not unpacked beyond the limit', async () => {
    const shop = await openShop(parses);
    const bomb = gzipSync(`{"reason":"${'x'.repeat(20_000_000)}"}`);
    const before = process.memoryUsage().arrayBuffers;
    const { status } = await post(shop, '/store/award', bomb, { 'content-encoding': 'gzip' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(15_000_000);
    refusedAll(shop, [status]);
  });

  it('encodings that nobody decodes are refused', async () => {
    const shop = await openShop(parses);
    const body = gzipSync(JSON.stringify(award(shop)));
    const statuses = [];
    for (const encoding of ['compress', 'zstd, gzip', 'gzip, gzip', 'x'])
      statuses.push((await post(shop, '/store/award', body, { 'content-encoding': encoding })).status);
    refusedAll(shop, statuses);
  });

  it('content types that are no JSON are answered with 415', async () => {
    const shop = await openShop(parses);
    const types = [
      'text/plain',
      'text/json',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'application/json-seq',
      'application/octet-stream',
      'x',
    ];
    const statuses = [];
    for (const type of types)
      statuses.push(
        (await post(shop, '/store/award', JSON.stringify(award(shop)), { 'content-type': type })).status,
      );
    expect(statuses).toEqual(types.map(() => 415));
    refusedAll(shop, statuses);
  });
});

interface Operation {
  requestBody?: { content: { 'application/json': { schema: DocumentSchema } } };
}
