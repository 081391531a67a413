import { describe, expect, test } from 'vitest';
import { type Differences, milesVersion, priced } from '../fixtures.test-data.ts';
import { earnPoints } from './earn-points.ts';
import type { OrderInput } from './order.ts';
import { quoteRedemption } from './quote-redemption.ts';
import { explainStep, type Step, type StepRule } from './step.ts';

const whyEarned = (order: string | Omit<OrderInput, 'id'>, earn: Differences['earn'] = {}, paid = 0) => {
  const version = milesVersion({ earn });
  const { steps } = earnPoints(priced(order, version), version, paid);
  return steps.map((step) => explainStep(step, 'INR').why);
};

describe('why an order earned what it earned', () => {
  test('50 points for 500 rupees', () => {
    expect(whyEarned('500')).toEqual([
      "All of the order's 500.00 INR counts.",
      '1 point for every 10.00 INR of 500.00 INR makes 50, rounded down.',
    ]);
  });

  test('names what does not count, what points paid, how it was rounded and what was capped', () => {
    const order = {
      lines: [{ unitPrice: '900' }, { unitPrice: '100', category: 'gift-cards' }],
      shipping: '50',
      tax: '30',
    };
    const earn: Differences['earn'] = {
      points: 3,
      excludeCategories: ['gift-cards'],
      includeTax: true,
      roundPer: 'line',
      rounding: 'half-up',
      maxPointsPerOrder: 200,
    };
    expect(whyEarned(order, earn, 10_000)).toEqual([
      "Of the order's 1080.00 INR, excluded 100.00 INR and shipping 50.00 INR earns nothing; 930.00 INR counts.",
      '100.00 INR was paid with points and earns nothing; 830.00 INR is left.',
      '3 points for every 10.00 INR of 830.00 INR makes 249, rounded half-up a line.',
      'At most 200 points an order, not 249.',
    ]);
  });

  test('names complete steps and the minimum order', () => {
    expect(whyEarned('250', { points: 5, perAmount: '100', steps: 'complete' }).at(-1)).toBe(
      '5 points for each complete 100.00 INR of 250.00 INR makes 10.',
    );
    expect(whyEarned('99.99', { minOrderAmount: '100' })).toEqual([
      'The order is 99.99 INR; nothing is earned below 100.00 INR.',
    ]);
  });

  test('as data: amounts are decimal texts, points are numbers, facts that are money are shown as money', () => {
    const version = milesVersion();
    const { steps } = earnPoints(priced({ total: '550', shipping: '50' }, version), version, 0);
    expect(steps.map((step) => explainStep(step, 'INR'))).toEqual([
      { rule: 'basis', in: '550.00', out: '500.00', why: expect.any(String), facts: { shipping: '50.00' } },
      {
        rule: 'rate',
        in: '500.00',
        out: 50,
        why: expect.any(String),
        facts: { points: 1, perAmount: '10.00', steps: 'proportional', rounding: 'down' },
      },
    ]);
  });
});

test('why no more points can be spent: each limit that bit, in order', () => {
  const version = milesVersion({
    redeem: { maxPointsPerOrder: 300, maxShareOfOrder: '0.5', increment: 20, minPoints: 250 },
  });
  const order = { payable: 50_000, pointsSpent: 0, valueSpent: 0 };
  const { steps } = quoteRedemption({ available: 400, points: 450, order }, version);
  expect(steps.map((step) => explainStep(step, 'INR').why)).toEqual([
    'Of 450 points asked for, 400 are available.',
    'At most 300 more points can be spent on this order.',
    'Points may pay only a share of the order: at most 250.',
    'Points are spent in multiples of 20: at most 240.',
    'At least 250 points must be spent at once.',
  ]);
  expect(steps.map(({ in: before, out }) => [before, out])).toEqual([
    [450, 400],
    [400, 300],
    [300, 250],
    [250, 240],
    [240, 0],
  ]);
});

