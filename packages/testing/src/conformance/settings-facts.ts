import { type MerchantSettingsInput, unwrap } from '@loyalty-engine/core';
import {
  actor,
  bandra,
  companyWith,
  giveStamps,
  merchantId,
  newYork,
  registerCompany,
  rival,
} from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { publishMug } from './reward-facts.ts';
import { member, type Shop } from './shop.ts';

const order = { id: 'A', total: '500' };
const rewardId = 'mug';

const configure = ({ loyalty }: Shop, settings: MerchantSettingsInput) =>
  loyalty.merchants.configure({ merchantId, settings, actor });

/** What a merchant's settings and locations say, enforced inside commands. */
export const settingsFacts: Facts = {
  ...factsIn(companyWith(), {
    "a location must be one of the merchant's: another's is not found, like one there is none of": async (
      { loyalty },
      expect,
    ) => {
      for (const locationId of [rival.locationId, 'nothing']) {
        const refused = { ok: false, code: 'LOCATION_NOT_FOUND', locationId };
        expect(await loyalty.earn({ ...member, order, locationId })).toMatchObject(refused);
        expect(await loyalty.stamp({ ...member, locationId })).toMatchObject(refused);
        expect(await loyalty.cards.enroll({ ...member, locationId })).toMatchObject(refused);
      }
      expect(await loyalty.earn({ ...member, order, locationId: bandra })).toMatchObject({ ok: true });
      const theirs = { programId: rival.programId, customerId: 'sachin', locationId: rival.locationId };
      expect(await loyalty.stamp(theirs)).toMatchObject({ ok: true });
    },

    'a closed location takes returns and nothing else, until it is open again': async (
      { loyalty },
      expect,
    ) => {
      unwrap(await loyalty.earn({ ...member, order, locationId: bandra }));
      const entry = await giveStamps(loyalty, 1, { ...member, locationId: bandra });
      const location = { merchantId, locationId: bandra, actor };
      await loyalty.locations.close(location);
      const there = { ...member, locationId: bandra };
      const refused = { ok: false, code: 'LOCATION_CLOSED', locationId: bandra };
      expect(await loyalty.stamp(there)).toMatchObject(refused);
      expect(await loyalty.redeem({ ...there, points: 5 })).toMatchObject(refused);
      expect(await loyalty.voidStamp({ ...there, entry, reason: 'mistake' })).toMatchObject({ ok: true });
      expect(await loyalty.refund({ ...there, orderId: 'A', reason: 'returned' })).toMatchObject({
        ok: true,
      });
      expect(await loyalty.stamp({ ...member, locationId: newYork })).toMatchObject({ ok: true });
      await loyalty.locations.reopen(location);
      expect(await loyalty.stamp(there)).toMatchObject({ ok: true });
    },

    'voids can be forbidden; a return of goods is none': async (shop, expect) => {
      const { loyalty } = shop;
      unwrap(await loyalty.earn({ ...member, order }));
      const stamped = await giveStamps(loyalty, 3);
      const spent = unwrap(await loyalty.redeem({ ...member, points: 5 }));
      const { voucherCode: code } = unwrap(await loyalty.redeemStamps(member));
      await configure(shop, { allowVoid: false });
      const reason = 'mistake';
      const entry = spent.entries[0]?.seq ?? 0;
      for (const refused of [
        await loyalty.voidStamp({ ...member, entry: stamped, reason }),
        await loyalty.reverse({ ...member, entry, reason }),
        await loyalty.rewards.void({ code, reason }),
      ])
        expect(refused).toMatchObject({ ok: false, code: 'VOID_NOT_ALLOWED' });
      expect(await loyalty.refund({ ...member, orderId: 'A', reason })).toMatchObject({ ok: true });
      await configure(shop, { allowVoid: true });
      expect(await loyalty.reverse({ ...member, entry, reason })).toMatchObject({ ok: true });
    },

    'spending can be bound to where the card was enrolled': async (shop, expect) => {
      const { loyalty } = shop;
      unwrap(await loyalty.cards.enroll({ ...member, locationId: bandra }));
      await givePoints(loyalty, 'a', 100);
      await giveStamps(loyalty, 6);
      await publishMug(loyalty);
      const voucher = unwrap(await loyalty.redeemStamps(member));
      await configure(shop, { crossLocationRedemption: false });
      const attempts = (locationId?: string) => {
        const at = locationId === undefined ? {} : { locationId };
        const key = { idempotencyKey: `at ${locationId}` };
        return Promise.all([
          loyalty.redeem({ ...member, ...at, ...key, points: 5 }),
          loyalty.redeemStamps({ ...member, ...at }),
          loyalty.rewards.redeem({ ...member, ...at, rewardId }),
          loyalty.rewards.use({ ...at, code: voucher.voucherCode }),
        ]);
      };
      for (const refused of await attempts())
        expect(refused).toMatchObject({ code: 'LOCATION_REQUIRED', enrolledLocationId: bandra });
      for (const refused of await attempts(newYork))
        expect(refused).toMatchObject({ code: 'OTHER_LOCATION', enrolledLocationId: bandra });
      expect(await loyalty.stamp({ ...member, locationId: newYork })).toMatchObject({ ok: true });
      for (const done of await attempts(bandra)) expect(done).toMatchObject({ ok: true });
    },

    'an order reference can be asked for': async (shop, expect) => {
      const { loyalty } = shop;
      await givePoints(loyalty, 'a', 100);
      await publishMug(loyalty);
      await configure(shop, { requireOrderReference: true });
      for (const refused of [
        await loyalty.stamp(member),
        await loyalty.redeem({ ...member, points: 5 }),
        await loyalty.redeemStamps(member),
        await loyalty.rewards.redeem({ ...member, rewardId }),
      ])
        expect(refused).toMatchObject({ ok: false, code: 'ORDER_REFERENCE_REQUIRED' });
      expect(await loyalty.stamp({ ...member, orderId: 'A' })).toMatchObject({ ok: true });
      expect(await loyalty.redeem({ ...member, points: 5, order })).toMatchObject({ ok: true });
      expect(await loyalty.rewards.redeem({ ...member, rewardId, orderId: 'A' })).toMatchObject({ ok: true });
    },

    'customers can be kept from enrolling themselves': async (shop, expect) => {
      const { loyalty } = shop;
      await configure(shop, { selfEnrolment: false });
      expect(await loyalty.cards.enroll({ ...member, self: true })).toMatchObject({
        ok: false,
        code: 'SELF_ENROLMENT_OFF',
      });
      expect(await loyalty.cards.enroll(member)).toMatchObject({ ok: true });
      await configure(shop, { selfEnrolment: true });
      const second = { ...member, customerId: 'second' };
      expect(await loyalty.cards.enroll({ ...second, self: true })).toMatchObject({ ok: true });
    },

    'settings hold from the next command on, also on another connection': async (shop, expect) => {
      const { loyalty } = shop;
      const other = await shop.second();
      unwrap(await other.stamp(member));
      await configure(shop, { requireOrderReference: true });
      expect(await other.stamp(member)).toMatchObject({ code: 'ORDER_REFERENCE_REQUIRED' });
      await loyalty.locations.register({ merchantId, id: 'pune', name: 'Pune', timeZone: 'Asia/Kolkata' });
      expect(await other.stamp({ ...member, orderId: 'A', locationId: 'pune' })).toMatchObject({ ok: true });
    },
  }),

  ...factsIn((open) => open(), {
    'where the merchant was never registered any text is a location': async ({ loyalty }, expect) => {
      expect(await loyalty.earn({ ...member, order, locationId: 'anywhere' })).toMatchObject({
        ok: true,
        entries: [{ locationId: 'anywhere' }],
      });
      await registerCompany(loyalty);
      expect(await loyalty.redeem({ ...member, points: 5, locationId: 'anywhere' })).toMatchObject({
        code: 'LOCATION_NOT_FOUND',
      });
    },
  }),
};
