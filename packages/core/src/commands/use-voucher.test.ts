import { describe, expect, test } from 'vitest';
import { cathayTerms, Desk, day, hour, noon, stampVersion } from '../fixtures.test-data.ts';
import { deactivate } from './card-status.ts';
import { redeemStamps } from './redeem-stamps.ts';
import { stamp } from './stamp.ts';
import { useVoucher } from './use-voucher.ts';
import { voidReward } from './void-reward.ts';

const iso = (at: number) => new Date(at).toISOString();

/** A card with a voucher that is good for ten days. */
function deskWithVoucher() {
  const desk = new Desk(stampVersion({ target: 1, reward: { name: 'Coffee', voucherDays: 10 } }));
  desk.ok(stamp, {});
  const { voucherCode: code } = desk.ok(redeemStamps, {});
  return { desk, code };
}

describe('a voucher', () => {
  test('is used once, and it is kept when, where and on which order', () => {
    const { desk, code } = deskWithVoucher();
    desk.now = noon + hour;
    const used = desk.ok(useVoucher, { code, locationId: 'bandra', orderId: 'ORDER9' });
    expect(used).toMatchObject({ reward: 'Coffee', rewardId: null, usedAt: iso(noon + hour) });
    expect(used.entries).toMatchObject([
      { kind: 'use-voucher', points: 0, stamps: 0, orderId: 'ORDER9', reward: 'Coffee' },
    ]);
    expect(desk.state.vouchers.get(code)).toMatchObject({
      status: 'used',
      usedAt: noon + hour,
      usedLocationId: 'bandra',
      orderId: 'ORDER9',
    });
    expect(desk.refused(useVoucher, { code })).toMatchObject({
      code: 'VOUCHER_USED',
      usedAt: iso(noon + hour),
      locationId: 'bandra',
    });
    expect(desk.state.card).toMatchObject({ lastActivityAt: noon + hour, rewardsRedeemed: 1 });
  });

  test('is read as people write it', () => {
    const { desk, code } = deskWithVoucher();
    const written = ` ${code.toLowerCase().replaceAll('-', '').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    expect(desk.run(useVoucher, { code: written }).ok).toBe(true);
  });

  test('is expired at exactly its end', () => {
    const { desk, code } = deskWithVoucher();
    desk.now = noon + 10 * day;
    expect(desk.refused(useVoucher, { code })).toMatchObject({
      code: 'VOUCHER_EXPIRED',
      expiresAt: iso(noon + 10 * day),
    });
    const { desk: early, code: other } = deskWithVoucher();
    early.now = noon + 10 * day - 1;
    expect(early.run(useVoucher, { code: other }).ok).toBe(true);
  });

  test('counts from when it was handed in, though that is written later', () => {
    const { desk, code } = deskWithVoucher();
    desk.now = noon + 12 * day;
    const occurredAt = new Date(noon + 10 * day - 1);
    expect(desk.ok(useVoucher, { code, occurredAt }).usedAt).toBe(occurredAt.toISOString());
  });

  test('that was voided is good for nothing, also past its end', () => {
    const { desk, code } = deskWithVoucher();
    desk.ok(voidReward, { code, reason: 'return' });
    desk.now = noon + 20 * day;
    expect(desk.refused(useVoucher, { code }).code).toBe('VOUCHER_VOID');
  });

  test('that was used says so, also past its end', () => {
    const { desk, code } = deskWithVoucher();
    desk.ok(useVoucher, { code });
    desk.now = noon + 20 * day;
    expect(desk.refused(useVoucher, { code }).code).toBe('VOUCHER_USED');
  });

  test('of an inactive card is not handed out', () => {
    const { desk, code } = deskWithVoucher();
    desk.ok(deactivate, { reason: 'lost', actor: 'anita' });
    expect(desk.refused(useVoucher, { code }).code).toBe('CARD_INACTIVE');
  });

  test('of a merged card still is', () => {
    const { desk, code } = deskWithVoucher();
    Object.assign(desk.state.card, { status: 'inactive', mergedInto: 'card-2' });
    const decision = useVoucher.decide(desk.state, { code }, desk.now);
    expect(decision.outcome).toMatchObject({ ok: true, reward: 'Coffee' });
  });

  test('is used under what the settings say', () => {
    const { desk, code } = deskWithVoucher();
    desk.state.merchant = cathayTerms({ staffPin: { useVoucher: 'required' } });
    expect(desk.refused(useVoucher, { code }).code).toBe('PIN_REQUIRED');
    expect(desk.refused(useVoucher, { code, locationId: 'fort' }).code).toBe('LOCATION_CLOSED');
  });

  test('that is not there is not found', () => {
    const { desk } = deskWithVoucher();
    expect(desk.refused(useVoucher, { code: '0000-0000-0000' }).code).toBe('VOUCHER_NOT_FOUND');
    expect(useVoucher.ifAbsent).toBe('VOUCHER_NOT_FOUND');
  });

  test.each(['', '0000-0000-000', '0000-0000-00000', 'UUUU-0000-0000', '0000--0000-0000', 7])(
    '%j is no code',
    (code) => {
      const invalid = () => deskWithVoucher().desk.run(useVoucher, { code: code as string });
      expect(invalid).toThrow(expect.objectContaining({ field: 'code' }));
    },
  );
});
