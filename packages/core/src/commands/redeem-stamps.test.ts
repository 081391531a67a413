import { describe, expect, test } from 'vitest';
import { cathayTerms, Desk, day, hour, milesVersion, noon, stampVersion } from '../fixtures.test-data.ts';
import { redeemStamps } from './redeem-stamps.ts';
import { stamp } from './stamp.ts';
import { useVoucher } from './use-voucher.ts';
import { voidReward } from './void-reward.ts';

const iso = (at: number) => new Date(at).toISOString();
type Rules = Parameters<typeof stampVersion>[0];

/** A card with so many stamps of one visit. */
function deskWith(stamps: number, rules: Rules = {}): Desk {
  const desk = new Desk(stampVersion({ target: 3, maxPerVisit: 100, ...rules }));
  desk.ok(stamp, { stamps });
  return desk;
}

describe('redeeming stamps', () => {
  test('takes the target, carries the rest over, and gives a voucher', () => {
    const desk = deskWith(5);
    const redeemed = desk.ok(redeemStamps, {});
    expect(redeemed).toMatchObject({
      entry: 2,
      rewardId: null,
      reward: 'Coffee',
      gives: { kind: 'item' },
      points: 0,
      stampsRedeemed: 3,
      stamps: 2,
      voucherCode: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/),
      voucherExpiresAt: iso(noon + 90 * day),
    });
    expect(redeemed.entries).toMatchObject([
      { kind: 'reward', points: 0, stamps: -3, reward: 'Coffee', stampLots: [{ lot: 1, stamps: -3 }] },
    ]);
    expect(desk.state.card).toMatchObject({
      stamps: 2,
      stampsEarned: 5,
      rewardsRedeemed: 1,
      lastRedemptionAt: noon,
    });
  });

  test('gives the amount that the program says, and a voucher as long as it says', () => {
    const desk = deskWith(3, { reward: { name: '50 off', value: '50', voucherDays: 7 } });
    expect(desk.ok(redeemStamps, {})).toMatchObject({
      gives: { kind: 'amount-off', amount: '50' },
      voucherExpiresAt: iso(noon + 7 * day),
    });
  });

  test('can be done as often as there is a target', () => {
    const desk = deskWith(7);
    const codes = [desk.ok(redeemStamps, {}).voucherCode, desk.ok(redeemStamps, {}).voucherCode];
    expect(codes[0]).not.toBe(codes[1]);
    expect(desk.refused(redeemStamps, {})).toMatchObject({
      code: 'NOT_ENOUGH_STAMPS',
      requested: 3,
      stamps: 1,
      missing: 2,
    });
  });

  test('takes exactly the target: one stamp fewer is refused', () => {
    const desk = deskWith(2);
    expect(desk.refused(redeemStamps, {})).toMatchObject({ missing: 1 });
    desk.ok(stamp, {});
    expect(desk.ok(redeemStamps, {}).stamps).toBe(0);
  });

  test('takes those that end soonest', () => {
    const desk = deskWith(2, { expiry: { kind: 'after-earning', days: 10 } });
    desk.now = noon + day;
    desk.ok(stamp, { stamps: 2, occurredAt: new Date(noon - day) });
    desk.ok(redeemStamps, {});
    expect(desk.state.card.stampLots).toEqual([[1, 1, noon + 10 * day]]);
  });

  test('counts no stamp at or after its end, whether or not a job has run', () => {
    const desk = deskWith(3, { expiry: { kind: 'after-earning', days: 10 } });
    desk.now = noon + 10 * day - 1;
    expect(desk.run(redeemStamps, {}).ok).toBe(true);
    const late = deskWith(3, { expiry: { kind: 'after-earning', days: 10 } });
    late.now = noon + 10 * day;
    expect(late.refused(redeemStamps, {})).toMatchObject({ stamps: 0, missing: 3 });
  });

  test('that happened before the end counts them, though it is written after it', () => {
    const desk = deskWith(3, { expiry: { kind: 'after-earning', days: 10 } });
    desk.now = noon + 11 * day;
    expect(desk.ok(redeemStamps, { occurredAt: new Date(noon + 10 * day - 1) }).stamps).toBe(0);
    expect(desk.ledger.map(({ kind }) => kind)).toEqual(['stamp', 'reward']);
  });

  test('is refused where the program gives no stamps', () => {
    expect(new Desk().refused(redeemStamps, {}).code).toBe('STAMPS_NOT_OFFERED');
  });
});

describe('without carry-over', () => {
  test('what is beyond the target is forfeited, and the entry says so', () => {
    const desk = deskWith(5, { carryOver: false });
    const redeemed = desk.ok(redeemStamps, {});
    expect(redeemed).toMatchObject({ stampsRedeemed: 3, stamps: 0 });
    expect(redeemed.explanation.map(({ rule, in: taken }) => [rule, taken])).toEqual([
      ['stamps-paid', 3],
      ['stamps-forfeited', 2],
      ['reward', 0],
    ]);
    expect(desk.state.card).toMatchObject({ stamps: 0, stampLots: [] });
  });

  test('voiding the reward brings all of it back', () => {
    const desk = deskWith(5, { carryOver: false });
    const { voucherCode: code } = desk.ok(redeemStamps, {});
    expect(desk.ok(voidReward, { code, reason: 'return' })).toMatchObject({ stamps: 5 });
    expect(desk.state.card).toMatchObject({ stamps: 5, rewardsRedeemed: 0 });
  });

  test('too few stamps are refused and stay', () => {
    const desk = deskWith(2, { carryOver: false });
    expect(desk.refused(redeemStamps, {}).code).toBe('NOT_ENOUGH_STAMPS');
    expect(desk.state.card.stamps).toBe(2);
  });
});

test('the version in force says the target: an edit changes what a reward costs from then on', () => {
  const desk = new Desk(stampVersion({ target: 3 }), {
    ...stampVersion({ target: 2 }),
    version: 2,
    effectiveFrom: noon + day,
  });
  desk.ok(stamp, {});
  desk.ok(stamp, {});
  expect(desk.refused(redeemStamps, {})).toMatchObject({ missing: 1 });
  desk.now = noon + day;
  expect(desk.ok(redeemStamps, {})).toMatchObject({ stampsRedeemed: 2 });
});

test('stamps may have to be spent where the card was enrolled', () => {
  const desk = new Desk(stampVersion({ target: 1 }));
  desk.state.merchant = cathayTerms({ crossLocationRedemption: false });
  desk.ok(stamp, { locationId: 'bandra' });
  desk.ok(stamp, { locationId: 'colaba' });
  expect(desk.refused(redeemStamps, {}).code).toBe('LOCATION_REQUIRED');
  expect(desk.refused(redeemStamps, { locationId: 'colaba' })).toMatchObject({
    code: 'OTHER_LOCATION',
    enrolledLocationId: 'bandra',
  });
  const { voucherCode: code } = desk.ok(redeemStamps, { locationId: 'bandra' });
  expect(desk.refused(useVoucher, { code, locationId: 'colaba' }).code).toBe('OTHER_LOCATION');
  desk.now += hour;
  expect(desk.run(useVoucher, { code, locationId: 'bandra' }).ok).toBe(true);
});

test('a program without stamps can have been one with them: vouchers are still good', () => {
  const desk = new Desk(stampVersion({ target: 1 }), {
    ...milesVersion(),
    version: 2,
    effectiveFrom: noon + day,
  });
  desk.ok(stamp, {});
  const { voucherCode: code } = desk.ok(redeemStamps, {});
  desk.now = noon + day;
  expect(desk.ok(useVoucher, { code })).toMatchObject({ reward: 'Coffee' });
});
