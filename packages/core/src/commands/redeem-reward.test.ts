import { describe, expect, test } from 'vitest';
import { cathayTerms, coffeeReward, Desk, day, noon, stampVersion } from '../fixtures.test-data.ts';
import type { Reward } from '../merchant/reward.ts';
import { adjust } from './adjust.ts';
import { redeemReward } from './redeem-reward.ts';
import { stamp } from './stamp.ts';
import { voidReward } from './void-reward.ts';

const coffee = { rewardId: 'coffee' };
const iso = (at: number) => new Date(at).toISOString();

/** A card with points, of a program with a coffee in its catalogue. */
function deskWith(points: number, reward: Partial<Reward> = {}, rules = {}): Desk {
  const desk = new Desk(stampVersion({}, rules));
  desk.state.rewards.set('coffee', coffeeReward(reward));
  if (points > 0) desk.ok(adjust, { points, reasonCode: 'promotion', actor: 'anita' });
  return desk;
}

describe('redeeming a reward', () => {
  test('for points takes its price and gives a voucher', () => {
    const desk = deskWith(150);
    const redeemed = desk.ok(redeemReward, { ...coffee, orderId: 'A' });
    expect(redeemed).toMatchObject({
      entry: 2,
      rewardId: 'coffee',
      reward: 'Coffee',
      gives: { kind: 'item' },
      points: 100,
      stampsRedeemed: 0,
      voucherExpiresAt: iso(noon + 90 * day),
      balance: { available: 50, lifetime: { redeemed: 100 } },
    });
    expect(redeemed.entries).toMatchObject([
      { kind: 'reward', points: -100, stamps: 0, lots: [{ lot: 1, points: -100 }], rewardId: 'coffee' },
    ]);
    expect(desk.state.rewards.get('coffee')?.redeemed).toBe(1);
    expect(desk.state.vouchers.get(redeemed.voucherCode)).toMatchObject({ status: 'issued', orderId: 'A' });
  });

  test('for stamps takes those, and no points', () => {
    const desk = deskWith(150, { price: { stamps: 2 } });
    desk.ok(stamp, {});
    expect(desk.refused(redeemReward, coffee)).toMatchObject({ code: 'NOT_ENOUGH_STAMPS', missing: 1 });
    desk.ok(stamp, {});
    expect(desk.ok(redeemReward, coffee)).toMatchObject({
      points: 0,
      stampsRedeemed: 2,
      stamps: 0,
      balance: { available: 150 },
    });
  });

  test.each([
    [99, { available: 99, missing: 1 }],
    [0, { available: 0, missing: 100 }],
  ])('with %i points is refused: %j', (points, facts) => {
    expect(deskWith(points).refused(redeemReward, coffee)).toMatchObject({
      code: 'NOT_ENOUGH_POINTS',
      requested: 100,
      ...facts,
    });
  });

  test('keeps no more of the card than the price: exactly enough is enough', () => {
    const redeemed = deskWith(100).ok(redeemReward, coffee);
    expect(redeemed.balance).toMatchObject({ available: 0, total: 0 });
  });

  test('counts no points that have ended', () => {
    const desk = deskWith(0);
    const gift = { reasonCode: 'promotion', actor: 'anita', expiresAt: new Date(noon + day) };
    desk.ok(adjust, { points: 100, ...gift });
    desk.now = noon + day;
    expect(desk.refused(redeemReward, coffee)).toMatchObject({ available: 0 });
  });

  test('that is in no catalogue is refused', () => {
    expect(deskWith(100).refused(redeemReward, { rewardId: 'tea' })).toMatchObject({
      code: 'REWARD_NOT_FOUND',
      rewardId: 'tea',
    });
  });
});

