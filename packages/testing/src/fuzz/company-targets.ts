import { door, type FuzzTarget, fieldOf } from './fuzz-target.ts';

const merchantId = 'cathay';
const actor = 'anita';
const reason = 'asked for';
const page = { limit: 2, cursor: JSON.stringify(['a']) };

const staffTargets: readonly FuzzTarget[] = [
  door(
    'staff.register',
    ({ staff }) => staff.register,
    ({ nonce }) => ({
      merchantId,
      id: `staff-${nonce}`,
      name: 'Ravi',
      role: 'cashier',
      locationId: 'mumbai',
      pin: '482913',
      actor,
    }),
  ),
  door(
    'staff.change',
    ({ staff }) => staff.change,
    () => ({ merchantId, staffId: 'ravi', name: 'Ravi', role: 'cashier', locationId: null, actor }),
  ),
  door(
    'staff.resetPin',
    ({ staff }) => staff.resetPin,
    () => ({ merchantId, staffId: 'ravi', pin: '482913', actor }),
  ),
  door(
    'staff.checkPin',
    ({ staff }) => staff.checkPin,
    () => ({ merchantId, staffId: 'ravi', pin: '482913', terminalId: 'till', locationId: 'mumbai' }),
  ),
  door(
    'staff.lock',
    ({ staff }) => staff.lock,
    ({ nonce }) => ({ merchantId, terminalId: `till-${nonce}`, minutes: 5, actor, reason }),
  ),
  door(
    'staff.unlock',
    ({ staff }) => staff.unlock,
    () => ({ merchantId, staffId: 'ravi', actor, reason }),
  ),
  ...(['deactivate', 'reactivate'] as const).map((name) =>
    door(
      `staff.${name}`,
      ({ staff }) => staff[name],
      () => ({ merchantId, staffId: 'ravi', actor, reason }),
    ),
  ),
  {
    name: 'staff.get',
    valid: () => ({ merchantId, staffId: 'ravi' }),
    send: ({ staff }, input) => staff.get(fieldOf(input, 'merchantId'), fieldOf(input, 'staffId')),
  },
  {
    name: 'staff.list',
    valid: () => ({ ...page }),
    send: ({ staff }, input) => staff.list(merchantId, input as never),
  },
];

const rewardTargets: readonly FuzzTarget[] = [
  door(
    'rewards.publish',
    ({ rewards }) => rewards.publish,
    ({ programId }) => ({
      programId,
      id: 'voucher',
      name: 'Five off',
      price: { stamps: 5 },
      gives: { kind: 'percent-off', percent: 10, maxAmount: '50' },
      activeFrom: '2026-01-01T00:00:00Z',
      activeUntil: '2027-01-01T00:00:00Z',
      stock: 5,
      perCustomer: 2,
      voucherDays: 30,
      actor,
    }),
  ),
  ...(['withdraw', 'reinstate'] as const).map((name) =>
    door(
      `rewards.${name}`,
      ({ rewards }) => rewards[name],
      ({ programId }) => ({ programId, id: 'voucher', actor, reason }),
    ),
  ),
  {
    name: 'rewards.get',
    valid: ({ programId }) => ({ programId, id: 'mug' }),
    send: ({ rewards }, input) => rewards.get(fieldOf(input, 'programId'), fieldOf(input, 'id')),
  },
  {
    name: 'rewards.list',
    valid: () => ({ ...page, status: 'active' }),
    send: ({ rewards }, input, { programId }) => rewards.list(programId, input as never),
  },
];

/** Registers of merchants, locations, staff and rewards. */
export const companyTargets: readonly FuzzTarget[] = [
  door(
    'merchants.register',
    ({ merchants }) => merchants.register,
    () => ({ id: 'another', name: 'Another', actor }),
  ),
  door(
    'merchants.configure',
    ({ merchants }) => merchants.configure,
    () => ({
      // Not the merchant of the program: a setting that stuck would bind the other targets.
      merchantId: 'another',
      settings: {
        staffPin: { stamp: 'required', redeem: 'off' },
        pinAttempts: 3,
        pinLockMinutes: 5,
        selfEnrolment: false,
        allowVoid: false,
        crossLocationRedemption: false,
        requireOrderReference: true,
      },
      actor,
    }),
  ),
  {
    name: 'merchants.get',
    valid: () => ({ merchantId }),
    send: ({ merchants }, input) => merchants.get(fieldOf(input, 'merchantId')),
  },
  door(
    'merchants.list',
    ({ merchants }) => merchants.list,
    () => ({ ...page }),
  ),
  {
    name: 'merchants.changes',
    valid: () => ({ limit: 2, cursor: '[1]' }),
    send: ({ merchants }, input) => merchants.changes(merchantId, input as never),
  },
  door(
    'locations.register',
    ({ locations }) => locations.register,
    () => ({ merchantId, id: 'pune', name: 'Pune', timeZone: 'Asia/Kolkata', actor }),
  ),
  ...(['close', 'reopen'] as const).map((name) =>
    door(
      `locations.${name}`,
      ({ locations }) => locations[name],
      () => ({ merchantId, locationId: 'pune', actor, reason }),
    ),
  ),
  {
    name: 'locations.get',
    valid: () => ({ merchantId, locationId: 'pune' }),
    send: ({ locations }, input) => locations.get(fieldOf(input, 'merchantId'), fieldOf(input, 'locationId')),
  },
  {
    name: 'locations.list',
    valid: () => ({ ...page }),
    send: ({ locations }, input) => locations.list(merchantId, input as never),
  },
  {
    name: 'requests.once',
    valid: ({ nonce }) => ({ scope: 'cathay', key: `key-${nonce}`, fingerprint: 'sha256:9b74c989' }),
    send: ({ requests }, input) => requests.once(input as never, async () => ({ done: true })),
  },
  ...rewardTargets,
  ...staffTargets,
];