/** For every rule, a step and how it reads in rupees. */
const sentences: Record<StepRule, [Omit<Step, 'rule'>, string]> = {
  basis: [
    { in: 50_000, out: 40_000, facts: { excluded: 10_000 } },
    "Of the order's 500.00 INR, excluded 100.00 INR earns nothing; 400.00 INR counts.",
  ],
  'paid-with-points': [
    { in: 50_000, out: 47_000 },
    '30.00 INR was paid with points and earns nothing; 470.00 INR is left.',
  ],
  'minimum-order': [
    { in: 500, out: 0, facts: { minimumAmount: 10_000 } },
    'The order is 5.00 INR; nothing is earned below 100.00 INR.',
  ],
  rate: [
    { in: 50_000, out: 50, facts: { points: 1, perAmount: 1000, steps: 'proportional', rounding: 'down' } },
    '1 point for every 10.00 INR of 500.00 INR makes 50, rounded down.',
  ],
  'cap-per-order': [{ in: 600, out: 500 }, 'At most 500 points an order, not 600.'],
  'cap-balance': [
    { in: 50, out: 20, facts: { maximum: 1000 } },
    'The balance may not pass 1000: 20 of 50 points fit.',
  ],
  pending: [
    { in: 50, out: 50, facts: { until: '2026-01-29T06:30:00.000Z' } },
    'Pending until 2026-01-29T06:30:00.000Z.',
  ],
  'welcome-bonus': [{ in: 100, out: 100 }, 'Welcome bonus of 100 points for the new card.'],
  granted: [{ in: 20, out: 20, facts: { reason: 'birthday' } }, '20 points granted: birthday.'],
  'ended-for-debt': [{ in: 50, out: 30 }, '20 of them repaid debt; 30 were lost.'],
  'debt-repaid': [{ in: 50, out: 30 }, '20 points repaid debt; 30 went to the card.'],
  'limit-available': [{ in: 80, out: 50 }, 'Of 80 points asked for, 50 are available.'],
  'limit-per-order': [{ in: 80, out: 50 }, 'At most 50 more points can be spent on this order.'],
  'limit-share': [{ in: 80, out: 50 }, 'Points may pay only a share of the order: at most 50.'],
  'limit-payable': [{ in: 80, out: 50 }, 'What is left to pay takes at most 50 points.'],
  'limit-increment': [
    { in: 80, out: 75, facts: { increment: 25 } },
    'Points are spent in multiples of 25: at most 75.',
  ],
  'limit-minimum': [
    { in: 80, out: 0, facts: { minimum: 100 } },
    'At least 100 points must be spent at once.',
  ],
  value: [{ in: 30, out: 3000 }, '30 points are worth 30.00 INR.'],
  'amount-due': [{ in: 50_000, out: 47_000 }, 'Of 500.00 INR to pay, 470.00 INR is left after points.'],
  lots: [
    { in: 30, out: 30, facts: { lots: '1 (20), 4 (10)' } },
    'Taken from the lots that expire soonest: 1 (20), 4 (10).',
  ],
  'refund-split': [
    { in: 25_000, out: 20_000, facts: { split: 'pro-rata', points: 50 } },
    '250.00 INR refunded in all (pro-rata): 200.00 INR in money and 50 points so far.',
  ],
  'still-earned': [
    { in: 25_000, out: 25 },
    'Of what remains of the order, 250.00 INR counts; it earns 25 points.',
  ],
  'claw-back': [
    { in: 25, out: 25, facts: { earned: 50 } },
    'Of 50 points earned, 25 are no longer; 25 to take back now.',
  ],
  'expired-already': [{ in: 50, out: 30 }, '20 of them expired before; 30 are left to take back.'],
  shortfall: [{ in: 10, out: 10, facts: { policy: 'debt' } }, '10 points are no longer there: kept as debt.'],
  restored: [{ in: 30, out: 30 }, '30 points given back.'],
  confirmed: [{ in: 50, out: 50 }, '50 pending points are available.'],
  cancelled: [{ in: 50, out: 0 }, '50 pending points are cancelled.'],
  adjusted: [
    { in: 20, out: 20, facts: { actor: 'anita', reasonCode: 'correction' } },
    'Adjusted by anita: correction.',
  ],
  reversed: [
    { in: 30, out: 30, facts: { entry: 4, reason: 'typo' } },
    '30 points of entry 4 are undone: typo.',
  ],
  expired: [{ in: 20, out: 0, facts: { lot: 1, cause: 'date' } }, '20 points of lot 1 reached their expiry.'],
  stamped: [{ in: 2, out: 7, facts: { target: 10 } }, '2 stamps given; 7 of 10 are on the card.'],
  'stamp-voided': [
    { in: 1, out: 0, facts: { entry: 4, reason: 'typo' } },
    '1 stamp of entry 4 voided: typo.',
  ],
  'stamps-expired': [{ in: 1, out: 0, facts: { entry: 4 } }, '1 stamp of entry 4 reached its expiry.'],
  'stamps-paid': [{ in: 10, out: 2 }, '10 stamps redeemed; 2 carried over.'],
  'stamps-forfeited': [{ in: 2, out: 0 }, '2 stamps beyond the reward are not carried over.'],
  'points-paid': [{ in: 100, out: 20 }, '100 points redeemed; 20 available after it.'],
  reward: [
    { in: 0, out: 0, facts: { reward: 'Coffee', until: '2026-04-15T10:00:00.000Z' } },
    'Reward: Coffee, against a voucher until 2026-04-15T10:00:00.000Z.',
  ],
  'reward-voided': [
    { in: 0, out: 0, facts: { entry: 4, reason: 'return' } },
    'Reward of entry 4 voided: return.',
  ],
  'voucher-used': [
    { in: 0, out: 0, facts: { entry: 4, reward: 'Coffee' } },
    'Voucher of entry 4 used: Coffee.',
  ],
  'stamps-restored': [{ in: 10, out: 10 }, '10 stamps given back.'],
  'merged-out': [
    { in: 50, out: 0, facts: { cardId: 'B', reason: 'twice enrolled' } },
    '50 points went to card B: twice enrolled.',
  ],
  'merged-in': [{ in: 50, out: 50, facts: { cardId: 'A' } }, '50 points came from card A.'],
  'stamps-merged': [{ in: 1, out: 1, facts: { cardId: 'A' } }, '1 stamp came from card A.'],
  deactivated: [{ in: 0, out: 0, facts: { actor: 'anita', reason: 'lost' } }, 'Deactivated by anita: lost.'],
  reactivated: [
    { in: 0, out: 0, facts: { actor: 'anita', reason: 'found' } },
    'Reactivated by anita: found.',
  ],
  anonymised: [{ in: 0, out: 0, facts: { actor: 'anita', reason: 'asked' } }, 'Anonymised by anita: asked.'],
  'qr-rotated': [{ in: 0, out: 0, facts: { reason: 'shared' } }, 'The card has a new QR code: shared.'],
};

