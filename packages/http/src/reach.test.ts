import { describe, expect, test } from 'vitest';
import { ask, operations } from '../test/ask.ts';
import { type Company, nowhere } from '../test/company.ts';
import { changedTables, openWorld, writing } from '../test/open-world.ts';
import { createLoyaltyHandler, type Principal } from './index.ts';

const member = (programId: string, customerId: string) =>
  `/storefront/programs/${programId}/customers/${customerId}`;

async function codeOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { code: unknown }).code;
}

describe('a customer', () => {
  const ofCustomers = operations.filter(
    ({ area, call }) => area === 'storefront' && 'customerId' in call.input({} as never),
  );

  test.each(ofCustomers)('is `me` in $id, as by their own name', async (asked) => {
    const [byName, byMe] = [await openWorld(), await openWorld()];
    const input = asked.call.input(byName.cathay);
    const named = await ask(byName, 'cathay customer', asked, input);
    expect(await ask(byMe, 'cathay customer', asked, { ...input, customerId: 'me' })).toEqual(named);
  });

  test.each(ofCustomers)('does not find another customer in $id', async (asked) => {
    const world = await openWorld();
    const before = world.dump();
    const input = { ...asked.call.input(world.cathay), customerId: world.cathay.quietCustomerId };
    expect(await ask(world, 'cathay customer', asked, input)).toMatchObject({ status: 404 });
    expect(changedTables(before, world.dump())).toEqual([]);
  });

  test('reads what happened, and not who of the shop did it or what they noted', async () => {
    const { client, cathay, loyalty } = await openWorld();
    const { programId, cardId } = cathay;
    const noted = { note: 'a difficult one', metadata: { till: 7 }, actor: 'anita' };
    await loyalty.adjust({ cardId, points: 1, reasonCode: 'GOODWILL', ...noted });
    const { entries } = await client('cathay customer').storefront.statement({ programId, customerId: 'me' });
    expect(entries.at(-1)).toMatchObject({ kind: 'adjust', points: 1, actor: null, staffId: null });
    expect(JSON.stringify(entries)).not.toMatch(/anita|difficult|till/);
  });

  test('is nobody but themselves where a backend asks for `me`', async () => {
    const { send, cathay } = await openWorld();
    expect((await send('cathay service', `${member(cathay.programId, 'me')}/card`)).status).toBe(404);
  });

  test('says neither what an order cost nor when it was', async () => {
    const { send, cathay, dump } = await openWorld();
    const before = dump();
    const path = `${member(cathay.programId, 'me')}/vouchers`;
    const body = { rewardId: cathay.rewardId, occurredAt: '2026-01-01T00:00:00Z', metadata: {} };
    const response = await send('cathay customer', path, writing(body));
    expect(await response.json()).toMatchObject({
      errors: [{ field: 'occurredAt', message: 'unknown field' }, { field: 'metadata' }],
    });
    expect(changedTables(before, dump())).toEqual([]);
  });
});

describe('a till', () => {
  const commands = operations.filter(({ area, call }) => area === 'store' && call.input({} as never));

  test.each(commands)('finds no other location of its merchant in $id', async (asked) => {
    const world = await openWorld();
    const before = world.dump();
    const locationId = world.cathay.otherLocationId;
    const input = { ...asked.call.input(world.cathay), locationId };
    const { status } = await ask(world, 'cathay store', asked, input);
    // Where nothing happens at a location there is no such field.
    expect([400, 404]).toContain(status);
    expect(changedTables(before, world.dump())).toEqual([]);
  });

  test('works at its own location without naming it', async () => {
    const { client, cathay, loyalty } = await openWorld();
    await client('cathay store').store.stamp({ cardId: cathay.cardId }, { idempotencyKey: 'visit-1' });
    const { entries } = await loyalty.entries({ cardId: cathay.cardId, kinds: ['stamp'], limit: 1 });
    expect(entries).toMatchObject([{ locationId: cathay.locationId, actor: 'store' }]);
  });
});

describe('a card, however it is named', () => {
  const ways = ['cardId', 'cardNumber', 'qrToken', 'customerId'] as const;

  test.each(ways)("by its %s: another merchant's is not there", async (way) => {
    const { client, cathay, other, dump } = await openWorld();
    const before = dump();
    const named = (of: typeof other) =>
      (way === 'customerId'
        ? { programId: of.programId, customerId: of.customerId }
        : { [way]: of[way] }) as {
        cardId: string;
      };
    const { store } = client('cathay service');
    await expect(store.lookUp(named(other))).rejects.toMatchObject({ status: 404, code: 'NOT_FOUND' });
    const points = { points: 1, source: { type: 'test', id: '1' }, reason: 'test' };
    const awarding = store.award({ ...named(other), ...points }, { idempotencyKey: 'key-1' });
    await expect(awarding).rejects.toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(changedTables(before, dump())).toEqual([]);
    expect(await store.lookUp(named(cathay))).toMatchObject({ cardId: cathay.cardId });
  });
});

