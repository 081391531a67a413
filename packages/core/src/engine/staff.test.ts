import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { noon } from '../fixtures.test-data.ts';
import { randomIds } from '../ports/ids.ts';
import { by, cathay, openCompany, pin } from './company.test-data.ts';
import { staffOf } from './staff.ts';

const company = () => openCompany(memoryStore());
const meera = { ...cathay, id: 'meera', name: 'Meera', role: 'manager', ...by };
const ravi = { ...cathay, staffId: 'ravi' };
const till = { terminalId: 'till-1' };

describe('a staff member', () => {
  test('is registered with a PIN of six random digits, shown this once', async () => {
    const { staff } = await company();
    const { staff: made, pin: shown } = await staff.register({ ...meera, locationId: 'bandra' });
    expect(shown).toMatch(/^\d{6}$/);
    expect(made).toEqual({
      merchantId: 'cathay',
      id: 'meera',
      name: 'Meera',
      role: 'manager',
      locationId: 'bandra',
      status: 'active',
      lockedUntil: null,
      pinSetAt: new Date(noon).toISOString(),
      lastUsedAt: null,
      createdAt: new Date(noon).toISOString(),
    });
    expect(await staff.get('cathay', 'meera')).toEqual(made);
    const check = { ...cathay, staffId: 'meera', pin: shown, ...till };
    expect(await staff.checkPin(check)).toMatchObject({ ok: true, name: 'Meera', role: 'manager' });
  });

  test('has the PIN that is given, which must not be a common one', async () => {
    const { staff } = await company();
    expect((await staff.register({ ...meera, pin: '7391' })).pin).toBe('7391');
    for (const common of ['1234', '0000', '2580']) {
      const wrong = staff.register({ ...meera, id: 'kiran', pin: common });
      await expect(wrong).rejects.toMatchObject({ code: 'INVALID_COMMAND', field: 'pin' });
      await expect(wrong).rejects.not.toThrow(new RegExp(common));
      await expect(staff.resetPin({ ...ravi, pin: common, ...by })).rejects.toMatchObject({ field: 'pin' });
    }
    await expect(staff.register({ ...meera, id: 'kiran', pin: '12a456' })).rejects.toMatchObject({
      field: 'pin',
    });
  });

  test('of an id that there is, is refused and stays who it was', async () => {
    const { staff } = await company();
    await expect(staff.register({ ...meera, id: 'ravi' })).rejects.toMatchObject({ code: 'STAFF_EXISTS' });
    expect(await staff.get('cathay', 'ravi')).toMatchObject({ name: 'Ravi' });
    const twins = await Promise.allSettled([staff.register(meera), staff.register(meera)]);
    expect(twins.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('needs a merchant that is registered, and a location of it', async () => {
    const { staff } = await company();
    await expect(staff.register({ ...meera, merchantId: 'none' })).rejects.toMatchObject({
      code: 'MERCHANT_NOT_FOUND',
    });
    for (const locationId of ['none', 'camp']) {
      const gone = { code: 'LOCATION_NOT_FOUND' };
      await expect(staff.register({ ...meera, locationId })).rejects.toMatchObject(gone);
      await expect(staff.change({ ...ravi, locationId, ...by })).rejects.toMatchObject(gone);
    }
  });

  test('is changed: name, role, and where; null is everywhere', async () => {
    const { staff, merchants, recorded } = await company();
    const bound = await staff.change({ ...ravi, role: 'manager', locationId: 'colaba', ...by });
    expect(bound).toMatchObject({ name: 'Ravi', role: 'manager', locationId: 'colaba' });
    expect((await merchants.changes('cathay')).changes.at(-1)).toMatchObject({
      actor: 'anita',
      subject: 'staff',
      subjectId: 'ravi',
      action: 'changed',
      before: { role: 'cashier', locationId: null },
      after: { role: 'manager', locationId: 'colaba' },
    });
    expect(await staff.change({ ...ravi, locationId: null, ...by })).toMatchObject({ locationId: null });
    const { length } = await recorded();
    await staff.change({ ...ravi, locationId: null, name: undefined, ...by });
    expect(await recorded()).toHaveLength(length);
  });

  test('that is inactive has no right PIN, until it is active again', async () => {
    const { staff, recorded } = await company();
    await staff.deactivate({ ...ravi, ...by, reason: 'left' });
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ code: 'PIN_WRONG' });
    expect(await staff.reactivate({ ...ravi, ...by })).toMatchObject({ status: 'active' });
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
    expect((await recorded()).slice(-2)).toEqual(['staff ravi deactivated', 'staff ravi reactivated']);
  });

  test('with a new PIN is checked by that one, and neither counted nor locked from before', async () => {
    const { staff, merchants } = await company();
    for (let wrong = 0; wrong < 5; wrong += 1) {
      await staff.checkPin({ ...ravi, pin: '999888', terminalId: `till-${wrong}` });
    }
    expect(await staff.get('cathay', 'ravi')).toMatchObject({ lockedUntil: expect.any(String) });
    const reset = await staff.resetPin({ ...ravi, ...by });
    expect(reset.staff.lockedUntil).toBeNull();
    expect((await merchants.changes('cathay')).changes.at(-1)).toMatchObject({
      action: 'pin-reset',
      before: { lockedUntil: new Date(noon + 30 * 60_000).toISOString() },
      after: { lockedUntil: null },
    });
    expect(await staff.checkPin({ ...ravi, pin, terminalId: 'till-9' })).toMatchObject({
      code: 'PIN_WRONG',
      attemptsLeft: 4,
    });
    expect(await staff.checkPin({ ...ravi, pin: reset.pin, ...till })).toMatchObject({ ok: true });
  });

  test('does not start locked by what was tried before there was one', async () => {
    const { staff } = await company();
    for (let wrong = 0; wrong < 5; wrong += 1) {
      await staff.checkPin({ ...cathay, staffId: 'meera', pin: '999888', terminalId: `till-${wrong}` });
    }
    const { pin: shown } = await staff.register(meera);
    expect(await staff.checkPin({ ...cathay, staffId: 'meera', pin: shown, ...till })).toMatchObject({
      ok: true,
    });
  });

  test.each([
    ['cathay', 'none'],
    ['dorabjee', 'ravi'],
    ['none', 'ravi'],
  ])('%s %s is not found, whatever is asked of it', async (merchantId, staffId) => {
    const { staff } = await company();
    const nobody = { merchantId, staffId, ...by };
    const gone = { code: 'STAFF_NOT_FOUND', message: 'The merchant has no such staff member' };
    await expect(staff.change({ ...nobody, name: 'X' })).rejects.toMatchObject(gone);
    await expect(staff.deactivate(nobody)).rejects.toMatchObject(gone);
    await expect(staff.reactivate(nobody)).rejects.toMatchObject(gone);
    await expect(staff.resetPin(nobody)).rejects.toMatchObject(gone);
    await expect(staff.lock(nobody)).rejects.toMatchObject(gone);
    await expect(staff.unlock(nobody)).rejects.toMatchObject(gone);
    expect(await staff.get(merchantId, staffId)).toBeNull();
  });
});

describe('a lock by the hand of an admin', () => {
  test("refuses every PIN until it ends, is taken away, or the merchant's minutes are over", async () => {
    const { staff, pass, recorded } = await company();
    const locked = await staff.lock({ ...ravi, minutes: 90, ...by, reason: 'lost phone' });
    const lockedUntil = new Date(noon + 90 * 60_000).toISOString();
    expect(locked).toEqual({ ...cathay, staffId: 'ravi', terminalId: null, lockedUntil });
    expect((await staff.get('cathay', 'ravi'))?.lockedUntil).toBe(lockedUntil);
    pass(89);
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({
      code: 'PIN_LOCKED',
      lockedUntil,
      retryAfterSeconds: 60,
    });
    pass(1);
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
    await staff.lock({ ...ravi, ...by });
    expect(await staff.unlock({ ...ravi, ...by })).toMatchObject({ lockedUntil: null });
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
    expect((await recorded()).slice(-3)).toEqual([
      'staff ravi locked',
      'staff ravi locked',
      'staff ravi unlocked',
    ]);
  });

  test('of a terminal refuses everybody there, and nobody elsewhere', async () => {
    const { staff, merchants } = await company();
    await staff.lock({ ...cathay, ...till, ...by });
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ code: 'PIN_LOCKED' });
    expect(await staff.checkPin({ ...ravi, pin, terminalId: 'till-2' })).toMatchObject({ ok: true });
    await staff.unlock({ ...cathay, ...till, ...by });
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
    expect((await merchants.changes('cathay')).changes.at(-1)).toMatchObject({
      subject: 'staff',
      subjectId: 'terminal:till-1',
      action: 'unlocked',
    });
  });

  test('names either a staff member or a terminal', async () => {
    const { staff } = await company();
    for (const which of [{}, { staffId: 'ravi', ...till }]) {
      const wrong = { ...cathay, ...which, ...by } as never;
      await expect(staff.lock(wrong)).rejects.toMatchObject({ field: 'staffId' });
      await expect(staff.unlock(wrong)).rejects.toMatchObject({ field: 'staffId' });
    }
  });

  test('that is not there is taken away without a record', async () => {
    const { staff, recorded } = await company();
    const { length } = await recorded();
    await staff.unlock({ ...ravi, ...by });
    await staff.unlock({ ...cathay, ...till, ...by });
    expect(await recorded()).toHaveLength(length);
  });
});

