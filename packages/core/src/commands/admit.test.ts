import { describe, expect, test } from 'vitest';
import {
  cathayTerms,
  coffeeReward,
  Desk,
  minute,
  noon,
  snapshot,
  stampVersion,
} from '../fixtures.test-data.ts';
import type { MerchantSettingsInput } from '../merchant/settings.ts';
import { StaffProof } from '../merchant/staff.ts';
import { adjust } from './adjust.ts';
import { award } from './award.ts';
import { earn } from './earn.ts';
import { redeem } from './redeem.ts';
import { redeemReward } from './redeem-reward.ts';
import { redeemStamps } from './redeem-stamps.ts';
import { refund } from './refund.ts';
import { reverse } from './reverse.ts';
import { stamp } from './stamp.ts';
import { voidStamp } from './void-stamp.ts';

const gift = { points: 5, reason: 'gift', source: { type: 'gift', id: '1' } };

/** A card enrolled in Bandra, with points and stamps, of a merchant with such settings. */
function deskUnder(settings: MerchantSettingsInput = {}): Desk {
  const desk = new Desk(stampVersion({ target: 1 }));
  desk.state.rewards.set('coffee', coffeeReward({ price: { points: 1 } }));
  desk.state.merchant = cathayTerms();
  desk.ok(stamp, { locationId: 'bandra' });
  desk.ok(earn, { order: { id: 'A', total: '500' } });
  desk.ok(adjust, { points: 100, reasonCode: 'promotion', actor: 'anita' });
  desk.state.merchant = cathayTerms(settings);
  return desk;
}

function proof(differences: Partial<StaffProof> = {}): StaffProof {
  const expiresAt = noon + 5 * minute;
  return new StaffProof({
    merchantId: 'cathay',
    staffId: 'ravi',
    locationId: null,
    expiresAt,
    ...differences,
  });
}

describe('a location', () => {
  test('must be one of the merchant', () => {
    expect(deskUnder().refused(stamp, { locationId: 'pune' })).toMatchObject({
      code: 'LOCATION_NOT_FOUND',
      locationId: 'pune',
    });
  });

  test('of a merchant that was never registered can be any text', () => {
    const desk = deskUnder();
    desk.state.merchant = null;
    expect(desk.ok(stamp, { locationId: 'pune' }).entries[0]?.locationId).toBe('pune');
  });

  test('that is closed takes returns and voids, and nothing else', () => {
    const desk = deskUnder();
    const fort = { locationId: 'fort' };
    expect(desk.refused(stamp, fort)).toMatchObject({ code: 'LOCATION_CLOSED', locationId: 'fort' });
    expect(desk.refused(redeem, { points: 1, ...fort }).code).toBe('LOCATION_CLOSED');
    expect(desk.run(voidStamp, { entry: 1, reason: 'mistake', ...fort }).ok).toBe(true);
    expect(desk.run(refund, { orderId: 'A', reason: 'return', ...fort }).ok).toBe(true);
  });
});

describe('a PIN', () => {
  const required = { staffPin: { stamp: 'required' as const } };

  test('where it is required, goes before anything that can be told of the card', () => {
    const desk = deskUnder(required);
    expect(desk.refused(stamp, {})).toMatchObject({ code: 'PIN_REQUIRED', merchantId: 'cathay' });
    const stamped = desk.ok(stamp, { staff: proof() });
    expect(stamped.entries[0]?.staffId).toBe('ravi');
  });

  test('is asked for by operation', () => {
    const desk = deskUnder(required);
    expect(desk.ok(award, gift).entries[0]?.staffId).toBeNull();
  });

  test('that is given where it is optional must be right, and is noted', () => {
    const desk = deskUnder();
    const given = { staffId: 'ravi', pin: '482913', terminalId: 'till-1' };
    const refusal = desk.refused(stamp, { staff: given });
    expect(refusal.code).toBe('PIN_REQUIRED');
    expect(snapshot(refusal)).not.toContain('482913');
    expect(desk.ok(stamp, { staff: proof() }).entries[0]?.staffId).toBe('ravi');
  });

  test('that is given where it is off is neither looked at nor noted', () => {
    const desk = deskUnder({ staffPin: { stamp: 'off' } });
    const given = { staffId: 'ravi', pin: '482913', terminalId: 'till-1' };
    const stamped = desk.ok(stamp, { staff: given });
    expect(stamped.entries[0]?.staffId).toBeNull();
    expect(snapshot([stamped, desk.ledger])).not.toContain('482913');
  });

  test('is good until exactly the end of its proof, and for its merchant alone', () => {
    const desk = deskUnder(required);
    desk.now = noon + 5 * minute - 1;
    expect(desk.run(stamp, { staff: proof() }).ok).toBe(true);
    desk.now = noon + 5 * minute;
    expect(desk.refused(stamp, { staff: proof() }).code).toBe('PIN_REQUIRED');
    const rival = proof({ merchantId: 'rival', expiresAt: noon + 10 * minute });
    expect(desk.refused(stamp, { staff: rival }).code).toBe('PIN_REQUIRED');
  });

  test('does not last longer for what happened before', () => {
    const desk = deskUnder(required);
    desk.now = noon + 5 * minute;
    const late = { staff: proof(), occurredAt: new Date(noon + minute) };
    expect(desk.refused(stamp, late).code).toBe('PIN_REQUIRED');
  });

  test('of somebody who works at one location confirms there alone', () => {
    const desk = deskUnder(required);
    const staff = proof({ locationId: 'bandra' });
    expect(desk.run(stamp, { staff, locationId: 'bandra' }).ok).toBe(true);
    for (const elsewhere of [{ locationId: 'colaba' }, {}])
      expect(desk.refused(stamp, { staff, ...elsewhere })).toMatchObject({
        code: 'STAFF_OTHER_LOCATION',
        locationId: 'bandra',
      });
  });

  test('cannot be made up: an object that looks like a proof is invalid', () => {
    const forged = { ...proof() } as never;
    expect(() => deskUnder(required).run(stamp, { staff: forged })).toThrow(
      expect.objectContaining({ code: 'INVALID_COMMAND' }),
    );
  });
});

