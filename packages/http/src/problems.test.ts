import { readFileSync } from 'node:fs';
import { LoyaltyError, type LoyaltyStore, type Refusal, refusalMessages } from '@loyalty-engine/core';
import { memoryStore, overrideStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { cardRefusals } from '../../../docs/check/card-refusals.ts';
import { changedTables, openWorld, writing } from '../test/open-world.ts';
import { problemTitles, refusalStatus } from './index.ts';
import { problemOfError, problemOfRefusal } from './problem.ts';

const page = readFileSync(new URL('../../../docs/refusals.md', import.meta.url), 'utf8');
const codes = Object.keys(refusalMessages) as (keyof typeof refusalMessages)[];

/** The facts of each refusal, as the page of refusals tells them: docs/refusals.test.ts shows that it tells all. */
const factsOf = (code: string): string[] => {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${code}\``)) ?? '';
  return [...(row.split('|')[3] ?? '').matchAll(/`(\w+)\??`/g)].map(([, name]) => name ?? '');
};

async function thrownBy(error: unknown) {
  const throwing: Partial<LoyaltyStore> = {
    load: async () => {
      throw error;
    },
    settle: async () => {
      throw error;
    },
  };
  const world = await openWorld({ store: overrideStore(memoryStore(), throwing) });
  return { ...world, response: await world.send('admin', '/store/cards/id-000001') };
}

describe('a refusal', () => {
  test.each(codes)('%s has a status of its own kind, and keeps its facts', (code) => {
    const told = factsOf(code).filter((name) => code !== 'IDEMPOTENCY_KEY_REUSED' || name !== 'key');
    const facts = Object.fromEntries(told.map((name) => [name, `the ${name}`]));
    const refusal: Refusal = { ...facts, ok: false, code, message: refusalMessages[code] };
    const { body } = problemOfRefusal(refusal);
    if (code === 'CARD_NOT_FOUND') {
      expect(body).toMatchObject({ code: 'NOT_FOUND', status: 404 });
      return;
    }
    const status = refusalStatus[code];
    expect([403, 404, 409, 422, 429, 503]).toContain(status);
    const type = `urn:loyalty-engine:problem:${code.toLowerCase().replaceAll('_', '-')}`;
    expect(body).toEqual({ ...facts, type, title: refusalMessages[code], status, code });
  });

  test('of each kind that cards give is so with its real facts', async () => {
    for (const provoke of Object.values(cardRefusals).flat()) {
      const refusal = (await provoke()) as Refusal;
      const { ok: _ok, message, ...facts } = refusal;
      const { body } = problemOfRefusal(refusal);
      expect(body).toMatchObject({ ...facts, title: message, status: refusalStatus[refusal.code] });
    }
  });

  test('of too few points comes with its figures', async () => {
    const { send, cathay, dump } = await openWorld();
    const before = dump();
    const init = writing({ cardId: cathay.cardId, points: 1000 });
    const response = await send('cathay store', '/store/redeem', init);
    expect(response.status).toBe(409);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      code: 'NOT_ENOUGH_POINTS',
      requested: 1000,
      available: 215,
    });
    expect(changedTables(before, dump())).toEqual([]);
  });
});

describe('what a later time allows', () => {
  test('says when: in the cooldown of stamps', async () => {
    const { send, cathay, loyalty } = await openWorld();
    const [program] = await loyalty.programs.versions(cathay.programId);
    if (!program?.stamps) throw new Error('no stamps');
    const { version: _version, effectiveFrom: _from, publishedAt: _at, ...rules } = program;
    await loyalty.programs.publish({ ...rules, stamps: { ...program.stamps, cooldownMinutes: 30 } } as never);
    const response = await send('cathay store', '/store/stamp', writing({ cardId: cathay.cardId }));
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('1740');
    expect(await response.json()).toMatchObject({ code: 'COOLDOWN_ACTIVE', retryAfterSeconds: 1740 });
  });

  test('says when: under a lock of PINs', async () => {
    const { send, cathay, loyalty } = await openWorld();
    const { merchantId, staffId, cardId } = cathay;
    await loyalty.staff.lock({ merchantId, staffId, minutes: 10, actor: 'anita' });
    const staff = { staffId, pin: '482913', terminalId: 'till-1' };
    for (const [path, body] of [
      ['/store/stamp', { cardId, staff }],
      ['/store/check-pin', staff],
    ] as const) {
      const response = await send('cathay store', path, writing(body));
      expect([response.status, response.headers.get('retry-after')]).toEqual([429, '600']);
    }
  });

  test('says when: with too much at once', async () => {
    const { send, cathay } = await openWorld({ maxQueue: 1 });
    const { cardId } = cathay;
    const award = (id: string) =>
      send(
        'cathay service',
        '/store/award',
        writing({ cardId, points: 1, source: { type: 'test', id }, reason: 'test' }, { key: id }),
      );
    const responses = await Promise.all(['1', '2', '3', '4'].map(award));
    const refused = responses.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(responses.filter(({ status }) => status === 200).length).toBe(4 - refused.length);
    for (const response of refused) {
      expect(response.headers.get('retry-after')).toBe('1');
      expect(await response.json()).toMatchObject({ code: 'OVERLOADED' });
    }
  });

  test.each(['STORE_BUSY', 'STORE_UNAVAILABLE', 'STORE_CONFLICT', 'CLOSED'])(
    'says when: at %s',
    async (code) => {
      const { response, errors } = await thrownBy(new LoyaltyError(code, 'connect ECONNREFUSED 10.0.0.7'));
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ code: 'UNAVAILABLE' });
      expect(text).not.toContain('10.0.0.7');
      expect(errors).toEqual([]);
    },
  );
});

