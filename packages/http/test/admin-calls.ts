import { expect } from 'vitest';
import type { Calls } from './call.ts';
import type { Company } from './company.ts';

const reason = 'test';
const expectedPin = expect.stringMatching(/^\d{6}$/);
const card = ({ cardId }: Company) => ({ cardId });
const merchant = ({ merchantId }: Company) => ({ merchantId });
const location = ({ merchantId, locationId }: Company) => ({ merchantId, locationId });
const staff = ({ merchantId, staffId }: Company) => ({ merchantId, staffId });
const reward = ({ programId, rewardId }: Company) => ({ programId, rewardId });
const points = {
  earn: { points: 2, perAmount: '10' },
  redeem: { valuePerPoint: '1' },
  expiry: { kind: 'after-earning' as const, months: 12 },
};

/** Those of who answers for programs, merchants, staff and cards. */
export const adminCalls: Calls<'admin'> = {
  publishProgram: {
    input: ({ programId, merchantId }) => ({
      ...{ programId, merchantId, name: 'Miles', currency: 'INR', timeZone: 'Asia/Kolkata', points },
    }),
    answer: ({ programId }) => ({ id: programId, version: 2, points: { earn: { points: 2 } } }),
  },
  versions: {
    input: ({ programId }) => ({ programId }),
    answer: ({ programId }) => ({ versions: [{ id: programId, version: 1 }] }),
  },
  rewards: {
    input: ({ programId }) => ({ programId, limit: 5 }),
    answer: ({ rewardId }) => ({ rewards: [{ id: rewardId, status: 'active' }], nextCursor: null }),
  },
  reward: { input: reward, answer: ({ rewardId }) => ({ id: rewardId, redeemed: 1 }) },
  publishReward: {
    input: (of) => ({ ...reward(of), name: 'Tea', price: { stamps: 1 }, gives: { kind: 'item' } }),
    answer: ({ rewardId }) => ({ id: rewardId, name: 'Tea', price: { stamps: 1 }, stock: null }),
  },
  withdrawReward: { input: (of) => ({ ...reward(of), reason }), answer: () => ({ status: 'withdrawn' }) },
  reinstateReward: { input: reward, answer: () => ({ status: 'active' }) },
  programOrders: {
    input: ({ programId }) => ({ programId }),
    answer: ({ orderId, cardId }) => ({ orders: [{ orderId, cardId }] }),
  },
  statistics: {
    input: ({ programId }) => ({ programId, by: 'day', from: '2026-01-01', to: '2026-01-31' }),
    answer: () => ({
      cards: { total: 2 },
      points: { issued: 250, redeemed: 5 },
      days: [{ day: '2026-01-15' }],
    }),
  },
  merchants: { input: () => ({ limit: 1 }), answer: () => ({ merchants: [{ id: 'cathay' }] }) },
  merchant: {
    input: merchant,
    answer: ({ merchantId }) => ({ id: merchantId, settings: { pinAttempts: 5 } }),
  },
  registerMerchant: {
    input: (of) => ({ ...merchant(of), name: 'Renamed' }),
    answer: ({ merchantId }) => ({ id: merchantId, name: 'Renamed' }),
  },
  configureMerchant: {
    input: (of) => ({ ...merchant(of), pinAttempts: 3, staffPin: { adjust: 'off' } }),
    answer: () => ({ settings: { pinAttempts: 3, staffPin: { adjust: 'off' } } }),
  },
  changes: {
    input: merchant,
    answer: ({ merchantId }) => ({
      changes: [{ seq: 1, subject: 'merchant', subjectId: merchantId }, ...Array(4).fill({})],
    }),
  },
  locations: { input: merchant, answer: ({ locationId }) => ({ locations: [{ id: locationId }, {}] }) },
  location: { input: location, answer: ({ locationId }) => ({ id: locationId, status: 'open' }) },
  registerLocation: {
    input: (of) => ({ ...location(of), name: 'Fort', timeZone: 'Asia/Kolkata' }),
    answer: ({ locationId }) => ({ id: locationId, name: 'Fort' }),
  },
  closeLocation: { input: (of) => ({ ...location(of), reason }), answer: () => ({ status: 'closed' }) },
  reopenLocation: { input: location, answer: () => ({ status: 'open' }) },
  staff: { input: merchant, answer: ({ staffId }) => ({ staff: [{ id: staffId, status: 'active' }] }) },
  staffMember: { input: staff, answer: ({ staffId }) => ({ id: staffId, role: 'cashier' }) },
  registerStaff: {
    input: (of) => ({
      ...merchant(of),
      id: 'new-staff',
      name: 'Meera',
      role: 'cashier',
      locationId: of.locationId,
    }),
    answer: () => ({ staff: { id: 'new-staff' }, pin: expectedPin }),
  },
  changeStaff: {
    input: (of) => ({ ...staff(of), name: 'Ravi K', locationId: of.locationId }),
    answer: ({ locationId }) => ({ name: 'Ravi K', locationId }),
  },
  deactivateStaff: { input: (of) => ({ ...staff(of), reason }), answer: () => ({ status: 'inactive' }) },
  reactivateStaff: { input: staff, answer: () => ({ status: 'active' }) },
  resetPin: { input: staff, answer: ({ staffId }) => ({ staff: { id: staffId }, pin: expectedPin }) },
  lockPin: {
    input: (of) => ({ ...staff(of), minutes: 30 }),
    answer: ({ staffId }) => ({ staffId, terminalId: null, lockedUntil: '2026-01-15T10:31:00.000Z' }),
  },
  unlockPin: { input: staff, answer: ({ staffId }) => ({ staffId, lockedUntil: null }) },
  cards: {
    input: ({ programId, merchantId }) => ({ programId, merchantId, limit: 1 }),
    answer: ({ cardId }) => ({ cards: [{ cardId }], nextCursor: expect.any(String) }),
  },
  entries: {
    input: ({ cardId }) => ({ cardId, kinds: ['earn', 'award'] }),
    answer: ({ cardId, orderId }) => ({ entries: [{ cardId }, { cardId, orderId, points: 50 }] }),
  },
  adjust: {
    input: (of) => ({ ...card(of), points: -5, reasonCode: 'ERROR', note: 'counted twice' }),
    answer: () => ({ points: -5, reasonCode: 'ERROR', balance: { available: 210 } }),
  },
  deactivate: {
    input: (of) => ({ ...card(of), reason }),
    answer: () => ({ status: 'inactive', changed: true }),
  },
  reactivate: {
    input: (of) => ({ ...card(of), reason }),
    answer: () => ({ status: 'active', changed: false }),
  },
  anonymise: {
    input: ({ quietCardId }) => ({ cardId: quietCardId, reason }),
    answer: ({ quietCardId }) => ({ cardId: quietCardId, entries: [{ kind: 'anonymise' }] }),
  },
  merge: {
    input: ({ quietCardId, cardId }) => ({ cardId: quietCardId, into: { cardId }, reason }),
    answer: ({ quietCardId, cardId }) => ({ from: quietCardId, into: cardId, points: 0 }),
  },
  verifyCard: { input: card, answer: () => ({ consistent: true, cards: 1, problems: [] }) },
  expirePoints: { input: () => ({ limit: 10 }), answer: () => ({ processed: 0, expired: 0, failed: 0 }) },
  verify: { input: () => ({}), answer: () => ({ consistent: true, cards: 6, problems: [] }) },
};
