import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { overrideStore } from '../override-store.ts';
import { actor, bandra, giveStamps, merchantId, newYork, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { member } from './shop.ts';
import { companyWithStaff, pin, staffId, terminalId, wrongPin } from './staff-shop.ts';

/** Who of the staff may confirm what, and where. */
export const staffFacts: Facts = {
  ...factsIn(companyWithStaff, {
    'a proof stands in for the PIN for five minutes, at the merchant that checked it': async (
      { loyalty, clock },
      expect,
    ) => {
      const checked = await loyalty.staff.checkPin({ merchantId, staffId, pin, terminalId });
      if (!checked.ok) throw new Error(checked.message);
      expect(checked.expiresAt).toBe('2026-01-15T10:05:00.000Z');
      const { proof } = checked;
      expect(await loyalty.stamp({ ...member, staff: proof })).toMatchObject({ entries: [{ staffId }] });
      const theirs = { programId: rival.programId, customerId: 'sachin', staff: proof };
      expect(await loyalty.stamp(theirs)).toMatchObject({ ok: false, code: 'PIN_REQUIRED' });
      clock.set('2026-01-15T10:04:59.999Z');
      expect(await loyalty.stamp({ ...member, staff: proof })).toMatchObject({ ok: true });
      clock.set('2026-01-15T10:05:00.000Z');
      expect(await loyalty.stamp({ ...member, staff: proof })).toMatchObject({ code: 'PIN_REQUIRED' });
    },

    'staff of one location confirm there alone': async ({ loyalty }, expect) => {
      const { staff } = loyalty;
      await staff.change({ merchantId, staffId, locationId: bandra, actor });
      const confirm = { staffId, pin, terminalId };
      const at = (locationId: string) => loyalty.stamp({ ...member, locationId, staff: confirm });
      expect(await at(bandra)).toMatchObject({ ok: true });
      expect(await at(newYork)).toMatchObject({ ok: false, code: 'PIN_WRONG' });
      const checked = await staff.checkPin({ ...confirm, merchantId });
      if (!checked.ok) throw new Error(checked.message);
      expect(await loyalty.stamp({ ...member, locationId: newYork, staff: checked.proof })).toMatchObject({
        code: 'STAFF_OTHER_LOCATION',
        locationId: bandra,
      });
    },

    'each operation has its own rule: required, optional or off': async ({ loyalty }, expect) => {
      const given = { staffId, pin: wrongPin, terminalId };
      const order = { id: 'A', total: '100' };
      // Optional: nobody need be named, but a PIN that is given must be right.
      expect(await loyalty.earn({ ...member, order, staff: given })).toMatchObject({ code: 'PIN_WRONG' });
      expect(await loyalty.earn({ ...member, order })).toMatchObject({
        ok: true,
        entries: [{ staffId: null }],
      });
      await loyalty.merchants.configure({ merchantId, settings: { staffPin: { stamp: 'off' } }, actor });
      expect(await loyalty.stamp({ ...member, staff: given })).toMatchObject({
        ok: true,
        entries: [{ staffId: null }],
      });
      const settings = { staffPin: { redeem: 'required', enroll: 'required' } } as const;
      await loyalty.merchants.configure({ merchantId, settings, actor });
      expect(await loyalty.redeem({ ...member, points: 1 })).toMatchObject({ code: 'PIN_REQUIRED' });
      expect(await loyalty.hold({ ...member, points: 1 })).toMatchObject({ code: 'PIN_REQUIRED' });
      expect(await loyalty.cards.enroll({ ...member, customerId: 'x' })).toMatchObject({
        code: 'PIN_REQUIRED',
      });
      expect(await loyalty.cards.enroll({ ...member, customerId: 'x', self: true })).toMatchObject({
        ok: true,
      });
    },

    'a replay asks for no PIN and writes nothing': async ({ loyalty, pins }, expect) => {
      const visit = { ...member, orderId: 'A' };
      const first = unwrap(await loyalty.stamp({ ...visit, staff: { staffId, pin, terminalId } }));
      const { checks } = pins;
      expect(await loyalty.stamp({ ...visit, staff: { staffId, pin: wrongPin, terminalId } })).toEqual({
        ...first,
        replayed: true,
      });
      expect(pins.checks).toBe(checks);
    },

    'inside a transaction a PIN is invalid, and a proof is not': async (
      { loyalty, store, clock, pins },
      expect,
    ) => {
      // Not every store has transactions: what matters here is that the engine joined one.
      const joined = createLoyalty({ store: overrideStore(store, { using: () => store }), clock, pins });
      const inside = joined.using({});
      await expect(inside.stamp({ ...member, staff: { staffId, pin, terminalId } })).rejects.toMatchObject({
        code: 'INVALID_COMMAND',
        field: 'staff.pin',
      });
      expect(pins.checks).toBe(0);
      const checked = await loyalty.staff.checkPin({ merchantId, staffId, pin, terminalId });
      if (!checked.ok) throw new Error(checked.message);
      expect(await inside.stamp({ ...member, staff: checked.proof })).toMatchObject({ ok: true });
    },

    'a common PIN and an id that is taken are refused': async ({ loyalty }, expect) => {
      const { staff } = loyalty;
      const another = { merchantId, id: 'meera', name: 'Meera', role: 'manager', actor };
      for (const bad of ['1234', '000000', '121212', '123', '12345678901', 'abcd'])
        await expect(staff.register({ ...another, pin: bad })).rejects.toMatchObject({ field: 'pin' });
      await staff.register(another);
      await expect(staff.register(another)).rejects.toMatchObject({ code: 'STAFF_EXISTS' });
      await giveStamps(loyalty, 1, { ...member, staff: { staffId, pin, terminalId } });
      expect((await staff.list(merchantId)).staff.map(({ id }) => id)).toEqual(['meera', staffId]);
    },
  }),
};
