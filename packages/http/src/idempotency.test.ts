import { describe, expect, test } from 'vitest';
import { ask, operationOf, operations } from '../test/ask.ts';
import { changedTables, openWorld, writing } from '../test/open-world.ts';
import { type Route, routes } from './index.ts';

const everyRoute: Record<string, Route> = Object.fromEntries(
  Object.entries(routes).flatMap(([area, each]) =>
    Object.entries(each).map(([name, route]) => [`${area}.${name}`, route as Route]),
  ),
);
const keyed = operations.filter(({ id }) => everyRoute[id]?.key);
const required = operations.filter(({ id }) => everyRoute[id]?.key === 'required');
const tokenOf = (id: string) => (everyRoute[id]?.roles.includes('merchant') ? 'cathay merchant' : 'admin');

describe('a write', () => {
  test('has a key where it is not one by nature', () => {
    const without = Object.entries(everyRoute).filter(([, { method, key }]) => method !== 'GET' && !key);
    // Readings by POST, a check that counts each try, and jobs that come to the same when they run twice.
    expect(without.map(([id]) => id).sort()).toEqual([
      'admin.expirePoints',
      'admin.verify',
      'store.checkPin',
      'store.lookUp',
      'store.quote',
      'storefront.quote',
    ]);
  });

  test.each(required)('$id is refused without its key, and nothing is written', async (asked) => {
    const { client, cathay, dump } = await openWorld();
    const before = dump();
    const asking = operationOf(client(tokenOf(asked.id)), asked)(asked.call.input(cathay));
    await expect(asking).rejects.toMatchObject({ status: 400, code: 'IDEMPOTENCY_KEY_REQUIRED' });
    expect(changedTables(before, dump())).toEqual([]);
  });

  test.each(keyed)('$id happens once under a key, and says that it was repeated', async (asked) => {
    const { client, cathay, dump } = await openWorld();
    const operation = operationOf(client(tokenOf(asked.id)), asked);
    const options = { idempotencyKey: 'key-1' };
    const first = await operation(asked.call.input(cathay), options);
    const before = dump();
    const second = await operation(asked.call.input(cathay), options);
    const again = everyRoute[asked.id]?.refuses ? { ...first, replayed: true } : first;
    expect(second).toEqual('pin' in again ? { ...again, pin: null } : again);
    expect(changedTables(before, dump())).toEqual([]);
  });

  test.each(['', ' '.repeat(3), 'k'.repeat(201), 'line\u0001feed'])(
    'names the header of a bad key %#',
    async (key) => {
      const { send, cathay, dump } = await openWorld();
      const before = dump();
      const { merchantId, cardId } = cathay;
      const source = { type: 'test', id: '1' };
      const writes = [
        ['/store/award', writing({ cardId, points: 1, source, reason: 'test' })],
        [`/admin/merchants/${merchantId}/staff`, writing({ id: 'new', name: 'New', role: 'cashier' })],
      ] as const;
      for (const [path, init] of writes) {
        const headers = { ...(init.headers as object), 'idempotency-key': key };
        const response = await send('cathay merchant', path, { ...init, headers });
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] });
      }
      expect(changedTables(before, dump())).toEqual([]);
    },
  );
});

describe('a key with other content', () => {
  /** What a write of each kind says first, and then under the same key. */
  const writes = [
    [
      'a command',
      'store',
      'award',
      { points: 1, source: { type: 'test', id: '1' }, reason: 'a' },
      { reason: 'b' },
    ],
    ['settings', 'admin', 'configureMerchant', { pinAttempts: 3 }, { pinAttempts: 4 }],
    ['a location', 'admin', 'registerLocation', { name: 'A', timeZone: 'Asia/Kolkata' }, { name: 'B' }],
    ['staff', 'admin', 'registerStaff', { id: 'new', name: 'A', role: 'cashier' }, { name: 'B' }],
    ['a PIN', 'admin', 'resetPin', {}, { pin: '739154' }],
    [
      'a reward',
      'admin',
      'publishReward',
      { name: 'A', price: { points: 1 }, gives: { kind: 'item' } },
      { name: 'B' },
    ],
    [
      'a program',
      'admin',
      'publishProgram',
      {
        ...{ name: 'A', currency: 'INR', timeZone: 'Asia/Kolkata' },
        points: { earn: { points: 1, perAmount: '10' }, redeem: { valuePerPoint: '1' } },
      },
      { name: 'B' },
    ],
  ] as const;

  test.each(writes)(
    'of %s is refused with 422, and the first stays',
    async (_what, area, name, said, other) => {
      const { client, cathay, dump } = await openWorld();
      const { properties } = { properties: pathNames(area, name) };
      const named = Object.fromEntries(
        properties.map((field) => [field, cathay[field as keyof typeof cathay]]),
      );
      const card = area === 'store' ? { cardId: cathay.cardId } : {};
      const merchant = name === 'publishProgram' ? { merchantId: cathay.merchantId } : {};
      const operation = operationOf(client('admin'), { area, name });
      const input = { ...named, ...card, ...merchant, ...said };
      await operation(input, { idempotencyKey: 'key-1' });
      const before = dump();
      const answer = await operation({ ...input, ...other }, { idempotencyKey: 'key-1' }).catch(
        (error) => error,
      );
      expect(answer).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
      expect(changedTables(before, dump())).toEqual([]);
    },
  );

  test('is told by its status', async () => {
    const { send, cathay } = await openWorld();
    const { cardId } = cathay;
    const award = (id: string) =>
      send(
        'cathay service',
        '/store/award',
        writing({ cardId, points: 1, source: { type: 'test', id }, reason: 'test' }),
      );
    expect((await award('1')).status).toBe(200);
    expect((await award('2')).status).toBe(422);
  });

  test('is a new one where the first was not valid', async () => {
    const { send, cathay } = await openWorld();
    const path = `/admin/merchants/${cathay.merchantId}/staff`;
    const register = (role: string) =>
      send('cathay merchant', path, writing({ id: 'new', name: 'New', role }));
    expect((await register('')).status).toBe(400);
    expect((await register('cashier')).status).toBe(200);
  });

  test('is another one at another merchant', async () => {
    const world = await openWorld();
    for (const name of ['cathay', 'other'] as const) {
      const { merchantId } = world[name];
      const path = `/admin/merchants/${merchantId}/staff`;
      const body = { id: 'new', name: `New at ${name}`, role: 'cashier' };
      expect((await world.send(`${name} merchant`, path, writing(body))).status).toBe(200);
    }
  });
});