test('staff are listed by id with their locks, those of their merchant only', async () => {
  const { staff } = await company();
  await staff.register(meera);
  await staff.register({ ...meera, merchantId: 'dorabjee', id: 'kiran' });
  await staff.lock({ ...ravi, ...by });
  const { staff: listed, nextCursor } = await staff.list('cathay');
  expect(listed.map(({ id, lockedUntil }) => [id, lockedUntil !== null])).toEqual([
    ['meera', false],
    ['ravi', true],
  ]);
  expect(nextCursor).toBeNull();
  expect((await staff.list('none')).staff).toEqual([]);
});

test('no PIN and no hash is in a record, a view or an error', async () => {
  const { staff, merchants, made } = await company();
  const answers: unknown[] = [await staff.register({ ...meera, pin: '739154' }).then(({ staff }) => staff)];
  answers.push((await staff.resetPin({ ...ravi, pin: '620847', ...by })).staff);
  answers.push(await staff.checkPin({ ...ravi, pin: '620847', ...till }));
  answers.push(await staff.checkPin({ ...ravi, pin: '739154', ...till }));
  const failures = [
    staff.register({ ...meera, pin: '739154' }),
    staff.resetPin({ ...cathay, staffId: 'none', pin: '739154', ...by }),
    staff.register({ ...meera, id: 'x', pin: '739154620847' }),
    staff.checkPin({ ...ravi, pin: 739154 as never, ...till }),
    staff.checkPin({ ...ravi, pin: '739154', terminalId: '' }),
  ];
  for (const failure of failures)
    answers.push(await failure.catch((error: Error) => [String(error), { ...error }]));
  answers.push(await merchants.changes('cathay'), await staff.list('cathay'));
  const said = JSON.stringify(answers);
  for (const secret of ['739154', '620847', pin, ...made.hashes]) expect(said).not.toContain(secret);
});

test('without a hasher PINs can be neither set nor checked, and the error says where one comes from', async () => {
  const { store, clock } = await company();
  const staff = staffOf(store, clock.now, randomIds, undefined);
  const none = { code: 'NO_PIN_HASHER', message: expect.stringContaining('scryptPins({ pepper })') };
  await expect(staff.register(meera)).rejects.toMatchObject(none);
  await expect(staff.resetPin({ ...ravi, ...by })).rejects.toMatchObject(none);
  await expect(staff.checkPin({ ...ravi, pin, ...till })).rejects.toMatchObject(none);
  expect(await staff.get('cathay', 'ravi')).toMatchObject({ name: 'Ravi' });
});
