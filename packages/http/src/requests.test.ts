import { describe, expect, test } from 'vitest';
import { changedTables, openWorld, writing } from '../test/open-world.ts';

const json = async (response: Response) => (await response.json()) as Record<string, unknown>;

describe('`fields`', () => {
  test('picks fields of an answer', async () => {
    const { send, cathay } = await openWorld();
    const response = await send('cathay store', `/store/cards/${cathay.cardId}?fields=cardNumber,status`);
    expect(await json(response)).toEqual({ cardNumber: cathay.cardNumber, status: 'active' });
  });

  test('picks fields of the items of a list, and leaves its cursor', async () => {
    const { send, cathay } = await openWorld();
    const response = await send('cathay merchant', '/admin/cards?fields=cardId&limit=1');
    expect(await json(response)).toEqual({
      cards: [{ cardId: cathay.cardId }],
      nextCursor: expect.any(String),
    });
  });

  test('picks fields of what a command answers, which is the same command as without', async () => {
    const { send, cathay } = await openWorld();
    const init = writing({ cardId: cathay.cardId, order: { id: 'new-order', total: '500' } });
    const response = await send('cathay service', '/store/earn?fields=points,orderId', init);
    expect(await json(response)).toEqual({ orderId: 'new-order', points: 50 });
    const again = await send('cathay service', '/store/earn?fields=cardId', init);
    expect(await json(again)).toEqual({ cardId: cathay.cardId });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  test.each(['nothing', '', 'cardId,', '__proto__', 'constructor', 'points.available'])(
    'refuses a field that there is not: %j',
    async (fields) => {
      const { send, cathay } = await openWorld();
      const response = await send('cathay store', `/store/cards/${cathay.cardId}?fields=${fields}`);
      expect(await json(response)).toMatchObject({ status: 400, errors: [{ field: 'fields' }] });
    },
  );
});

describe('a query', () => {
  test.each([
    ['an unknown parameter', 'limmit=5', 'limmit'],
    ['a parameter given twice', 'limit=5&limit=6', 'limit'],
    ['`fields` given twice', 'fields=cardId&fields=status', 'fields'],
    ['no number', 'limit=many', 'limit'],
    ['a number with a fraction', 'limit=1.5', 'limit'],
    ['a number that is too large', 'limit=201', 'limit'],
    ['no number at all', 'limit=', 'limit'],
    ['zero', 'limit=0', 'limit'],
    ['a cursor of nobody', 'cursor=abc', 'cursor'],
    ['a value that there is not', 'status=lost', 'status'],
    ['a prototype', '__proto__=1', '__proto__'],
  ])('is refused with %s', async (_what, query, field) => {
    const { send } = await openWorld();
    for (const token of ['admin', 'cathay merchant']) {
      const response = await send(token, `/admin/cards?${query}`);
      expect(await json(response)).toMatchObject({ status: 400, errors: [{ field }] });
    }
  });

  test('is checked where it changes nothing: of the one merchant that a merchant has', async () => {
    const { send } = await openWorld();
    for (const token of ['admin', 'cathay merchant'])
      expect((await send(token, '/admin/merchants?limit=0')).status).toBe(400);
  });

  test('has lists with commas', async () => {
    const { send, cathay } = await openWorld();
    const path = `/store/cards/${cathay.cardId}/statement?fields=kind`;
    const { entries } = await json(await send('cathay store', `${path}&kinds=award,stamp`));
    expect(entries).toEqual([{ kind: 'award' }, { kind: 'stamp' }]);
    const refused = await json(await send('cathay store', `${path}&kinds=award,gift`));
    expect(refused).toMatchObject({ status: 400, errors: [{ field: 'kinds.1' }] });
  });

  test('of a page goes on where the page before ended, to the last', async () => {
    const { send } = await openWorld();
    for (const [path, list, all] of [
      ['/admin/cards', 'cards', 6],
      ['/admin/entries', 'entries', 10],
      ['/admin/merchants', 'merchants', 2],
      ['/admin/merchants/cathay/changes', 'changes', 5],
      ['/admin/merchants/cathay/locations', 'locations', 2],
      ['/admin/programs/cathay-miles/orders', 'orders', 1],
      ['/store/cards/id-000001/statement', 'entries', 4],
    ] as const) {
      const seen = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page = await json(await send('admin', `${path}?limit=1${from}`));
        seen.push(...(page[list] as object[]));
        cursor = page.nextCursor as string | null;
        if (seen.length > 50) break;
      }
      expect([path, seen.length]).toEqual([path, all]);
      expect(new Set(seen.map((item) => JSON.stringify(item))).size).toBe(seen.length);
    }
  });
});

describe('an answer that is polled', () => {
  const path = '/store/cards/id-000001/balance';
  const asking = (tag: string) => ({ headers: { 'if-none-match': tag } });

  test('is not sent again while it is the same', async () => {
    const { send, cathay, loyalty } = await openWorld();
    const first = await send('cathay store', path);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).toMatch(/^W\/"[0-9a-f]{32}"$/);
    for (const known of [tag, `"other", ${tag}`, `${tag},"other"`, '*']) {
      const again = await send('cathay store', path, asking(known));
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
      expect(again.headers.get('content-type')).toBeNull();
    }
    for (const other of ['"other"', 'W/""', '', tag.slice(0, -2)])
      expect((await send('cathay store', path, asking(other))).status).toBe(200);
    const source = { type: 'test', id: '1' };
    await loyalty.award({ cardId: cathay.cardId, points: 1, source, reason: 'test' });
    const changed = await send('cathay store', path, asking(tag));
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(tag);
  });

  test('has another tag with other fields', async () => {
    const { send } = await openWorld();
    const tags = ['', '?fields=available', '?fields=held'].map(async (query) =>
      (await send('cathay store', `${path}${query}`)).headers.get('etag'),
    );
    expect(new Set(await Promise.all(tags)).size).toBe(3);
  });

  test('is kept by the one who asked, and nothing else is kept by anybody', async () => {
    const { send } = await openWorld();
    const caching = async (asked: string, token: string | null = 'cathay store') =>
      (await send(token, asked)).headers.get('cache-control');
    expect(await caching(path)).toBe('private, no-cache');
    expect(await caching('/store/cards/id-000001/statement')).toBe('no-store');
    expect(await caching('/store/cards/nothing')).toBe('no-store');
    expect(await caching(path, null)).toBe('no-store');
  });

  test('is not found with a tag either, where it is not there', async () => {
    const { send } = await openWorld();
    expect((await send('other store', path, asking('*'))).status).toBe(404);
  });
});

