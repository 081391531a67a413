import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Refusal } from '@loyalty-engine/core';
import express from 'express';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { openWorld } from '../test/open-world.ts';
import { createLoyaltyClient, type LoyaltyClient, LoyaltyProblem, toExpress } from './index.ts';

const oddIds = [
  'a/b',
  '/',
  '../../admin/cards',
  'a b',
  '100%',
  '%2F',
  '%2e%2e',
  'a?b#c',
  'a+b&c=d',
  'naïve-日本-🎉',
  '...',
  ':customerId',
  '{customerId}',
  'it\'s "quoted"',
];

/** A client of something that answers every request like this. */
function answering(answer: () => Response | Promise<Response>): LoyaltyClient {
  return createLoyaltyClient({ baseUrl: 'http://shop.test', fetch: async () => answer() });
}

describe('an id in a path', () => {
  test.each(oddIds)('is what was written: %j', async (customerId) => {
    const { client, cathay, loyalty } = await openWorld();
    const { storefront } = client('cathay service');
    const member = { programId: cathay.programId, customerId };
    const enrolled = await storefront.enroll(member);
    expect(await loyalty.cards.get(member)).toMatchObject({ cardId: enrolled.ok && enrolled.cardId });
    expect(await storefront.card(member)).toMatchObject({ customerId });
  });

  test('is so through Express too', async () => {
    const { handler, cathay } = await openWorld();
    const server = createServer(express().use('/api/loyalty', toExpress(handler)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { storefront } = createLoyaltyClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/loyalty/`,
      headers: () => ({ authorization: 'Bearer cathay service' }),
    });
    for (const customerId of oddIds) {
      const member = { programId: cathay.programId, customerId };
      await storefront.enroll(member);
      expect(await storefront.card(member)).toMatchObject({ customerId });
    }
  });

  test.each([undefined, null, '', '.', '..', 7])(
    'is refused where it cannot stand in one: %j',
    async (id) => {
      const client = answering(() => {
        throw new Error('it was sent');
      });
      const asking = client.admin.merchant({ merchantId: id as string });
      await expect(asking).rejects.toThrow(TypeError);
      await expect(asking).rejects.toThrow('merchantId: ');
    },
  );
});

describe('what is sent', () => {
  test('has instants of Dates and texts alike', async () => {
    const { client, cathay } = await openWorld();
    const { store } = client('cathay service');
    const { cardId } = cathay;
    const [from, to] = ['2026-01-15T00:00:00.000Z', '2026-01-16T00:00:00.000Z'] as const;
    const byDate = await store.statement({ cardId, from: new Date(from), to: new Date(to) });
    expect(await store.statement({ cardId, from, to })).toEqual(byDate);
    expect(byDate.entries).toHaveLength(4);
    const order = { id: 'new-order', total: 500 };
    const occurredAt = new Date('2026-01-15T10:00:30Z');
    const earned = await store.earn({ cardId, order, occurredAt }, { idempotencyKey: 'new-order' });
    expect(earned).toMatchObject({ ok: true, entries: [{ occurredAt: '2026-01-15T10:00:30.000Z' }] });
  });

  test('has what the path does not name in the query of a reading and in the body of a write', async () => {
    const requests: Request[] = [];
    const client = createLoyaltyClient({
      baseUrl: 'http://shop.test/loyalty/',
      headers: { authorization: 'Bearer key' },
      fetch: async (url, init) => {
        requests.push(new Request(url, init));
        return Response.json({});
      },
    });
    await client.store.statement({ cardId: 'a b', kinds: ['earn', 'redeem'], limit: 5, cursor: undefined });
    await client.admin.changeStaff(
      { merchantId: 'm', staffId: 's', locationId: null },
      { idempotencyKey: 'key-1' },
    );
    const [read, write] = requests as [Request, Request];
    expect(read.url).toBe('http://shop.test/loyalty/store/cards/a%20b/statement?kinds=earn%2Credeem&limit=5');
    expect([read.method, read.headers.get('authorization')]).toEqual(['GET', 'Bearer key']);
    expect(read.headers.get('idempotency-key')).toBeNull();
    expect([write.method, write.url]).toEqual([
      'PATCH',
      'http://shop.test/loyalty/admin/merchants/m/staff/s',
    ]);
    expect(write.headers.get('idempotency-key')).toBe('key-1');
    expect(await write.json()).toEqual({ locationId: null });
  });

  test('is taken back by its signal', async () => {
    const client = createLoyaltyClient({
      baseUrl: 'http://shop.test',
      fetch: async (_url, init) => {
        init?.signal?.throwIfAborted();
        return Response.json({});
      },
    });
    const signal = AbortSignal.abort();
    await expect(client.admin.merchants({}, { signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

describe('what comes back', () => {
  test('is a value where a command was refused, with its facts as the engine has them', async () => {
    const { client, cathay, loyalty } = await openWorld();
    const { cardId } = cathay;
    const outcome = await client('cathay service').store.redeem(
      { cardId, points: 1000 },
      { idempotencyKey: 'key-1' },
    );
    expect(outcome).toEqual(await loyalty.redeem({ cardId, points: 1000 }));
  });

  test('is thrown where a request was not valid', async () => {
    const { client } = await openWorld();
    const asking = client('admin').store.earn(
      { cardId: 'x', order: { id: 'A', total: -1 } },
      { idempotencyKey: 'key-1' },
    );
    const thrown = await asking.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(LoyaltyProblem);
    expect(thrown).toMatchObject({
      ...{ name: 'LoyaltyProblem', status: 400, code: 'INVALID_REQUEST', retryAfterSeconds: null },
      errors: [{ field: 'order.total' }],
      message: expect.stringContaining('order.total: '),
    });
  });

  test('is thrown where a card is not there, from commands and readings alike', async () => {
    const { client } = await openWorld();
    const { store } = client('cathay service');
    const notFound = { status: 404, code: 'NOT_FOUND', errors: [] };
    await expect(store.card({ cardId: 'x' })).rejects.toMatchObject(notFound);
    const earning = store.earn({ cardId: 'x', order: { id: 'A', total: 1 } }, { idempotencyKey: 'key-1' });
    await expect(earning).rejects.toMatchObject(notFound);
  });

  test('says when to try again', async () => {
    const busy = { type: 'urn:x', title: 'Busy.', status: 503, code: 'UNAVAILABLE' };
    const client = answering(() => Response.json(busy, { status: 503, headers: { 'retry-after': '7' } }));
    await expect(client.admin.merchants()).rejects.toMatchObject({ status: 503, retryAfterSeconds: 7 });
  });

  test.each<[string, () => Response]>([
    ['a page of a proxy', () => new Response('<h1>502 Bad Gateway</h1>', { status: 502 })],
    ['nothing', () => new Response(null, { status: 502 })],
    ['another JSON', () => Response.json({ message: 'no' }, { status: 502 })],
    ['JSON that is no object', () => Response.json(null, { status: 502 })],
    ['a list', () => Response.json([], { status: 502 })],
  ])('is a problem too where it is %s', async (_what, answer) => {
    const client = answering(answer);
    const asked = [
      client.admin.merchants(),
      client.store.earn({ cardId: 'x', order: { id: 'A', total: 1 } }, { idempotencyKey: 'k' }),
    ];
    for (const each of asked) {
      const thrown = await each.catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(LoyaltyProblem);
      expect(thrown).toMatchObject({ status: 502, code: 'NOT_A_PROBLEM' });
    }
  });

  test('is thrown as it is where nothing came', async () => {
    const client = answering(() => {
      throw new TypeError('fetch failed');
    });
    await expect(client.admin.merchants()).rejects.toThrow('fetch failed');
  });
});

// What is said here is checked by tsc.
test('the client knows the types of all that it takes and gives', () => {
  type Client = LoyaltyClient;
  type Earned = Awaited<ReturnType<Client['store']['earn']>>;
  expectTypeOf<Extract<Earned, { ok: false }>>().toEqualTypeOf<Refusal>();
  expectTypeOf<Extract<Earned, { ok: true }>['points']>().toBeNumber();
  expectTypeOf<Extract<Earned, { ok: true }>['replayed']>().toBeBoolean();
  expectTypeOf<Awaited<ReturnType<Client['storefront']['balance']>>['available']>().toBeNumber();
  expectTypeOf<Awaited<ReturnType<Client['admin']['registerStaff']>>['pin']>().toEqualTypeOf<string | null>();
  const key = { idempotencyKey: 'a' };
  const order = { id: 'a', total: '1' };
  const unused = (client: Client) => {
    void client.storefront.programs();
    void client.admin.statistics({ programId: 'a', by: 'day', from: '2026-01-01' });
    void client.store.earn({ qrToken: 'a', order, occurredAt: new Date() }, key);
    // @ts-expect-error a path has a name
    void client.store.card();
    // @ts-expect-error it needs a key
    void client.store.earn({ cardId: 'a', order });
    // @ts-expect-error a field of the body is missing
    void client.store.earn({ cardId: 'a' }, key);
    // @ts-expect-error that is no field
    void client.store.earn({ cardId: 'a', order, pionts: 5 }, key);
    // @ts-expect-error the API says who did it
    void client.store.earn({ cardId: 'a', order, actor: 'a' }, key);
    // @ts-expect-error the key goes beside it
    void client.store.earn({ cardId: 'a', order, idempotencyKey: 'a' }, key);
    // @ts-expect-error that is no such value
    void client.admin.statistics({ programId: 'a', by: 'week' });
    // @ts-expect-error there is no such operation
    void client.store.steal;
  };
  expect(unused).toBeTypeOf('function');
});
