import type { Calls } from './call.ts';
import { type Company, entryOf, pin } from './company.ts';

const asha = ({ cardId }: Company) => ({ cardId });
const later = ({ pendingProgramId, customerId, pendingOrderId }: Company) => ({
  programId: pendingProgramId,
  customerId,
  orderId: pendingOrderId,
});
const staff = ({ staffId }: Company) => ({ staffId, pin, terminalId: 'till-1' });
const order = { id: 'new-order', total: '500' };
const reason = 'test';

/** Those of a till, and of the merchant's backend. */
export const storeCalls: Calls<'store'> = {
  lookUp: {
    input: ({ cardNumber }) => ({ cardNumber }),
    answer: ({ cardId, customerId }) => ({ cardId, customerId, stamps: { count: 4 } }),
  },
  card: { input: asha, answer: ({ cardId, cardNumber }) => ({ cardId, cardNumber }) },
  balance: { input: asha, answer: () => ({ available: 215, held: 30 }) },
  statement: {
    input: (of) => ({ ...asha(of), limit: 2, from: new Date('2026-01-01T00:00:00Z') }),
    answer: () => ({ opening: 0, entries: [{ kind: 'earn' }, { kind: 'award' }], closing: 250 }),
  },
  orders: { input: asha, answer: ({ orderId }) => ({ orders: [{ orderId }], nextCursor: null }) },
  vouchers: { input: asha, answer: ({ code }) => ({ vouchers: [{ code, status: 'issued' }] }) },
  voucher: {
    input: ({ code }) => ({ code }),
    answer: ({ code, cardId }) => ({ code, cardId, status: 'issued' }),
  },
  quote: {
    input: (of) => ({ ...asha(of), order, locationId: of.locationId }),
    answer: () => ({ available: 215, maxPoints: 215, limitedBy: 'available', amountDue: '285.00' }),
  },
  checkPin: {
    input: (of) => ({ ...staff(of), locationId: of.locationId }),
    answer: ({ staffId }) => ({ staffId, name: 'Ravi', role: 'cashier' }),
  },
  enroll: {
    input: ({ programId, locationId }) => ({ programId, customerId: 'meera', locationId }),
    answer: () => ({ alreadyEnrolled: false, balance: { available: 0 } }),
  },
  earn: {
    input: ({ qrToken, locationId }) => ({ qrToken, locationId, order, metadata: { till: 7 } }),
    answer: ({ cardId }) => ({ cardId, points: 50, entries: [{ metadata: { till: 7 } }] }),
  },
  redeem: {
    input: (of) => ({ ...asha(of), order, points: 1000, clamp: true }),
    answer: () => ({ points: 215, value: '215.00', amountDue: '285.00', clampedBy: 'available' }),
  },
  refund: {
    input: (of) => ({ ...asha(of), orderId: of.orderId, amount: '100', reason }),
    answer: ({ orderId }) => ({ orderId, refunded: '100.00', pointsClawedBack: 10, remaining: '400.00' }),
  },
  stamp: {
    input: (of) => ({ ...asha(of), staff: staff(of), locationId: of.locationId }),
    answer: ({ staffId }) => ({ given: 1, stamps: 5, rewardsReady: 2, entries: [{ staffId }] }),
  },
  voidStamp: {
    input: (of) => ({ ...asha(of), entry: entryOf.stamps, reason }),
    answer: () => ({ entry: entryOf.stamps, voided: 4, stamps: 0 }),
  },
  redeemStamps: { input: asha, answer: () => ({ stampsRedeemed: 2, stamps: 2, reward: 'A coffee' }) },
  redeemReward: {
    input: (of) => ({ ...asha(of), rewardId: of.rewardId, orderId: 'new-order' }),
    answer: ({ rewardId }) => ({ rewardId, points: 5, gives: { kind: 'item' } }),
  },
  useVoucher: {
    input: ({ code, locationId }) => ({ code, locationId }),
    answer: ({ rewardId }) => ({ rewardId, usedAt: '2026-01-15T10:01:00.000Z' }),
  },
  voidReward: { input: ({ code }) => ({ code, reason }), answer: () => ({ points: 5, stamps: 0 }) },
  rotateQr: { input: (of) => ({ ...asha(of), reason }), answer: ({ cardId }) => ({ cardId }) },
  hold: {
    input: (of) => ({ ...asha(of), points: 15, holdMinutes: 60 }),
    answer: () => ({ points: 15, orderId: null, expiresAt: '2026-01-15T11:01:00.000Z' }),
  },
  capture: {
    input: (of) => ({ ...asha(of), holdId: of.holdId, points: 4 }),
    answer: ({ holdId }) => ({ holdId, points: 4, balance: { available: 221, held: 20 } }),
  },
  release: {
    input: (of) => ({ ...asha(of), holdId: of.holdId }),
    answer: ({ holdId }) => ({ holdId, points: 10, balance: { available: 225 } }),
  },
  confirmEarn: {
    input: later,
    answer: ({ pendingOrderId }) => ({ orderId: pendingOrderId, points: 50, balance: { available: 50 } }),
  },
  cancelEarn: {
    input: later,
    answer: ({ pendingOrderId }) => ({ orderId: pendingOrderId, points: 50, balance: { available: 0 } }),
  },
  award: {
    input: (of) => ({ ...asha(of), points: 7, source: { type: 'visit', id: '1' }, reason }),
    answer: () => ({ points: 7, balance: { available: 222 } }),
  },
  reverse: {
    input: (of) => ({ ...asha(of), entry: entryOf.award, points: 50, reason }),
    answer: () => ({ entry: entryOf.award, points: 50, reversible: 150 }),
  },
};