describe('a method', () => {
  test('HEAD is GET without the body', async () => {
    const { send } = await openWorld();
    const path = '/store/cards/id-000001';
    const [head, get] = [
      await send('cathay store', path, { method: 'HEAD' }),
      await send('cathay store', path),
    ];
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
    expect((await send('other store', path, { method: 'HEAD' })).status).toBe(404);
  });

  test.each([
    ['DELETE', '/store/cards/id-000001', 'GET, HEAD'],
    ['GET', '/store/earn', 'POST'],
    ['HEAD', '/store/earn', 'POST'],
    ['POST', '/admin/merchants/cathay', 'GET, HEAD, PUT'],
    ['DELETE', '/admin/merchants/cathay/staff', 'GET, HEAD, POST'],
    ['OPTIONS', '/admin/merchants/cathay/settings', 'PATCH'],
  ])('%s of %s is told what there is', async (method, path, allowed) => {
    const { send, dump } = await openWorld();
    const before = dump();
    const response = await send('admin', path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
    expect(changedTables(before, dump())).toEqual([]);
  });
});

describe('a path', () => {
  test.each(['/', '/nothing', '/store', '/store/cards', '/store/cards/id-000001/secrets', '/admin/jobs'])(
    'that there is not is 404, for whoever asks: %s',
    async (path) => {
      const { send } = await openWorld();
      for (const token of ['admin', null]) {
        const response = await send(token, path);
        expect([response.status, (await json(response)).code]).toEqual([404, 'NOT_FOUND']);
      }
    },
  );

  test('is the same with a slash at its end', async () => {
    const { send } = await openWorld();
    expect((await send('cathay store', '/store/cards/id-000001/')).status).toBe(200);
  });

  test('begins where the API is mounted', async () => {
    const { send, handler } = await openWorld({ basePath: '/api/loyalty' });
    expect(handler.basePath).toBe('/api/loyalty');
    expect((await send('cathay store', '/store/cards/id-000001')).status).toBe(200);
    expect((await send(null, '/openapi.json')).status).toBe(200);
    const outside = new Request('http://shop.test/store/cards/id-000001');
    expect((await handler(outside)).status).toBe(404);
  });

  test.each(['api', '/api/', '/a b', '/a/../b?'])('cannot be %j', async (basePath) => {
    await expect(openWorld({ basePath })).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
  });
});

describe('a body', () => {
  const path = '/store/earn';
  const send = async (body: BodyInit | null, type = 'application/json', maxBodyBytes = 100_000) => {
    const world = await openWorld({ maxBodyBytes });
    const headers = { 'content-type': type, 'idempotency-key': 'key-1' };
    const before = world.dump();
    const response = await world.send('admin', path, { method: 'POST', body, headers });
    expect(changedTables(before, world.dump())).toEqual([]);
    return json(response);
  };

  test('is JSON, of an object', async () => {
    for (const body of ['{', '[]', '"text"', '1', 'null', '{"a":1}{"b":2}', '{a:1}'])
      expect(await send(body)).toMatchObject({ status: 400, errors: [{ field: '' }] });
    for (const type of ['text/plain', 'application/xml', 'application/json; charset=latin1', ''])
      expect(await send('{}', type)).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])
      expect(await send('{}', type)).toMatchObject({ status: 400, code: 'INVALID_REQUEST' });
  });

  test('is no larger than may be', async () => {
    const body = JSON.stringify({ note: 'x'.repeat(100) });
    expect(await send(body, 'application/json', body.length)).toMatchObject({ code: 'INVALID_REQUEST' });
    const tooLarge = { status: 413, code: 'BODY_TOO_LARGE', maxBytes: body.length - 1 };
    expect(await send(body, 'application/json', body.length - 1)).toMatchObject(tooLarge);
  });

  test('of a limit that is none is refused at the start', async () => {
    for (const maxBodyBytes of [0, -1, 1.5, Number.NaN, '5' as never])
      await expect(openWorld({ maxBodyBytes })).rejects.toMatchObject({ code: 'INVALID_OPTIONS' });
  });
});
