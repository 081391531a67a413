import {
  type CardRef,
  createLoyalty,
  type MerchantSettingsInput,
  type Outcome,
  type PinHasher,
  type ProgramInput,
  type Refusal,
  type RefusalCode,
  unwrap,
} from '@loyalty-engine/core';
import { exampleProgram, manualClock, memoryStore } from '@loyalty-engine/testing';

export type Provoke = () => Outcome<object> | Refusal | Promise<Outcome<object> | Refusal>;

const start = '2026-01-15T10:00:00Z';
const merchantId = exampleProgram.merchantId;
const programId = exampleProgram.id;
const sachin = { programId, customerId: 'sachin' };
const rahul = { programId, customerId: 'rahul' };
const actor = 'admin';
const reason = 'test';
const order = { id: 'A', total: '500' };

/** Keeps PINs as they are: what is told here does not depend on the hash. */
const pins: PinHasher = { hash: async (pin) => pin, verify: async (pin, hash) => pin === hash };

interface Changed {
  settings?: MerchantSettingsInput;
  stamps?: Partial<NonNullable<ProgramInput['stamps']>>;
}

/** An engine with a merchant, two locations, a staff member and two rewards. */
async function company({ settings = {}, stamps = {} }: Changed = {}) {
  const clock = manualClock(start);
  const loyalty = createLoyalty({ store: memoryStore(), clock, pins });
  await loyalty.merchants.register({ id: merchantId, name: 'Test' });
  for (const id of ['bandra', 'fort'])
    await loyalty.locations.register({ merchantId, id, name: id, timeZone: 'Asia/Kolkata' });
  await loyalty.merchants.configure({ merchantId, settings, actor });
  const rules = { target: 2, maxPerVisit: 5, reward: { name: 'A coffee' }, ...stamps };
  await loyalty.programs.publish({ ...exampleProgram, stamps: rules });
  const staff = { merchantId, id: 'ravi', name: 'Ravi', role: 'cashier', locationId: 'bandra' };
  await loyalty.staff.register({ ...staff, pin: '4829', actor });
  const reward = { programId, name: 'A cake', gives: { kind: 'item' as const } };
  await loyalty.rewards.publish({ ...reward, id: 'cake', price: { points: 10 }, stock: 2, perCustomer: 1 });
  await loyalty.rewards.publish({ ...reward, id: 'tea', price: { stamps: 1 }, voucherDays: 1 });
  const stamp = (more: object = {}) => loyalty.stamp({ ...sachin, ...more });
  /** A voucher for a tea. */
  const voucher = async () => {
    unwrap(await stamp());
    return unwrap(await loyalty.rewards.redeem({ ...sachin, rewardId: 'tea' })).voucherCode;
  };
  const merge = (from: CardRef, into: CardRef) => loyalty.cards.merge({ from, into, actor, reason });
  return { loyalty, clock, stamp, voucher, merge };
}

const ravi = { staffId: 'ravi', pin: '4829', terminalId: 'till-1' };
const stampOnce = (changed: Changed, more?: object): Provoke => {
  return async () => (await company(changed)).stamp(more);
};
const stampTwice = (stamps: NonNullable<Changed['stamps']>, more?: object): Provoke => {
  return async () => {
    const { stamp } = await company({ stamps });
    unwrap(await stamp());
    return stamp(more);
  };
};