describe('a repetition', () => {
  test('is marked by a header, and the first is not', async () => {
    const { send, cathay } = await openWorld();
    const { cardId, merchantId } = cathay;
    const body = { cardId, points: 1, source: { type: 'test', id: '1' }, reason: 'test' };
    const settings = writing({ pinAttempts: 3 }, { method: 'PATCH' });
    for (const [path, init] of [
      ['/store/award', writing(body)],
      [`/admin/merchants/${merchantId}/settings`, settings],
    ] as const) {
      const marks = [];
      for (let time = 0; time < 3; time += 1)
        marks.push((await send('admin', path, init)).headers.get('idempotent-replayed'));
      expect(marks).toEqual([null, 'true', 'true']);
    }
  });

  test('of making staff and of resetting a PIN never shows the PIN again', async () => {
    const { client, cathay } = await openWorld();
    const { merchantId, staffId } = cathay;
    const { registerStaff, resetPin } = client('cathay merchant').admin;
    const made = { merchantId, id: 'new', name: 'New', role: 'cashier' };
    const key = { idempotencyKey: 'key-1' };
    const shown = [await registerStaff(made, key), await registerStaff(made, key)].map(({ pin }) => pin);
    expect(shown).toEqual([expect.stringMatching(/^\d{6}$/), null]);
    const reset = { merchantId, staffId };
    const other = { idempotencyKey: 'key-2' };
    const pins = [await resetPin(reset, other), await resetPin(reset, other)].map(({ pin }) => pin);
    expect(pins).toEqual([expect.stringMatching(/^\d{6}$/), null]);
  });

  test('changes nothing, whatever has changed since, and answers what the first came to', async () => {
    const { client, cathay, loyalty } = await openWorld();
    const { merchantId, locationId } = cathay;
    const { closeLocation, reopenLocation } = client('cathay merchant').admin;
    const closed = await closeLocation({ merchantId, locationId }, { idempotencyKey: 'key-1' });
    await reopenLocation({ merchantId, locationId });
    expect(await closeLocation({ merchantId, locationId }, { idempotencyKey: 'key-1' })).toEqual(closed);
    expect(await loyalty.locations.get(merchantId, locationId)).toMatchObject({ status: 'open' });
  });

  test('is known by its content, not by the order of its fields', async () => {
    const { send, cathay } = await openWorld();
    const path = `/admin/merchants/${cathay.merchantId}/settings`;
    const patch = (body: object) => send('admin', path, writing(body, { method: 'PATCH' }));
    expect((await patch({ pinAttempts: 3, allowVoid: false })).status).toBe(200);
    expect((await patch({ allowVoid: false, pinAttempts: 3 })).status).toBe(200);
  });

  test('200 times at once earns once: one is the first, the others are its repetitions', async () => {
    const { loyalty, cathay, client } = await openWorld();
    const { earn } = client('cathay service').store;
    const body = { cardId: cathay.cardId, order: { id: 'new-order', total: '500' } };
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => earn(body, { idempotencyKey: 'new-order' })),
    );
    expect(outcomes.filter((outcome) => outcome.ok && outcome.points === 50)).toHaveLength(200);
    expect(outcomes.filter((outcome) => outcome.ok && !outcome.replayed)).toHaveLength(1);
    const { entries } = await loyalty.entries({ cardId: cathay.cardId, orderId: 'new-order' });
    expect(entries).toHaveLength(1);
  });

  test('of what was refused is tried again', async () => {
    const world = await openWorld();
    const { cardId } = world.cathay;
    const redeem = () =>
      ask(world, 'cathay service', { area: 'store', name: 'redeem' }, { cardId, points: 216 });
    expect(await redeem()).toMatchObject({ status: 409 });
    const source = { type: 'test', id: '1' };
    await world.loyalty.award({ cardId, points: 1, source, reason: 'test' });
    expect(await redeem()).toMatchObject({ status: 200 });
  });
});

function pathNames(area: string, name: string): string[] {
  const path = everyRoute[`${area}.${name}`]?.path ?? '';
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field ?? '');
}
