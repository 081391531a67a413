import type { Calls } from './call.ts';
import type { Company } from './company.ts';

const asha = ({ programId, customerId }: Company) => ({ programId, customerId });
const order = { id: 'new-order', total: '500' };

/** A shopper's, and the shop's on their behalf. */
export const storefrontCalls: Calls<'storefront'> = {
  programs: {
    input: () => ({}),
    answer: ({ programId }) => ({
      programs: [{}, { id: programId, effectiveFrom: '2026-01-15T10:00:00.000Z' }],
    }),
  },
  program: {
    input: ({ programId }) => ({ programId }),
    answer: ({ programId, merchantId }) => ({ id: programId, merchantId, currency: 'INR', version: 1 }),
  },
  rewards: {
    input: ({ programId }) => ({ programId, limit: 5 }),
    answer: ({ rewardId }) => ({ rewards: [{ id: rewardId, stockLeft: 8 }], nextCursor: null }),
  },
  enroll: {
    input: asha,
    answer: ({ cardId }) => ({ cardId, alreadyEnrolled: true, status: 'active' }),
  },
  card: {
    input: asha,
    answer: ({ cardId, qrToken }) => ({ cardId, qrToken, points: { available: 215, held: 30 } }),
  },
  rotateQr: {
    input: (of) => ({ ...asha(of), reason: 'lost' }),
    answer: ({ cardId }) => ({ cardId, entries: [{ kind: 'rotate-qr', reason: 'lost' }] }),
  },
  balance: { input: asha, answer: () => ({ available: 215, pending: 0, held: 30, total: 245 }) },
  statement: {
    input: (of) => ({ ...asha(of), kinds: ['earn', 'award'], order: 'newest-first' }),
    answer: () => ({ entries: [{ kind: 'award', points: 200 }, { kind: 'earn' }], closing: 245 }),
  },
  orders: {
    input: (of) => ({ ...asha(of), limit: 10 }),
    answer: ({ orderId }) => ({ orders: [{ orderId, earned: 50, payable: '500.00' }] }),
  },
  vouchers: {
    input: (of) => ({ ...asha(of), status: 'issued' }),
    answer: ({ code, rewardId }) => ({ vouchers: [{ code, rewardId, points: 5 }] }),
  },
  redeemReward: {
    input: (of) => ({ ...asha(of), rewardId: of.rewardId }),
    answer: ({ rewardId }) => ({ rewardId, points: 5, balance: { available: 210 } }),
  },
  quote: {
    input: (of) => ({ ...asha(of), order, points: 100 }),
    answer: () => ({ points: 100, value: '100.00', amountDue: '400.00', willEarn: 40 }),
  },
  startCheckout: {
    input: (of) => ({ ...asha(of), order, points: 100 }),
    answer: () => ({ points: 100, amountDue: '400.00', willEarn: 40, clampedBy: null }),
  },
  completeCheckout: {
    input: (of) => ({ ...asha(of), holdId: of.checkoutId }),
    answer: ({ checkoutId }) => ({ holdId: checkoutId, points: 20, amountDue: '280.00', earned: 28 }),
  },
  cancelCheckout: {
    input: (of) => ({ ...asha(of), holdId: of.checkoutId }),
    answer: ({ checkoutId }) => ({ holdId: checkoutId, points: 20, balance: { available: 235 } }),
  },
};
