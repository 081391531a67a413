import { expect, test } from 'vitest';
import { exampleProgram, given } from './given.ts';
import { adjusted, awarded, earned, redeemed } from './past-entry.ts';

const january = '2026-01-15T10:00:00Z';
const february = '2026-02-15T10:00:00Z';

test('a command is decided on the entries that are given', () => {
  given([earned(50, { at: january }), redeemed(20, { at: january })])
    .when({ redeem: { points: 30 } })
    .at(february)
    .then({
      ok: true,
      points: 30,
      balance: { available: 0 },
      entries: [{ lots: [{ lot: 1, points: -30 }] }],
    });
});

test('a refusal is an outcome like any other', () => {
  given([earned(50, { at: january, expiresAt: february })])
    .when({ redeem: { points: 1 } })
    .at(february)
    .then({ ok: false, code: 'NOT_ENOUGH_POINTS', available: 0 });
});

test('debt and pending points are given as entries', () => {
  given([awarded(20, { at: january }), adjusted(-30, { at: january }), earned(4, { at: january })])
    .when({ award: { points: 10, source: { type: 'review', id: '1' }, reason: 'Review' } })
    .at(february)
    .then({ balance: { available: 4, debt: 0 } });
  given([earned(50, { at: january, availableAt: 'on-confirm' })])
    .when({ redeem: { points: 1 } })
    .at(february)
    .then({ code: 'NOT_ENOUGH_POINTS' });
});

test('commands that came before are given with their time', () => {
  given([
    { earn: { order: { id: 'A', total: '500' } }, at: january },
    { checkoutStart: { order: { id: 'B', total: '100' }, points: 40 }, at: february },
  ])
    .when({ checkoutComplete: { holdId: 'hold-1' } })
    .at(february)
    .then({ ok: true, points: 40, earned: 6, balance: { available: 16 } });
});

test('a past command that is refused is no past', () => {
  const impossible = given([{ redeem: { points: 5 }, at: january }])
    .when({ expire: {} })
    .at(february);
  expect(() => impossible.then({ ok: true })).toThrow('What is given was refused: redeem');
});

test('rules are those of the program that is given', () => {
  const twice = {
    ...exampleProgram,
    points: { ...exampleProgram.points, earn: { points: 2, perAmount: '10' } },
  };
  const outcome = given([])
    .under(twice)
    .when({ earn: { order: { id: 'A', total: '500' } } })
    .at(january)
    .then({ points: 100 });
  expect(outcome).toMatchObject({ ok: true, pending: false });
});

test('an outcome can be looked at by a function', () => {
  given([earned(50, { at: january })])
    .when({ redeem: { points: 30, order: { id: 'A', total: '100' } } })
    .at(february)
    .then((outcome) => {
      if (!outcome.ok) throw new Error(outcome.message);
      expect(outcome.amountDue).toBe('70.00');
    });
});

test('an invalid command names its field', () => {
  const redeeming = (points: number) => given([]).when({ redeem: { points } }).at(january);
  redeeming(-1).thenInvalid('points');
  expect(() => redeeming(1).thenInvalid('points')).toThrow(
    'Expected points to be invalid. The command was refused',
  );
  expect(() => redeeming(-1).thenInvalid('order')).toThrow('Expected order to be invalid, got points');
});

test('what differs is named field by field', () => {
  const wrong = () =>
    given([earned(50, { at: january })])
      .when({ redeem: { points: 30 } })
      .at(february)
      .then({ points: 31, balance: { available: 19 }, entries: [] });
  expect(wrong).toThrow(
    [
      'The command was accepted, but the outcome differs:',
      '  points: expected 31, got 30',
      '  balance.available: expected 19, got 20',
      '  entries.length: expected 0, got 1',
    ].join('\n'),
  );
  const refused = () =>
    given([])
      .when({ redeem: { points: 30 } })
      .at(february)
      .then({ ok: true });
  expect(refused).toThrow(
    'The command was refused as NOT_ENOUGH_POINTS (The card has not that many points available.)',
  );
});

const stamps = { target: 3, maxPerVisit: 3, cooldownMinutes: 60, reward: { name: 'A coffee' } };
const withStamps = { ...exampleProgram, stamps };

test('stamps are given, voided and redeemed without a store', () => {
  const full = given([{ stamp: { stamps: 3 }, at: january }]).under(withStamps);
  full
    .when({ stamp: {} })
    .at('2026-01-15T10:59:59.999Z')
    .then({ code: 'COOLDOWN_ACTIVE', retryAt: '2026-01-15T11:00:00.000Z', retryAfterSeconds: 1 });
  full
    .when({ voidStamp: { entry: 1, reason: 'mistake' } })
    .at(february)
    .then({ ok: true, voided: 3, stamps: 0 });
  full
    .when({ redeemStamps: {} })
    .at(february)
    .then({ ok: true, reward: 'A coffee', voucherCode: 'TEST-0000-0001', stamps: 0 });
});

test('a merchant is given with its settings and locations', () => {
  const company = given([])
    .under(withStamps)
    .merchant({
      settings: { requireOrderReference: true },
      locations: [{ id: 'bandra' }, { id: 'pune', status: 'closed' }],
    });
  const stamping = (locationId: string) => company.when({ stamp: { locationId, orderId: 'A' } }).at(january);
  stamping('bandra').then({ ok: true, stamps: 1 });
  stamping('pune').then({ code: 'LOCATION_CLOSED' });
  stamping('elsewhere').then({ code: 'LOCATION_NOT_FOUND' });
  company.when({ stamp: {} }).at(january).then({ code: 'ORDER_REFERENCE_REQUIRED' });
});

test('a catalogue is given, and what was redeemed of it counts', () => {
  const mug = { id: 'mug', price: { points: 40 }, stock: 2, perCustomer: 1 };
  const redeem = { redeemReward: { rewardId: 'mug' } };
  const rich = given([earned(100, { at: january })]);
  rich
    .rewards([mug])
    .when(redeem)
    .at(february)
    .then({ ok: true, points: 40, balance: { available: 60 } });
  rich
    .rewards([{ ...mug, redeemed: 2 }])
    .when(redeem)
    .at(february)
    .then({ code: 'OUT_OF_STOCK' });
  rich.when(redeem).at(february).then({ code: 'REWARD_NOT_FOUND' });
  const again = given([earned(100, { at: january }), { ...redeem, at: january }]).rewards([mug]);
  again.when(redeem).at(february).then({ code: 'REWARD_LIMIT_REACHED', limit: 1 });
  const code = 'TEST-0000-0001';
  again.when({ useVoucher: { code } }).at(february).then({ ok: true, reward: 'mug' });
  again
    .when({ voidReward: { code, reason: 'returned' } })
    .at(february)
    .then({ ok: true, points: 40, balance: { available: 100 } });
});

test('a card is enrolled, deactivated and reactivated', () => {
  const explicit = { ...exampleProgram, enrolment: 'explicit' as const };
  const by = { actor: 'anita', reason: 'lost' };
  const off = given([
    { enroll: {}, at: january },
    { deactivate: by, at: january },
  ]).under(explicit);
  given([]).under(explicit).when({ enroll: {} }).at(january).then({ ok: true, alreadyEnrolled: false });
  off.when({ enroll: {} }).at(february).then({ ok: true, alreadyEnrolled: true });
  off
    .when({ redeem: { points: 1 } })
    .at(february)
    .then({ code: 'CARD_INACTIVE' });
  off.when({ reactivate: by }).at(february).then({ ok: true, status: 'active', changed: true });
});