describe('every rule has a sentence', () => {
  test.each(Object.entries(sentences))('%s', (rule, [step, sentence]) => {
    expect(explainStep({ rule: rule as StepRule, ...step }, 'INR').why).toBe(sentence);
  });

  test.each<[Step, string]>([
    [{ rule: 'pending', in: 50, out: 50 }, 'Pending until the order is confirmed.'],
    [{ rule: 'limit-available', in: 50, out: 50 }, '50 points are available.'],
    [{ rule: 'value', in: 1, out: 25 }, '1 point is worth 0.25 INR.'],
    [
      { rule: 'restored', in: 30, out: 30, facts: { renewed: 10, until: '2026-02-14T06:30:00.000Z' } },
      '30 points given back; 10 of them had expired and are good until 2026-02-14T06:30:00.000Z.',
    ],
    [
      { rule: 'shortfall', in: 10, out: 0, facts: { policy: 'forgive' } },
      '10 points are no longer there: forgiven.',
    ],
    [
      { rule: 'expired', in: 20, out: 0, facts: { lot: 1, cause: 'inactivity' } },
      '20 points of lot 1 expired for want of activity.',
    ],
  ])('%j', (step, sentence) => {
    expect(explainStep(step, 'INR').why).toBe(sentence);
  });
});

test('amounts are shown with the digits of the currency', () => {
  const worth = (currency: string) => explainStep({ rule: 'value', in: 5, out: 1234 }, currency);
  expect(worth('JPY')).toMatchObject({ out: '1234', why: '5 points are worth 1234 JPY.' });
  expect(worth('KWD')).toMatchObject({ out: '1.234', why: '5 points are worth 1.234 KWD.' });
});
