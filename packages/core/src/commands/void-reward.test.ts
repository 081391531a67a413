import { describe, expect, test } from 'vitest';
import { cathayTerms, coffeeReward, Desk, day, noon, stampVersion } from '../fixtures.test-data.ts';
import type { ProgramInput } from '../program/program.ts';
import { adjust } from './adjust.ts';
import { deactivate } from './card-status.ts';
import { redeemReward } from './redeem-reward.ts';
import { redeemStamps } from './redeem-stamps.ts';
import { stamp } from './stamp.ts';
import { useVoucher } from './use-voucher.ts';
import { voidReward } from './void-reward.ts';

const back = { reason: 'return' };
const gift = { reasonCode: 'promotion', actor: 'anita' };

function deskWithCoffee(rules: Partial<ProgramInput['points']> = {}, reward = {}) {
  const desk = new Desk(
    stampVersion({ target: 2, expiry: { kind: 'after-earning', days: 10 } }, rules as object),
  );
  desk.state.rewards.set('coffee', coffeeReward(reward));
  return desk;
}

describe('voiding a reward that cost points', () => {
  test('puts them back into the lots they came from, and one into stock', () => {
    const desk = deskWithCoffee({}, { stock: 1 });
    desk.ok(adjust, { points: 60, ...gift, expiresAt: new Date(noon + 5 * day) });
    desk.ok(adjust, { points: 60, ...gift });
    const { voucherCode: code } = desk.ok(redeemReward, { rewardId: 'coffee' });
    expect(desk.remainders()).toEqual({ 1: 0, 2: 20 });
    const voided = desk.ok(voidReward, { code, ...back });
    expect(voided).toMatchObject({
      points: 100,
      stamps: 0,
      rewardId: 'coffee',
      balance: { available: 120, lifetime: { redeemed: 100, reversed: 100 } },
    });
    expect(voided.entries).toMatchObject([{ kind: 'void-reward', reverses: 3, reason: 'return' }]);
    expect(desk.remainders()).toEqual({ 1: 60, 2: 60 });
    expect(desk.state.rewards.get('coffee')?.redeemed).toBe(0);
    expect(desk.state.vouchers.get(code)?.status).toBe('void');
    expect(desk.state.card.rewardsRedeemed).toBe(0);
  });

  test('gives points of a lot that has ended the grace days of the program', () => {
    const desk = deskWithCoffee({ refunds: { restoreGraceDays: 30 } });
    desk.ok(adjust, { points: 100, ...gift, expiresAt: new Date(noon + 5 * day) });
    const { voucherCode: code } = desk.ok(redeemReward, { rewardId: 'coffee' });
    desk.now = noon + 5 * day;
    expect(desk.ok(voidReward, { code, ...back }).entries[0]?.lot).toMatchObject({
      points: 100,
      expiresAt: new Date(noon + 35 * day).toISOString(),
    });
  });

  test('of a program without grace gives what has ended back as ended', () => {
    const desk = deskWithCoffee({ refunds: { restoreGraceDays: 0 } });
    desk.ok(adjust, { points: 100, ...gift, expiresAt: new Date(noon + 5 * day) });
    const { voucherCode: code } = desk.ok(redeemReward, { rewardId: 'coffee' });
    desk.now = noon + 5 * day;
    expect(desk.ok(voidReward, { code, ...back }).balance).toMatchObject({ available: 0, total: 0 });
  });

  test('pays debt first', () => {
    const desk = deskWithCoffee();
    desk.ok(adjust, { points: 100, ...gift });
    const { voucherCode: code } = desk.ok(redeemReward, { rewardId: 'coffee' });
    desk.ok(adjust, { points: -30, allowDebt: true, reasonCode: 'correction', actor: 'anita' });
    expect(desk.ok(voidReward, { code, ...back }).balance).toMatchObject({ available: 70, debt: 0 });
  });
});

