import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { noon } from '../fixtures.test-data.ts';
import { defaultSettings } from '../merchant/settings.ts';
import { by, cathay, openCompany } from './company.test-data.ts';

const company = () => openCompany(memoryStore());

describe('registering a merchant', () => {
  test('makes it with the default settings', async () => {
    const { merchants } = await company();
    const tata = await merchants.register({ id: 'tata', name: 'Tata', actor: 'anita' });
    expect(tata).toEqual({
      id: 'tata',
      name: 'Tata',
      settings: defaultSettings,
      revision: 1,
      createdAt: new Date(noon).toISOString(),
    });
    expect(await merchants.get('tata')).toEqual(tata);
  });

  test('again changes and records nothing', async () => {
    const { merchants, pass } = await company();
    const first = await merchants.register({ id: 'tata', name: 'Tata' });
    pass(60);
    expect(await merchants.register({ id: 'tata', name: 'Tata' })).toEqual(first);
    expect((await merchants.changes('tata')).changes).toHaveLength(1);
  });

  test('by another name renames it, and its settings stay', async () => {
    const { merchants } = await company();
    await merchants.register({ id: 'tata', name: 'Tata' });
    await merchants.configure({ merchantId: 'tata', settings: { pinAttempts: 3 }, ...by });
    const renamed = await merchants.register({ id: 'tata', name: 'Tata Sons', ...by });
    expect(renamed).toMatchObject({ name: 'Tata Sons', settings: { pinAttempts: 3 }, revision: 2 });
    expect((await merchants.changes('tata')).changes.at(-1)).toMatchObject({
      seq: 3,
      actor: 'anita',
      action: 'renamed',
      before: { name: 'Tata' },
      after: { name: 'Tata Sons' },
    });
  });

  test('of many at once makes one, and records it once', async () => {
    const { merchants } = await company();
    await Promise.all(Array.from({ length: 50 }, () => merchants.register({ id: 'tata', name: 'Tata' })));
    expect((await merchants.changes('tata')).changes).toHaveLength(1);
  });

  test('without an id or with an unknown field is refused, naming it', async () => {
    const { merchants } = await company();
    await expect(merchants.register({ id: '', name: 'Tata' })).rejects.toMatchObject({ field: 'id' });
    await expect(merchants.register({ id: 'tata', name: 'T', city: 'Pune' } as never)).rejects.toMatchObject({
      field: 'city',
    });
  });
});

describe('settings', () => {
  test('that are given change, the others stay; PINs are ruled by operation', async () => {
    const { merchants } = await company();
    await merchants.configure({
      ...cathay,
      settings: { staffPin: { stamp: 'required' }, pinAttempts: 3 },
      ...by,
    });
    const settings = { staffPin: { redeemStamps: 'required' as const }, allowVoid: false };
    expect(await merchants.configure({ ...cathay, settings, ...by })).toMatchObject({
      settings: {
        ...defaultSettings,
        staffPin: { stamp: 'required', redeemStamps: 'required' },
        pinAttempts: 3,
        allowVoid: false,
      },
    });
  });

  test('that change are recorded: who, when, from what to what', async () => {
    const { merchants, clock } = await company();
    clock.at += 5000;
    await merchants.configure({ ...cathay, settings: { pinAttempts: 3, allowVoid: true }, ...by });
    expect((await merchants.changes('cathay')).changes.at(-1)).toEqual({
      merchantId: 'cathay',
      seq: 5,
      at: new Date(noon + 5000).toISOString(),
      actor: 'anita',
      subject: 'settings',
      subjectId: 'cathay',
      action: 'changed',
      before: { pinAttempts: 5 },
      after: { pinAttempts: 3 },
    });
  });

  test('that are what they were record nothing, and are no new revision', async () => {
    const { merchants } = await company();
    const before = await merchants.get('cathay');
    const settings = { pinAttempts: 5, staffPin: {}, allowVoid: undefined };
    expect(await merchants.configure({ ...cathay, settings, ...by })).toEqual(before);
    expect((await merchants.changes('cathay')).changes).toHaveLength(4);
  });

  test('bump the revision that commands look at, like locations and unlike staff', async () => {
    const { merchants, locations, staff } = await company();
    const revision = async () => (await merchants.get('cathay'))?.revision;
    expect(await revision()).toBe(3);
    await merchants.configure({ ...cathay, settings: { allowVoid: false }, ...by });
    expect(await revision()).toBe(4);
    await locations.close({ ...cathay, locationId: 'bandra', ...by });
    expect(await revision()).toBe(5);
    await staff.change({ ...cathay, staffId: 'ravi', name: 'Ravi K', ...by });
    expect(await revision()).toBe(5);
  });

  test.each([
    [{ pinAttempts: 0 }, 'settings.pinAttempts'],
    [{ pinLockMinutes: 1.5 }, 'settings.pinLockMinutes'],
    [{ allowVoid: 'yes' }, 'settings.allowVoid'],
    [{ staffPin: { stamp: 'always' } }, 'settings.staffPin.stamp'],
    [{ staffPin: { dance: 'required' } }, 'settings.staffPin.dance'],
    [{ staffPin: null }, 'settings.staffPin'],
    [{ cooldown: 1 }, 'settings.cooldown'],
  ])('%j are refused, and nothing is changed', async (settings, field) => {
    const { merchants } = await company();
    const before = await merchants.get('cathay');
    const change = { ...cathay, settings: { selfEnrolment: false, ...settings } as never, ...by };
    await expect(merchants.configure(change)).rejects.toMatchObject({ code: 'INVALID_COMMAND', field });
    expect(await merchants.get('cathay')).toEqual(before);
  });

  test('need an actor, and a merchant that is registered', async () => {
    const { merchants } = await company();
    const settings = { allowVoid: false };
    await expect(merchants.configure({ ...cathay, settings } as never)).rejects.toMatchObject({
      field: 'actor',
    });
    await expect(merchants.configure({ merchantId: 'none', settings, ...by })).rejects.toMatchObject({
      code: 'MERCHANT_NOT_FOUND',
    });
    expect((await merchants.changes('none')).changes).toEqual([]);
    expect(await merchants.get('none')).toBeNull();
  });
});

describe('lists', () => {
  test('of merchants go on where the page before ended', async () => {
    const { merchants } = await company();
    for (const id of ['e', 'a', 'c', 'b', 'd']) await merchants.register({ id, name: id });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await merchants.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      expect(page.merchants.length).toBeLessThanOrEqual(3);
      seen.push(...page.merchants.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['a', 'b', 'c', 'cathay', 'd', 'dorabjee', 'e']);
  });

  test('of changes are numbered without a gap, oldest first, also past nine', async () => {
    const { merchants } = await company();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        merchants.configure({ ...cathay, settings: { pinAttempts: index + 10 }, ...by }),
      ),
    );
    const first = await merchants.changes('cathay', { limit: 11 });
    const rest = await merchants.changes('cathay', { cursor: first.nextCursor as string });
    expect(rest.nextCursor).toBeNull();
    expect([...first.changes, ...rest.changes].map(({ seq }) => seq)).toEqual(
      Array.from({ length: 24 }, (_, index) => index + 1),
    );
  });

  test("take no other list's cursor, and no limit out of range", async () => {
    const { merchants } = await company();
    for (const cursor of ['cathay', '["cathay"]', '[-1]', '[1,2]']) {
      await expect(merchants.changes('cathay', { cursor })).rejects.toMatchObject({ field: 'cursor' });
    }
    for (const limit of [0, 1001, 1.5]) {
      await expect(merchants.list({ limit })).rejects.toMatchObject({ field: 'limit' });
    }
  });
});