describe('a defect', () => {
  test.each([
    new TypeError('cannot read secret of undefined'),
    new LoyaltyError('STORE_DEFECT', 'secret'),
    new LoyaltyError('NO_PIN_HASHER', 'secret'),
    'secret',
  ])('%# is answered with 500, reported, and says nothing of itself', async (error) => {
    const { response, errors } = await thrownBy(error);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      ...{ type: 'urn:loyalty-engine:problem:internal', title: problemTitles.INTERNAL },
      ...{ status: 500, code: 'INTERNAL' },
    });
    expect(errors).toHaveLength(1);
    expect(problemOfError(error, (field) => field)).toBeNull();
  });
});

describe('a request that is not valid', () => {
  const order = { id: 'A', total: '500' };

  test.each<[string, unknown, string]>([
    ['a negative price', { order: { id: 'A', lines: [{ unitPrice: '-1' }] } }, 'order.lines.0.unitPrice'],
    ['no name of a card', { order, cardId: undefined }, 'programId'],
    ['two names of a card', { order, cardNumber: '1234-5678-9018' }, 'cardNumber'],
    ['a bad instant', { order, occurredAt: 'yesterday' }, 'occurredAt'],
    ['an unknown field', { order, pionts: 5 }, 'pionts'],
    ['an unknown field inside', { order: { ...order, tips: 5 } }, 'order.tips'],
    ['a merchant, which the principal says', { order, merchantId: 'other' }, 'merchantId'],
    ['an actor, which the principal says', { order, actor: 'anita' }, 'actor'],
    ['a key in its body', { order, idempotencyKey: 'key-1' }, 'idempotencyKey'],
    ['a proof of a PIN', { order, staff: { proof: true } }, 'staff'],
    ['metadata that is no object', { order, metadata: [] }, 'metadata'],
  ])('names the field: %s', async (_what, body, field) => {
    const { send, cathay, dump } = await openWorld();
    const before = dump();
    const init = writing({ cardId: cathay.cardId, ...(body as object) });
    const response = await send('cathay service', '/store/earn', init);
    expect(response.status).toBe(400);
    const { code, errors } = (await response.json()) as { code: string; errors: { field: string }[] };
    expect(code).toBe('INVALID_REQUEST');
    expect(errors.map((error) => error.field)).toContainEqual(expect.stringMatching(`^${field}`));
    expect(changedTables(before, dump())).toEqual([]);
  });

  test.each<[string, string, string, object, string]>([
    ['PATCH', '/admin/merchants/cathay/settings', 'admin', { pinAttempts: 0 }, 'pinAttempts'],
    ['PATCH', '/admin/merchants/cathay/settings', 'admin', { staffPin: { earn: 'maybe' } }, 'staffPin.earn'],
    [
      'PUT',
      '/admin/merchants/cathay/locations/%20x',
      'admin',
      { name: 'A', timeZone: 'Asia/Kolkata' },
      'locationId',
    ],
    ['PUT', '/admin/merchants/%20x', 'admin', { name: 'A' }, 'merchantId'],
    [
      'PUT',
      '/admin/programs/cathay-miles/rewards/%20x',
      'admin',
      { name: 'A', price: { points: 1 }, gives: { kind: 'item' } },
      'rewardId',
    ],
    ['POST', '/admin/cards/%20x/merge', 'admin', { into: { cardId: 'id-000001' }, reason: 'test' }, 'cardId'],
  ])('%s %s names what the caller wrote', async (method, path, token, body, field) => {
    const { send } = await openWorld();
    const response = await send(token, path, writing(body, { method }));
    expect(await response.json()).toMatchObject({ status: 400, errors: [{ field }] });
  });

  test('names fifty fields at the most', async () => {
    const { send } = await openWorld();
    const body = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`field${index}`, 1]));
    const response = await send('admin', '/store/earn', writing(body));
    const { errors } = (await response.json()) as { errors: object[] };
    expect(errors).toHaveLength(50);
  });
});
