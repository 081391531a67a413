import { cardTargets } from './card-targets.ts';
import { companyTargets } from './company-targets.ts';
import { command, type FuzzCard, type FuzzTarget, fieldOf, member } from './fuzz-target.ts';

const order = ({ nonce }: FuzzCard) => ({
  id: `order-${nonce}`,
  lines: [
    { id: 'a', sku: 'sku-1', category: 'books', quantity: 2, unitPrice: '49.99', discount: '1' },
    { sku: 'sku-2', unitPrice: 10 },
  ],
  shipping: '5',
  tax: '1.50',
  discount: '3',
  currency: 'INR',
  paymentStatus: 'paid',
});
const program = {
  id: 'fuzz-published',
  merchantId: 'cathay',
  name: 'Fuzz',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  effectiveFrom: '2026-01-01T00:00:00Z',
  enrolment: 'automatic',
  points: {
    earn: {
      points: 1,
      perAmount: '10',
      steps: 'complete',
      rounding: 'half-even',
      roundPer: 'line',
      maxPointsPerOrder: 500,
      minOrderAmount: '1',
      excludeCategories: ['books'],
      excludeSkus: ['sku-9'],
      includeShipping: true,
      includeTax: false,
      availability: { afterDays: 3 },
    },
    redeem: {
      valuePerPoint: '0.25',
      minPoints: 2,
      increment: 2,
      maxPointsPerOrder: 90,
      maxShareOfOrder: '0.5',
    },
    expiry: { kind: 'after-earning', months: 3, roundUpTo: 'month' },
    refunds: { shortfall: 'debt', restoreGraceDays: 3, split: 'pro-rata' },
    welcomeBonus: 5,
    maxBalance: 900,
  },
  stamps: {
    target: 10,
    cooldownMinutes: 60,
    maxPerDay: 5,
    maxPerVisit: 2,
    carryOver: true,
    reward: { name: 'A coffee', value: '150', voucherDays: 30 },
    expiry: { kind: 'after-earning', months: 6 },
  },
};

/** Every command and reading that takes an input. */
export const fuzzTargets: readonly FuzzTarget[] = [
  command(
    'earn',
    ({ earn }) => earn,
    (card) => ({ order: order(card) }),
  ),
  command(
    'redeem',
    ({ redeem }) => redeem,
    (card) => ({ order: order(card), points: 2, clamp: true }),
  ),
  command(
    'hold',
    ({ hold }) => hold,
    (card) => ({ order: order(card), points: 2, clamp: false, holdMinutes: 5 }),
  ),
  command(
    'checkout.start',
    ({ checkout }) => checkout.start,
    (card) => ({ order: order(card), points: 2, holdMinutes: 5 }),
  ),
  command(
    'checkout.complete',
    ({ checkout }) => checkout.complete,
    ({ holdId }) => ({ holdId }),
  ),
  command(
    'checkout.cancel',
    ({ checkout }) => checkout.cancel,
    ({ holdId }) => ({ holdId }),
  ),
  command(
    'capture',
    ({ capture }) => capture,
    ({ holdId }) => ({ holdId, points: 1 }),
  ),
  command(
    'release',
    ({ release }) => release,
    ({ holdId }) => ({ holdId }),
  ),
  command(
    'refund of an amount',
    ({ refund }) => refund,
    () => ({ orderId: 'known', amount: '0.01', reason: 'returned' }),
  ),
  command(
    'refund of lines',
    ({ refund }) => refund,
    () => ({
      orderId: 'known',
      lines: [
        { id: 'a', quantity: 1 },
        { sku: 'sku-2', quantity: 1 },
      ],
      reason: 'returned',
    }),
  ),
  command(
    'confirmEarn',
    ({ confirmEarn }) => confirmEarn,
    () => ({ orderId: 'known' }),
  ),
  command(
    'cancelEarn',
    ({ cancelEarn }) => cancelEarn,
    () => ({ orderId: 'known' }),
  ),
  command(
    'award',
    ({ award }) => award,
    ({ nonce }) => ({
      points: 5,
      source: { type: 'review', id: String(nonce) },
      reason: 'Review',
      expiresAt: '2027-01-01T00:00:00+05:30',
    }),
  ),
  command(
    'reverse',
    ({ reverse }) => reverse,
    () => ({ entry: 1, points: 1, reason: 'mistake' }),
  ),
  command(
    'adjust',
    ({ adjust }) => adjust,
    () => ({ points: -1, reasonCode: 'fee', note: 'Fee', allowDebt: true }),
  ),
  {
    name: 'quote',
    valid: (card) => ({ ...member(card), order: order(card), points: 2 }),
    send: (loyalty, input) => loyalty.quote(input as never),
  },
  { name: 'balance', valid: member, send: (loyalty, input) => loyalty.balance(input as never) },
  { name: 'verify', valid: member, send: (loyalty, input) => loyalty.verify(input as never) },
  { name: 'statement of', valid: member, send: (loyalty, input) => loyalty.statement(input as never) },
  {
    name: 'statement',
    valid: () => ({
      from: '2026-01-01T00:00:00Z',
      to: '2026-02-01T00:00:00Z',
      kinds: ['earn', 'redeem'],
      limit: 5,
      order: 'newest-first',
      cursor: '3',
    }),
    send: (loyalty, input, card) => loyalty.statement(member(card), input as never),
  },
  {
    name: 'jobs.expirePoints',
    valid: () => ({ limit: 5, cursor: '[1,"a"]' }),
    send: (loyalty, input) => loyalty.jobs.expirePoints(input as never),
  },
  {
    name: 'programs.get',
    valid: ({ programId }) => ({ programId }),
    send: (loyalty, input) => loyalty.programs.get(fieldOf(input, 'programId')),
  },
  {
    name: 'programs.versions',
    valid: ({ programId }) => ({ programId }),
    send: (loyalty, input) => loyalty.programs.versions(fieldOf(input, 'programId')),
  },
  {
    name: 'programs.publish',
    valid: () => structuredClone(program),
    send: (loyalty, input) => loyalty.programs.publish(input as never),
  },
  ...cardTargets,
  ...companyTargets,
];