describe('a reward is active', () => {
  test('from activeFrom on, and no more at exactly activeUntil', () => {
    const desk = deskWith(300, { activeFrom: noon, activeUntil: noon + day });
    const refusal = { code: 'REWARD_NOT_ACTIVE', activeFrom: iso(noon), activeUntil: iso(noon + day) };
    expect(desk.refused(redeemReward, { ...coffee, occurredAt: new Date(noon - 1) })).toMatchObject(refusal);
    desk.ok(redeemReward, coffee);
    desk.now = noon + day - 1;
    desk.ok(redeemReward, coffee);
    desk.now = noon + day;
    expect(desk.refused(redeemReward, coffee)).toMatchObject(refusal);
  });

  test('until it is withdrawn', () => {
    expect(deskWith(100, { status: 'withdrawn' }).refused(redeemReward, coffee)).toMatchObject({
      code: 'REWARD_NOT_ACTIVE',
      activeFrom: null,
      activeUntil: null,
    });
  });
});

describe('the stock', () => {
  test('ends with the last one, and has one more when one is voided', () => {
    const desk = deskWith(300, { stock: 5, redeemed: 4 });
    const { voucherCode: code } = desk.ok(redeemReward, coffee);
    expect(desk.refused(redeemReward, coffee)).toMatchObject({ code: 'OUT_OF_STOCK', rewardId: 'coffee' });
    desk.ok(voidReward, { code, reason: 'return' });
    expect(desk.state.rewards.get('coffee')?.redeemed).toBe(4);
    desk.ok(redeemReward, coffee);
  });

  test('of 0 gives nothing, and is not touched by a refusal', () => {
    expect(deskWith(100, { stock: 0 }).refused(redeemReward, coffee).code).toBe('OUT_OF_STOCK');
    const poor = deskWith(0, { stock: 1 });
    expect(poor.refused(redeemReward, coffee).code).toBe('NOT_ENOUGH_POINTS');
    expect(poor.state.rewards.get('coffee')?.redeemed).toBe(0);
  });
});

describe('the limit a customer', () => {
  test('counts what they had, voided ones not', () => {
    const desk = deskWith(500, { perCustomer: 2 });
    const first = desk.ok(redeemReward, coffee);
    desk.ok(redeemReward, coffee);
    expect(desk.refused(redeemReward, coffee)).toMatchObject({ code: 'REWARD_LIMIT_REACHED', limit: 2 });
    desk.ok(voidReward, { code: first.voucherCode, reason: 'return' });
    desk.ok(redeemReward, coffee);
    expect(desk.refused(redeemReward, coffee).code).toBe('REWARD_LIMIT_REACHED');
  });

  test('counts each reward by itself', () => {
    const desk = deskWith(500, { perCustomer: 1 });
    desk.state.rewards.set('tea', coffeeReward({ rewardId: 'tea', perCustomer: 1 }));
    desk.ok(redeemReward, coffee);
    desk.ok(redeemReward, { rewardId: 'tea' });
  });
});

test('refusals come in the documented order', () => {
  const gone = { status: 'withdrawn', stock: 1, redeemed: 1, perCustomer: 1 } as const;
  const desk = deskWith(100, { perCustomer: 1 });
  desk.ok(redeemReward, coffee);
  const set = (reward: Partial<Reward>) => desk.state.rewards.set('coffee', coffeeReward(reward));
  set(gone);
  desk.state.merchant = cathayTerms({ requireOrderReference: true });
  expect(desk.refused(redeemReward, coffee).code).toBe('ORDER_REFERENCE_REQUIRED');
  desk.state.merchant = null;
  expect(desk.refused(redeemReward, coffee).code).toBe('REWARD_NOT_ACTIVE');
  set({ ...gone, status: 'active' });
  expect(desk.refused(redeemReward, coffee).code).toBe('OUT_OF_STOCK');
  set({ ...gone, status: 'active', stock: 2 });
  expect(desk.refused(redeemReward, coffee).code).toBe('REWARD_LIMIT_REACHED');
  set({ ...gone, status: 'active', stock: 2, perCustomer: 2 });
  expect(desk.refused(redeemReward, coffee).code).toBe('NOT_ENOUGH_POINTS');
});