describe('voiding a reward that cost stamps', () => {
  const full = () => {
    const desk = deskWithCoffee();
    desk.ok(stamp, {});
    desk.now = noon + day;
    desk.ok(stamp, {});
    const { voucherCode: code } = desk.ok(redeemStamps, {});
    return { desk, code };
  };

  test('puts them back with the ends they had', () => {
    const { desk, code } = full();
    expect(desk.ok(voidReward, { code, ...back })).toMatchObject({ points: 0, stamps: 2, rewardId: null });
    expect(desk.state.card).toMatchObject({
      stamps: 2,
      stampsEarned: 2,
      stampLots: [
        [1, 1, noon + 10 * day],
        [2, 1, noon + 11 * day],
      ],
    });
  });

  test('gives those that have ended, at exactly that instant, the grace days of the program', () => {
    const { desk, code } = full();
    desk.now = noon + 10 * day;
    const voided = desk.ok(voidReward, { code, ...back });
    expect(desk.state.card.stampLots).toEqual([
      [2, 1, noon + 11 * day],
      [4, 1, noon + 40 * day],
    ]);
    expect(voided.explanation.at(-1)).toMatchObject({
      rule: 'stamps-restored',
      facts: { renewed: 1, until: new Date(noon + 40 * day).toISOString() },
    });
  });

  test('makes the reward possible again, and that voided in turn, without end', () => {
    const { desk, code } = full();
    desk.ok(voidReward, { code, ...back });
    const again = desk.ok(redeemStamps, {});
    expect(again.voucherCode).not.toBe(code);
    desk.ok(voidReward, { code: again.voucherCode, ...back });
    expect(desk.state.card).toMatchObject({ stamps: 2, rewardsRedeemed: 0 });
  });

  test('does not count as stamps given: cooldown and daily limit do not see it', () => {
    const { desk, code } = full();
    const times = desk.state.card.stampTimes;
    desk.ok(voidReward, { code, ...back });
    expect(desk.state.card.stampTimes).toEqual(times);
  });
});

describe('a reward', () => {
  test('is voided once', () => {
    const desk = deskWithCoffee();
    desk.ok(adjust, { points: 100, ...gift });
    const { voucherCode: code } = desk.ok(redeemReward, { rewardId: 'coffee' });
    desk.ok(voidReward, { code, ...back });
    expect(desk.refused(voidReward, { code, reason: 'again' }).code).toBe('VOUCHER_VOID');
    expect(desk.state.card.balance).toBe(100);
  });

  test('that was handed out is not voided', () => {
    const desk = deskWithCoffee();
    desk.ok(adjust, { points: 100, ...gift });
    const { voucherCode: code } = desk.ok(redeemReward, { rewardId: 'coffee' });
    desk.ok(useVoucher, { code, locationId: 'bandra' });
    expect(desk.refused(voidReward, { code, ...back })).toMatchObject({
      code: 'VOUCHER_USED',
      locationId: 'bandra',
    });
  });

  test('is voided also when its voucher has expired, its stock withdrawn and its card inactive', () => {
    const desk = deskWithCoffee();
    desk.ok(adjust, { points: 100, ...gift });
    const { voucherCode: code } = desk.ok(redeemReward, { rewardId: 'coffee' });
    desk.state.rewards.set('coffee', coffeeReward({ redeemed: 1, status: 'withdrawn' }));
    desk.ok(deactivate, { reason: 'lost', actor: 'anita' });
    desk.now = noon + 200 * day;
    expect(desk.ok(voidReward, { code, ...back }).points).toBe(100);
    expect(desk.state.rewards.get('coffee')).toMatchObject({ redeemed: 0, status: 'withdrawn' });
  });

  test('is not voided where the merchant allows none, nor one that is not there', () => {
    const desk = deskWithCoffee();
    desk.ok(adjust, { points: 100, ...gift });
    const { voucherCode: code } = desk.ok(redeemReward, { rewardId: 'coffee' });
    expect(desk.refused(voidReward, { code: '0000-0000-0000', ...back }).code).toBe('VOUCHER_NOT_FOUND');
    desk.state.merchant = cathayTerms({ allowVoid: false });
    expect(desk.refused(voidReward, { code, ...back }).code).toBe('VOID_NOT_ALLOWED');
  });
});