describe('a merchant', () => {
  const filters = [
    ...['merchantId', 'programId', 'enrolledLocationId'].map((name) => ['/admin/cards', name] as const),
    ...['merchantId', 'programId', 'cardId', 'locationId', 'orderId', 'staffId'].map(
      (name) => ['/admin/entries', name] as const,
    ),
    ...['merchantId', 'programId'].map((name) => ['/admin/statistics', name] as const),
  ];

  test.each(filters)("asks %s for another merchant's %s as for one that is not there", async (path, name) => {
    const world = await openWorld();
    const named = (of: Company) =>
      name === 'enrolledLocationId' ? of.locationId : of[name as keyof Company];
    const answers = [world.other, nowhere].map(async (of) => {
      const response = await world.send('cathay merchant', `${path}?${name}=${named(of)}`);
      return { status: response.status, text: await response.text() };
    });
    const [foreign, unknown] = await Promise.all(answers);
    expect(foreign).toEqual(unknown);
    expect(foreign?.text).not.toMatch(/other|"cardId"/);
    const own = await world.send('cathay merchant', `${path}?${name}=${named(world.cathay)}`);
    expect(own.status).toBe(200);
  });

  test("publishes nothing under another merchant's program, and for no other merchant", async () => {
    const { send, cathay, other, dump } = await openWorld();
    const before = dump();
    const rules = {
      ...{ name: 'Mine', currency: 'INR', timeZone: 'Asia/Kolkata' },
      points: { earn: { points: 9, perAmount: '1' }, redeem: { valuePerPoint: '1' } },
    };
    const put = (programId: string, merchantId?: string) =>
      send(
        'cathay merchant',
        `/admin/programs/${programId}`,
        writing({ ...rules, merchantId }, { method: 'PUT', key: programId }),
      );
    for (const merchantId of [cathay.merchantId, other.merchantId])
      expect(await codeOf(await put(other.programId, merchantId))).toBe('NOT_FOUND');
    expect(await codeOf(await put('new', other.merchantId))).toBe('NOT_FOUND');
    expect(changedTables(before, dump())).toEqual([]);
    expect(await (await put('new')).json()).toMatchObject({ id: 'new', merchantId: cathay.merchantId });
  });

  test('has its settings changed by the platform only', async () => {
    const { send, cathay, dump } = await openWorld();
    const before = dump();
    const path = `/admin/merchants/${cathay.merchantId}/settings`;
    const response = await send('cathay merchant', path, writing({ pinAttempts: 9 }, { method: 'PATCH' }));
    expect(response.status).toBe(404);
    expect(changedTables(before, dump())).toEqual([]);
  });
});

describe('who asks', () => {
  const path = '/admin/cards';

  test('has to be told: without `authenticate` nothing starts', async () => {
    const { loyalty } = await openWorld();
    for (const authenticate of [undefined, null, 'bearer'] as never[])
      expect(() => createLoyaltyHandler(loyalty, { authenticate })).toThrow(
        expect.objectContaining({ code: 'INVALID_OPTIONS' }),
      );
    expect(() => createLoyaltyHandler(loyalty, {} as never)).toThrow('authenticate');
  });

  test.each([null, undefined])('is nobody where it is %s', async (nobody) => {
    const { send, errors } = await openWorld({ authenticate: () => nobody as null });
    const response = await send('admin', path);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(errors).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['no merchant', { role: 'merchant' }],
    ['an empty merchant', { role: 'merchant', merchantId: '' }],
    ['no location', { role: 'store', merchantId: 'cathay' }],
    ['no customer', { role: 'customer', merchantId: 'cathay' }],
    ['a merchant and the role of the platform', { role: 'admin', merchantId: 'cathay' }],
    ['a role that there is not', { role: 'root' }],
    ['no role', {}],
    ['only its truth', true],
  ])('is never let through with %s: that is reported', async (_what, principal) => {
    const { send, errors } = await openWorld({ authenticate: () => principal as Principal });
    const response = await send('admin', path);
    expect(response.status).toBe(500);
    expect(await codeOf(response)).toBe('INTERNAL');
    expect(errors).toHaveLength(1);
  });

  test('is not known where finding out failed: that is reported, and its message is not told', async () => {
    const { send, errors } = await openWorld({
      authenticate: async () => {
        throw new Error('redis://secret is down');
      },
    });
    const response = await send('admin', path);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('redis');
    expect(errors).toMatchObject([{ message: 'redis://secret is down' }]);
  });

  test('is kept as the actor, where the host says it', async () => {
    const { client, cathay } = await openWorld({
      authenticate: () => ({ role: 'merchant', merchantId: 'cathay', actor: 'anita' }),
    });
    const adjusted = await client('').admin.adjust(
      { cardId: cathay.cardId, points: 1, reasonCode: 'TEST' },
      { idempotencyKey: 'key-1' },
    );
    expect(adjusted).toMatchObject({ ok: true, entries: [{ actor: 'anita' }] });
  });
});
