import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { noon } from '../fixtures.test-data.ts';
import { StaffProof } from '../merchant/staff.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import type { PinCheck } from './check-pin.ts';
import { by, cathay, openCompany, pin } from './company.test-data.ts';
import { staffOf } from './staff.ts';

const company = () => openCompany(memoryStore());
const wrong = '999888';
const ravi = { ...cathay, staffId: 'ravi' };
const till = { terminalId: 'till-1' };

/** A gate that holds verifications back until it is opened. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

/** Six attempts in a new company, one at each till: what they answer, and what is asked of store and hasher. */
async function watchedAttempts(named: { merchantId: string; staffId: string }, guess: string) {
  const { staff, store, clock, ids, hasher, made } = await company();
  await staff.register({ ...cathay, id: 'meera', name: 'Meera', role: 'cashier', pin, ...by });
  await staff.deactivate({ ...cathay, staffId: 'meera', ...by });
  const asked: string[] = [];
  const watched: LoyaltyStore = {
    ...store,
    records(table, keys) {
      asked.push(`read ${table.name}`);
      return store.records(table, keys);
    },
    changeRecords(keys, change) {
      asked.push(`change ${keys.map(({ table }) => table.name)}`);
      return store.changeRecords(keys, change);
    },
  };
  const before = { hashed: made.hashes.length, verified: made.verified.length };
  const register = staffOf(watched, clock.now, ids, hasher);
  const answers: PinCheck[] = [];
  for (let round = 0; round < 6; round += 1) {
    answers.push(await register.checkPin({ ...named, pin: guess, terminalId: `till-${round}` }));
  }
  return {
    answers,
    asked,
    hashed: made.hashes.length - before.hashed,
    verified: made.verified.length - before.verified,
  };
}

describe('a right PIN', () => {
  test('gives who it is and a proof for five minutes, and is noted as last used', async () => {
    const { staff } = await company();
    await staff.change({ ...ravi, locationId: 'bandra', ...by });
    const check = await staff.checkPin({ ...ravi, pin, ...till, locationId: 'bandra' });
    const expiresAt = noon + 5 * 60_000;
    expect(check).toEqual({
      ok: true,
      staffId: 'ravi',
      name: 'Ravi',
      role: 'cashier',
      proof: new StaffProof({ ...cathay, staffId: 'ravi', locationId: 'bandra', expiresAt }),
      expiresAt: new Date(expiresAt).toISOString(),
    });
    expect(await staff.get('cathay', 'ravi')).toMatchObject({ lastUsedAt: new Date(noon).toISOString() });
  });

  test('clears the wrong ones before it, of the staff member and at the terminal', async () => {
    const { staff } = await company();
    for (let round = 0; round < 3; round += 1) {
      for (const attemptsLeft of [4, 3, 2, 1]) {
        expect(await staff.checkPin({ ...ravi, pin: wrong, ...till })).toMatchObject({
          code: 'PIN_WRONG',
          attemptsLeft,
        });
      }
      expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
    }
  });

  test('at the last attempt is right, and leaves no lock', async () => {
    const { staff, merchants } = await company();
    await merchants.configure({ ...cathay, settings: { pinAttempts: 1 }, ...by });
    for (let round = 0; round < 3; round += 1) {
      expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
      expect((await staff.get('cathay', 'ravi'))?.lockedUntil).toBeNull();
    }
  });

  test('is not recorded as a change, nor is a wrong one', async () => {
    const { staff, recorded } = await company();
    const { length } = await recorded();
    await staff.checkPin({ ...ravi, pin, ...till });
    await staff.checkPin({ ...ravi, pin: wrong, ...till });
    expect(await recorded()).toHaveLength(length);
  });

  test('of somebody who works at one location is wrong at another', async () => {
    const { staff } = await company();
    await staff.change({ ...ravi, locationId: 'bandra', ...by });
    const elsewhere = await staff.checkPin({ ...ravi, pin, ...till, locationId: 'colaba' });
    expect(elsewhere).toMatchObject({ code: 'PIN_WRONG', attemptsLeft: 4 });
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
  });
});