/** Every refusal of cards, stamps, staff and rewards, provoked in the ways that give it different facts. */
export const cardRefusals = {
  CARD_MERGED: [
    async () => {
      const { loyalty, merge } = await company();
      for (const one of [sachin, rahul]) unwrap(await loyalty.cards.enroll(one));
      unwrap(await merge(sachin, rahul));
      return loyalty.stamp(sachin);
    },
  ],
  CARD_HAS_HOLDS: [
    async () => {
      const { loyalty } = await company();
      unwrap(await loyalty.earn({ ...sachin, order }));
      unwrap(await loyalty.hold({ ...sachin, points: 5 }));
      return loyalty.cards.anonymise({ ...sachin, actor, reason });
    },
  ],
  CARD_ANONYMISED: [
    async () => {
      const { loyalty } = await company();
      const { cardId } = unwrap(await loyalty.cards.enroll(sachin));
      unwrap(await loyalty.cards.anonymise({ cardId, actor, reason }));
      return loyalty.cards.reactivate({ cardId, actor, reason });
    },
  ],
  SAME_CARD: [
    async () => {
      const { loyalty, merge } = await company();
      const { cardId } = unwrap(await loyalty.cards.enroll(sachin));
      return merge(sachin, { cardId });
    },
  ],
  OTHER_PROGRAM: [
    async () => {
      const { loyalty, merge } = await company();
      await loyalty.programs.publish({ ...exampleProgram, id: 'other' });
      const other = { programId: 'other', customerId: 'sachin' };
      for (const one of [sachin, other]) unwrap(await loyalty.cards.enroll(one));
      return merge(sachin, other);
    },
  ],
  LOCATION_NOT_FOUND: [stampOnce({}, { locationId: 'nowhere' })],
  LOCATION_CLOSED: [
    async () => {
      const { loyalty, stamp } = await company();
      await loyalty.locations.close({ merchantId, locationId: 'fort', actor });
      return stamp({ locationId: 'fort' });
    },
  ],
  LOCATION_REQUIRED: [
    async () => {
      const { loyalty } = await company({ settings: { crossLocationRedemption: false } });
      unwrap(await loyalty.earn({ ...sachin, order, locationId: 'bandra' }));
      return loyalty.redeem({ ...sachin, points: 5 });
    },
  ],
  OTHER_LOCATION: [
    async () => {
      const { loyalty } = await company({ settings: { crossLocationRedemption: false } });
      unwrap(await loyalty.earn({ ...sachin, order, locationId: 'bandra' }));
      return loyalty.redeem({ ...sachin, points: 5, locationId: 'fort' });
    },
  ],
  PIN_REQUIRED: [stampOnce({ settings: { staffPin: { stamp: 'required' } } })],
  PIN_WRONG: [
    stampOnce({}, { staff: { ...ravi, pin: '0000' } }),
    stampOnce({}, { staff: { ...ravi, staffId: 'nobody' } }),
  ],
  PIN_LOCKED: [
    async () => {
      const { loyalty, stamp } = await company();
      await loyalty.staff.lock({ merchantId, staffId: 'ravi', actor });
      return stamp({ staff: ravi });
    },
  ],
  STAFF_OTHER_LOCATION: [
    async () => {
      const { loyalty, stamp } = await company();
      const check = await loyalty.staff.checkPin({ ...ravi, merchantId });
      if (!check.ok) throw new Error(check.message);
      return stamp({ staff: check.proof, locationId: 'fort' });
    },
  ],
  VOID_NOT_ALLOWED: [
    async () => {
      const { loyalty, stamp } = await company({ settings: { allowVoid: false } });
      const { entry } = unwrap(await stamp());
      return loyalty.voidStamp({ ...sachin, entry, reason });
    },
  ],
  SELF_ENROLMENT_OFF: [
    async () => {
      const { loyalty } = await company({ settings: { selfEnrolment: false } });
      return loyalty.cards.enroll({ ...sachin, self: true });
    },
  ],
  ORDER_REFERENCE_REQUIRED: [stampOnce({ settings: { requireOrderReference: true } })],
  STAMPS_NOT_OFFERED: [
    async () => {
      const { loyalty, stamp } = await company();
      await loyalty.programs.publish(exampleProgram);
      return stamp();
    },
  ],
  TOO_MANY_STAMPS: [stampOnce({}, { stamps: 6 })],
  STAMP_TOO_OLD: [
    async () => {
      const { clock, stamp } = await company();
      clock.advance({ days: 8 });
      return stamp({ occurredAt: start });
    },
  ],
  COOLDOWN_ACTIVE: [stampTwice({ cooldownMinutes: 30 })],
  DAILY_STAMP_LIMIT: [stampTwice({ maxPerDay: 5 }, { stamps: 5, locationId: 'bandra' })],
  NOT_ENOUGH_STAMPS: [
    async () => (await company()).loyalty.redeemStamps(sachin),
    async () => {
      const { loyalty, stamp } = await company();
      const { entry } = unwrap(await stamp({ stamps: 2 }));
      unwrap(await loyalty.redeemStamps(sachin));
      return loyalty.voidStamp({ ...sachin, entry, reason });
    },
  ],
  STAMP_LIMIT: [
    async () => {
      const { stamp } = await company({ stamps: { maxPerVisit: 100 } });
      for (let visit = 0; visit < 20; visit += 1) unwrap(await stamp({ stamps: 100 }));
      return stamp();
    },
  ],
  REWARD_NOT_FOUND: [async () => (await company()).loyalty.rewards.redeem({ ...sachin, rewardId: 'pie' })],
  REWARD_NOT_ACTIVE: [
    async () => {
      const { loyalty } = await company();
      await loyalty.rewards.withdraw({ programId, id: 'cake', actor });
      return loyalty.rewards.redeem({ ...sachin, rewardId: 'cake' });
    },
  ],
  OUT_OF_STOCK: [
    async () => {
      const { loyalty } = await company();
      for (const one of [sachin, rahul]) {
        unwrap(await loyalty.earn({ ...one, order }));
        unwrap(await loyalty.rewards.redeem({ ...one, rewardId: 'cake' }));
      }
      return loyalty.rewards.redeem({ programId, customerId: 'meera', rewardId: 'cake' });
    },
  ],
  REWARD_LIMIT_REACHED: [
    async () => {
      const { loyalty } = await company();
      unwrap(await loyalty.earn({ ...sachin, order }));
      unwrap(await loyalty.rewards.redeem({ ...sachin, rewardId: 'cake' }));
      return loyalty.rewards.redeem({ ...sachin, rewardId: 'cake' });
    },
  ],
  VOUCHER_NOT_FOUND: [async () => (await company()).loyalty.rewards.use({ code: '0000-0000-0000' })],
  VOUCHER_USED: [
    async () => {
      const { loyalty, voucher } = await company();
      const code = await voucher();
      unwrap(await loyalty.rewards.use({ code }));
      return loyalty.rewards.use({ code });
    },
  ],
  VOUCHER_VOID: [
    async () => {
      const { loyalty, voucher } = await company();
      const code = await voucher();
      unwrap(await loyalty.rewards.void({ code, reason }));
      return loyalty.rewards.use({ code });
    },
  ],
  VOUCHER_EXPIRED: [
    async () => {
      const { loyalty, clock, voucher } = await company();
      const code = await voucher();
      clock.advance({ days: 1 });
      return loyalty.rewards.use({ code });
    },
  ],
} satisfies Partial<Record<RefusalCode, Provoke[]>>;
