import { unwrap } from '@loyalty-engine/core';
import { actor, bandra, merchantId, newYork, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';
import { companyWithStaff, pin, staffId, stampWith, terminalId, wrongPin } from './staff-shop.ts';

/** PINs of staff: right and wrong ones, and what locks them. */
export const pinFacts: Facts = {
  ...factsIn(companyWithStaff, {
    'a command that wants a PIN is refused without one, and its entry says whose it was': async (
      { loyalty, clock },
      expect,
    ) => {
      expect(await loyalty.stamp(member)).toMatchObject({ ok: false, code: 'PIN_REQUIRED' });
      const stamped = unwrap(await stampWith(loyalty, pin));
      expect(stamped.entries).toMatchObject([{ kind: 'stamp', staffId }]);
      const { entries } = await ledgerOf(loyalty, member);
      expect(entries).toMatchObject([{ staffId }]);
      expect(JSON.stringify([stamped, entries])).not.toContain(pin);
      clock.advance({ hours: 1 });
      expect(await loyalty.staff.get(merchantId, staffId)).toMatchObject({
        lastUsedAt: '2026-01-15T10:00:00.000Z',
      });
    },

    'a wrong PIN writes nothing and says how many are left': async ({ loyalty }, expect) => {
      for (const attemptsLeft of [4, 3])
        expect(await stampWith(loyalty, wrongPin)).toMatchObject({
          ok: false,
          code: 'PIN_WRONG',
          attemptsLeft,
        });
      await expect(loyalty.cards.get(member)).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
      // A right one starts the count again.
      unwrap(await stampWith(loyalty, pin));
      expect(await stampWith(loyalty, wrongPin)).toMatchObject({ code: 'PIN_WRONG', attemptsLeft: 4 });
    },

    'unknown, inactive and other staff are answered like a wrong PIN': async ({ loyalty }, expect) => {
      const { staff } = loyalty;
      const others = [
        { merchantId, id: 'bound', locationId: newYork },
        { merchantId: rival.merchantId, id: 'theirs' },
        { merchantId, id: 'gone' },
      ];
      for (const other of others) await staff.register({ ...other, name: 'X', role: 'cashier', pin, actor });
      await staff.deactivate({ merchantId, staffId: 'gone', actor });
      const check = (who: string, given: string) =>
        staff.checkPin({ merchantId, staffId: who, pin: given, terminalId: who, locationId: bandra });
      const answer = await check(staffId, wrongPin);
      expect(answer).toMatchObject({ ok: false, code: 'PIN_WRONG', attemptsLeft: 4 });
      for (const who of ['nobody', 'gone', 'theirs', 'bound']) expect(await check(who, pin)).toEqual(answer);
      expect(await staff.get(merchantId, 'theirs')).toBeNull();
    },

    'five wrong PINs in a row lock the staff member, whatever the terminal, and no PIN is looked at then':
      async ({ loyalty, clock, pins }, expect) => {
        const check = (given: string, terminal: string) =>
          loyalty.staff.checkPin({ merchantId, staffId, pin: given, terminalId: terminal });
        for (let attempt = 1; attempt < 5; attempt += 1) await check(wrongPin, `till-${attempt}`);
        const locked = {
          ok: false,
          code: 'PIN_LOCKED',
          lockedUntil: '2026-01-15T10:30:00.000Z',
          retryAfterSeconds: 1800,
        };
        expect(await check(wrongPin, 'till-5')).toMatchObject(locked);
        expect(pins.checks).toBe(5);
        expect(await check(pin, 'till-6')).toMatchObject(locked);
        expect(await stampWith(loyalty, pin)).toMatchObject({ code: 'PIN_LOCKED' });
        expect(pins.checks).toBe(5);
        expect(await loyalty.staff.get(merchantId, staffId)).toMatchObject({
          lockedUntil: '2026-01-15T10:30:00.000Z',
        });
        clock.set('2026-01-15T10:29:59.999Z');
        expect(await check(pin, 'till-7')).toMatchObject({ code: 'PIN_LOCKED', retryAfterSeconds: 1 });
        clock.set('2026-01-15T10:30:00.000Z');
        expect(await check(pin, 'till-7')).toMatchObject({ ok: true, staffId, name: 'Ravi' });
      },

    'five wrong PINs at one terminal lock it for everyone': async ({ loyalty }, expect) => {
      const { staff } = loyalty;
      const check = (who: string, given: string, terminal = terminalId) =>
        staff.checkPin({ merchantId, staffId: who, pin: given, terminalId: terminal });
      for (let attempt = 1; attempt <= 5; attempt += 1) await check(`nobody ${attempt}`, wrongPin);
      expect(await check(staffId, pin)).toMatchObject({ code: 'PIN_LOCKED' });
      expect(await check(staffId, pin, 'till-2')).toMatchObject({ ok: true });
      expect(await staff.unlock({ merchantId, terminalId, actor })).toMatchObject({ lockedUntil: null });
      expect(await check(staffId, pin)).toMatchObject({ ok: true });
    },

    'an admin locks and unlocks, and a new PIN takes a lock away': async ({ loyalty }, expect) => {
      const { staff, merchants } = loyalty;
      const check = (given: string) => staff.checkPin({ merchantId, staffId, pin: given, terminalId });
      await staff.lock({ merchantId, staffId, minutes: 10, actor, reason: 'lost badge' });
      expect(await check(pin)).toMatchObject({ lockedUntil: '2026-01-15T10:10:00.000Z' });
      await staff.unlock({ merchantId, staffId, actor });
      expect(await check(pin)).toMatchObject({ ok: true });
      await staff.lock({ merchantId, staffId, actor });
      const { pin: anew } = await staff.resetPin({ merchantId, staffId, actor });
      expect(anew).toMatch(/^\d{6}$/);
      expect(await check(pin)).toMatchObject({ code: 'PIN_WRONG', attemptsLeft: 4 });
      expect(await check(anew)).toMatchObject({ ok: true });
      const { changes } = await merchants.changes(merchantId);
      const actions = changes.filter(({ subject }) => subject === 'staff').map(({ action }) => action);
      expect(actions).toEqual(['registered', 'locked', 'unlocked', 'locked', 'pin-reset']);
      const seen = JSON.stringify([changes, await staff.list(merchantId)]);
      for (const secret of [pin, anew, 'salt', 'pinHash']) expect(seen).not.toContain(secret);
    },

    'limits are those of the settings': async ({ loyalty }, expect) => {
      await loyalty.merchants.configure({
        merchantId,
        settings: { pinAttempts: 2, pinLockMinutes: 1 },
        actor,
      });
      expect(await stampWith(loyalty, wrongPin)).toMatchObject({ code: 'PIN_WRONG', attemptsLeft: 1 });
      expect(await stampWith(loyalty, wrongPin)).toMatchObject({
        code: 'PIN_LOCKED',
        lockedUntil: '2026-01-15T10:01:00.000Z',
        retryAfterSeconds: 60,
      });
    },

    'wrong PINs from long ago do not add up': async ({ loyalty, clock }, expect) => {
      for (let attempt = 1; attempt < 5; attempt += 1) await stampWith(loyalty, wrongPin);
      clock.advance({ minutes: 30 });
      expect(await stampWith(loyalty, wrongPin)).toMatchObject({ code: 'PIN_WRONG', attemptsLeft: 4 });
    },
  }),
};