describe('wrong PINs in a row', () => {
  test('lock the staff member at every terminal, the right PIN included, until the minutes are over', async () => {
    const { staff, pass, made } = await company();
    for (let round = 1; round < 5; round += 1) {
      const check = await staff.checkPin({ ...ravi, pin: wrong, terminalId: `till-${round}` });
      expect(check).toMatchObject({ code: 'PIN_WRONG', attemptsLeft: 5 - round });
    }
    const locked = {
      code: 'PIN_LOCKED',
      lockedUntil: new Date(noon + 30 * 60_000).toISOString(),
      retryAfterSeconds: 1800,
    };
    expect(await staff.checkPin({ ...ravi, pin: wrong, terminalId: 'till-5' })).toMatchObject(locked);
    const checks = made.verified.length;
    expect(await staff.checkPin({ ...ravi, pin, terminalId: 'till-6' })).toMatchObject(locked);
    expect(made.verified).toHaveLength(checks);
    pass(30);
    expect(await staff.checkPin({ ...ravi, pin, terminalId: 'till-6' })).toMatchObject({ ok: true });
  });

  test('at one terminal lock it, whoever they are of', async () => {
    const { staff } = await company();
    for (let round = 1; round < 5; round += 1) {
      const check = await staff.checkPin({ ...cathay, staffId: `nobody-${round}`, pin: wrong, ...till });
      expect(check).toMatchObject({ code: 'PIN_WRONG', attemptsLeft: 5 - round });
    }
    expect(await staff.checkPin({ ...cathay, staffId: 'nobody-5', pin: wrong, ...till })).toMatchObject({
      code: 'PIN_LOCKED',
    });
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ code: 'PIN_LOCKED' });
    expect(await staff.checkPin({ ...ravi, pin, terminalId: 'till-2' })).toMatchObject({ ok: true });
  });

  test('are forgotten when the first of them is as long ago as a lock lasts', async () => {
    const { staff, pass } = await company();
    for (let round = 0; round < 4; round += 1) await staff.checkPin({ ...ravi, pin: wrong, ...till });
    pass(29);
    expect(await staff.checkPin({ ...ravi, pin: wrong, ...till })).toMatchObject({ code: 'PIN_LOCKED' });
    const fresh = await company();
    for (let round = 0; round < 4; round += 1) await fresh.staff.checkPin({ ...ravi, pin: wrong, ...till });
    fresh.pass(30);
    expect(await fresh.staff.checkPin({ ...ravi, pin: wrong, ...till })).toMatchObject({ attemptsLeft: 4 });
  });

  test('after a lock count from the start again', async () => {
    const { staff, pass } = await company();
    for (let round = 0; round < 5; round += 1) await staff.checkPin({ ...ravi, pin: wrong, ...till });
    pass(30);
    expect(await staff.checkPin({ ...ravi, pin: wrong, ...till })).toMatchObject({
      code: 'PIN_WRONG',
      attemptsLeft: 4,
    });
  });

  test("are counted by the merchant's own settings", async () => {
    const { staff, merchants } = await company();
    await merchants.configure({ ...cathay, settings: { pinAttempts: 2, pinLockMinutes: 1 }, ...by });
    expect(await staff.checkPin({ ...ravi, pin: wrong, ...till })).toMatchObject({ attemptsLeft: 1 });
    expect(await staff.checkPin({ ...ravi, pin: wrong, ...till })).toMatchObject({
      code: 'PIN_LOCKED',
      retryAfterSeconds: 60,
    });
  });

  test('wait whole seconds, rounded up', async () => {
    const { staff, clock } = await company();
    for (let round = 0; round < 5; round += 1) await staff.checkPin({ ...ravi, pin: wrong, ...till });
    clock.at += 30 * 60_000 - 1;
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ retryAfterSeconds: 1 });
  });
});