describe('the settings', () => {
  test('can forbid voids, of stamps, rewards and entries; a return is no void', () => {
    const desk = deskUnder({ allowVoid: false });
    expect(desk.refused(voidStamp, { entry: 1, reason: 'mistake' }).code).toBe('VOID_NOT_ALLOWED');
    expect(desk.refused(reverse, { entry: 2, reason: 'mistake' }).code).toBe('VOID_NOT_ALLOWED');
    expect(desk.run(refund, { orderId: 'A', reason: 'return' }).ok).toBe(true);
  });

  test('can have points and stamps spent only where the card was enrolled; earning works everywhere', () => {
    const desk = deskUnder({ crossLocationRedemption: false });
    const spend = { points: 1 };
    expect(desk.refused(redeem, spend)).toMatchObject({
      code: 'LOCATION_REQUIRED',
      enrolledLocationId: 'bandra',
    });
    expect(desk.refused(redeem, { ...spend, locationId: 'colaba' }).code).toBe('OTHER_LOCATION');
    expect(desk.run(redeem, { ...spend, locationId: 'bandra' }).ok).toBe(true);
    expect(desk.refused(redeemReward, { rewardId: 'coffee' }).code).toBe('LOCATION_REQUIRED');
    expect(desk.refused(redeemStamps, { locationId: 'heathrow' }).code).toBe('OTHER_LOCATION');
    expect(desk.run(stamp, { locationId: 'colaba' }).ok).toBe(true);
  });

  test('let a card that was enrolled nowhere spend everywhere', () => {
    const desk = deskUnder({ crossLocationRedemption: false });
    desk.state.card.enrolledLocationId = null;
    expect(desk.run(redeem, { points: 1 }).ok).toBe(true);
    expect(desk.run(redeem, { points: 1, locationId: 'colaba' }).ok).toBe(true);
  });

  test('can ask for an order with each stamp, redemption and reward, but not with a correction', () => {
    const desk = deskUnder({ requireOrderReference: true });
    expect(desk.refused(stamp, {}).code).toBe('ORDER_REFERENCE_REQUIRED');
    expect(desk.refused(redeem, { points: 1 }).code).toBe('ORDER_REFERENCE_REQUIRED');
    expect(desk.refused(redeemStamps, {}).code).toBe('ORDER_REFERENCE_REQUIRED');
    expect(desk.refused(redeemReward, { rewardId: 'coffee' }).code).toBe('ORDER_REFERENCE_REQUIRED');
    expect(desk.run(stamp, { orderId: 'A' }).ok).toBe(true);
    expect(desk.run(redeem, { points: 1, order: { id: 'B', total: '50' } }).ok).toBe(true);
    expect(desk.run(award, gift).ok).toBe(true);
  });

  test('are looked at in the documented order', () => {
    const settings = {
      staffPin: { redeem: 'required' as const },
      crossLocationRedemption: false,
      requireOrderReference: true,
    };
    const desk = deskUnder(settings);
    const codeOf = (input: object) => desk.refused(redeem, { points: 1, ...input }).code;
    expect(codeOf({ locationId: 'pune' })).toBe('LOCATION_NOT_FOUND');
    expect(codeOf({ locationId: 'fort' })).toBe('LOCATION_CLOSED');
    expect(codeOf({})).toBe('PIN_REQUIRED');
    expect(codeOf({ staff: proof({ locationId: 'colaba' }) })).toBe('STAFF_OTHER_LOCATION');
    expect(codeOf({ staff: proof() })).toBe('LOCATION_REQUIRED');
    expect(codeOf({ staff: proof(), locationId: 'colaba' })).toBe('OTHER_LOCATION');
    expect(codeOf({ staff: proof(), locationId: 'bandra' })).toBe('ORDER_REFERENCE_REQUIRED');
  });
});