describe('many at once', () => {
  test('a thousand wrong PINs from two engines get five checks, and lock', async () => {
    const { store, clock, ids, hasher, made, staff } = await company();
    const other = staffOf(store, clock.now, ids, hasher);
    const checks = await Promise.all(
      Array.from({ length: 1000 }, (_, index) =>
        (index % 2 ? staff : other).checkPin({ ...ravi, pin: wrong, terminalId: `till-${index}` }),
      ),
    );
    expect(made.verified).toHaveLength(5);
    expect(checks.filter((check) => !check.ok && check.code === 'PIN_WRONG')).toHaveLength(4);
    expect(checks.filter((check) => !check.ok && check.code === 'PIN_LOCKED')).toHaveLength(996);
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ code: 'PIN_LOCKED' });
  });

  test('the right PIN five times at once is right five times, and locks nobody', async () => {
    const { staff } = await company();
    const checks = await Promise.all(
      Array.from({ length: 5 }, () => staff.checkPin({ ...ravi, pin, ...till })),
    );
    expect(checks.every(({ ok }) => ok)).toBe(true);
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
  });

  test.each([0, 1, 2, 3, 4])('one wrong PIN among five, as number %i, locks nobody out', async (place) => {
    const { staff } = await company();
    const checks = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        staff.checkPin({ ...ravi, pin: index === place ? wrong : pin, ...till }),
      ),
    );
    expect(checks.map(({ ok }) => ok)).toEqual(checks.map((_check, index) => index !== place));
    expect((await staff.get('cathay', 'ravi'))?.lockedUntil).toBeNull();
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
  });

  test.each([0, 5])(
    'a lock that an admin sets after %i attempts, while a right PIN is compared, stays',
    async (others) => {
      const { store, clock, ids, hasher, staff } = await company();
      const { open, opened } = gate();
      const verify = async (text: string, hash: string) => {
        await opened;
        return hasher.verify(text, hash);
      };
      const slow = staffOf(store, clock.now, ids, { ...hasher, verify });
      const check = slow.checkPin({ ...ravi, pin, ...till });
      await new Promise((resolve) => setTimeout(resolve, 5));
      for (let index = 0; index < others; index += 1) await staff.checkPin({ ...ravi, pin: wrong, ...till });
      await staff.lock({ ...ravi, minutes: 10, ...by });
      open();
      await check;
      expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ code: 'PIN_LOCKED' });
    },
  );

  test.each([
    ['reset', 'resetPin'],
    ['deactivated', 'deactivate'],
  ] as const)('a PIN that is %s while it is compared is wrong', async (_what, change) => {
    const { store, clock, ids, hasher, staff } = await company();
    const { open, opened } = gate();
    const verify = async (text: string, hash: string) => {
      await opened;
      return hasher.verify(text, hash);
    };
    const slow = staffOf(store, clock.now, ids, { ...hasher, verify });
    const check = slow.checkPin({ ...ravi, pin, ...till });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await staff[change]({ ...ravi, ...by });
    open();
    expect(await check).toMatchObject({ code: 'PIN_WRONG' });
    expect((await staff.get('cathay', 'ravi'))?.lastUsedAt).toBeNull();
  });
});

describe('nobody learns who there is', () => {
  test.each([
    ['unknown staff', { staffId: 'none' }],
    ['staff of another merchant', { merchantId: 'dorabjee', staffId: 'ravi' }],
    ['an unknown merchant', { merchantId: 'none', staffId: 'ravi' }],
    ['inactive staff', { staffId: 'meera' }],
  ])('%s: the same answers and the same work as a known one', async (_who, named) => {
    const known = await watchedAttempts(ravi, wrong);
    const unknown = await watchedAttempts({ ...cathay, ...named }, pin);
    expect(unknown).toEqual(known);
    expect(known).toMatchObject({ hashed: 1, verified: 5 });
  });

  test('a PIN that happens to be the one nobody has is wrong as well', async () => {
    const { store, clock, ids } = await company();
    const staff = staffOf(store, clock.now, ids, { hash: async () => 'any', verify: async () => true });
    expect(await staff.checkPin({ ...cathay, staffId: 'none', pin: wrong, ...till })).toMatchObject({
      code: 'PIN_WRONG',
    });
  });
});

describe('a hasher that fails', () => {
  test('is no right PIN: the attempt stays counted, and the next one works', async () => {
    const { store, clock, ids, hasher } = await company();
    let failing = true;
    const staff = staffOf(store, clock.now, ids, {
      async hash(text) {
        if (failing) throw new Error('out of memory');
        return hasher.hash(text);
      },
      verify: hasher.verify,
    });
    await expect(staff.checkPin({ ...ravi, pin, ...till })).rejects.toThrow('out of memory');
    failing = false;
    expect(await staff.checkPin({ ...ravi, pin: wrong, ...till })).toMatchObject({ attemptsLeft: 3 });
    expect(await staff.checkPin({ ...ravi, pin, ...till })).toMatchObject({ ok: true });
  });
});

test.each([
  [{ pin: '12' }, 'pin'],
  [{ pin: undefined }, 'pin'],
  [{ staffId: '' }, 'staffId'],
  [{ terminalId: undefined }, 'terminalId'],
  [{ locationId: ' ' }, 'locationId'],
  [{ orderId: 'A' }, 'orderId'],
])('an attempt with %j is refused and not counted', async (part, field) => {
  const { staff } = await company();
  await expect(staff.checkPin({ ...ravi, pin, ...till, ...part } as never)).rejects.toMatchObject({ field });
  expect(await staff.checkPin({ ...ravi, pin: wrong, ...till })).toMatchObject({ attemptsLeft: 4 });
});
