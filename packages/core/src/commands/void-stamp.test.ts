import { describe, expect, test } from 'vitest';
import { cathayTerms, Desk, day, hour, noon, stampVersion } from '../fixtures.test-data.ts';
import { award } from './award.ts';
import { deactivate } from './card-status.ts';
import { redeemStamps } from './redeem-stamps.ts';
import { stamp } from './stamp.ts';
import { voidReward } from './void-reward.ts';
import { voidStamp } from './void-stamp.ts';

const mistake = { reason: 'wrong card' };
const stampDesk = (...rules: Parameters<typeof stampVersion>) => new Desk(stampVersion(...rules));

describe('voiding a stamp', () => {
  test('takes the stamps of its entry away, by reference', () => {
    const desk = stampDesk({ maxPerVisit: 5 });
    desk.ok(stamp, { stamps: 2, orderId: 'A' });
    desk.ok(stamp, { stamps: 3 });
    const voided = desk.ok(voidStamp, { entry: 1, ...mistake });
    expect(voided).toMatchObject({ entry: 1, voided: 2, stamps: 3 });
    expect(voided.entries).toMatchObject([
      {
        kind: 'void-stamp',
        points: 0,
        stamps: -2,
        reverses: 1,
        orderId: 'A',
        reason: 'wrong card',
        stampLots: [{ lot: 1, stamps: -2 }],
      },
    ]);
    expect(desk.state.card).toMatchObject({ stamps: 3, stampsEarned: 3, stampLots: [[2, 3, null]] });
  });

  test('happens once', () => {
    const desk = stampDesk();
    desk.ok(stamp, {});
    desk.ok(stamp, {});
    desk.ok(voidStamp, { entry: 1, ...mistake });
    expect(desk.refused(voidStamp, { entry: 1, reason: 'again' })).toMatchObject({
      code: 'ENTRY_ALREADY_REVERSED',
      reversible: 0,
    });
    expect(desk.state.card.stamps).toBe(1);
  });

  test('frees the cooldown and the daily limit', () => {
    const desk = stampDesk({ cooldownMinutes: 60, maxPerDay: 1 });
    desk.ok(stamp, {});
    desk.now += hour;
    expect(desk.refused(stamp, {}).code).toBe('DAILY_STAMP_LIMIT');
    desk.ok(voidStamp, { entry: 1, ...mistake });
    expect(desk.ok(stamp, {}).stamps).toBe(1);
  });

  test('is no use of the card: neither its last activity nor the inactivity deadline moves', () => {
    const desk = stampDesk({}, { expiry: { kind: 'inactivity', days: 10 } });
    desk.ok(award, { points: 5, source: { type: 'gift', id: '1' }, reason: 'gift' });
    desk.ok(stamp, {});
    desk.now = noon + 9 * day;
    desk.ok(voidStamp, { entry: 2, ...mistake });
    expect(desk.state.card).toMatchObject({ lastActivityAt: noon, deadline: noon + 10 * day });
  });

  test('takes other stamps where its own were redeemed, those that end soonest first', () => {
    const desk = stampDesk({ target: 2, expiry: { kind: 'after-earning', days: 30 } });
    for (let visit = 0; visit < 4; visit += 1) {
      desk.now = noon + visit * day;
      desk.ok(stamp, {});
    }
    desk.ok(redeemStamps, {});
    desk.ok(voidStamp, { entry: 1, ...mistake });
    expect(desk.state.card.stampLots).toEqual([[4, 1, noon + 33 * day]]);
  });

  test('is refused where all were redeemed, until the reward is voided', () => {
    const desk = stampDesk({ target: 2 });
    desk.ok(stamp, {});
    desk.ok(stamp, {});
    const { voucherCode: code } = desk.ok(redeemStamps, {});
    expect(desk.refused(voidStamp, { entry: 1, ...mistake })).toMatchObject({
      code: 'NOT_ENOUGH_STAMPS',
      stamps: 0,
      requested: 1,
      missing: 1,
    });
    desk.ok(voidReward, { code, reason: 'return' });
    expect(desk.ok(voidStamp, { entry: 1, ...mistake }).stamps).toBe(1);
    expect(desk.state.card.stampLots).toEqual([[2, 1, null]]);
  });

  // Other stamps were taken in place of those that had ended, which the customer had lost already.
  test('of stamps that have ended, at exactly that instant, takes no others for them', () => {
    const desk = stampDesk({ expiry: { kind: 'after-earning', days: 10 } });
    desk.ok(stamp, {});
    desk.now = noon + 5 * day;
    desk.ok(stamp, {});
    desk.now = noon + 10 * day;
    expect(desk.ok(voidStamp, { entry: 1, ...mistake })).toMatchObject({ voided: 0, stamps: 1 });
    expect(desk.ledger.map(({ kind, stamps }) => [kind, stamps])).toEqual([
      ['stamp', 1],
      ['stamp', 1],
      ['expire-stamps', -1],
      ['void-stamp', 0],
    ]);
    expect(desk.refused(voidStamp, { entry: 1, ...mistake }).code).toBe('ENTRY_ALREADY_REVERSED');
  });

  test('goes on for an inactive card', () => {
    const desk = stampDesk();
    desk.ok(stamp, {});
    desk.ok(deactivate, { reason: 'lost', actor: 'anita' });
    expect(desk.ok(voidStamp, { entry: 1, ...mistake }).stamps).toBe(0);
  });

  test('that is written late takes the stamp away all the same', () => {
    const desk = stampDesk();
    desk.ok(stamp, {});
    desk.now = noon + day;
    const voided = desk.ok(voidStamp, { entry: 1, ...mistake, occurredAt: new Date(noon + hour) });
    expect(voided.entries[0]).toMatchObject({ occurredAt: new Date(noon + hour).toISOString() });
    expect(desk.state.card.stamps).toBe(0);
  });
});

describe('voiding is refused', () => {
  test('for an entry that is not there, or is no stamp', () => {
    const desk = stampDesk();
    desk.ok(award, { points: 5, source: { type: 'gift', id: '1' }, reason: 'gift' });
    expect(desk.refused(voidStamp, { entry: 9, ...mistake })).toMatchObject({
      code: 'ENTRY_NOT_FOUND',
      entry: 9,
    });
    expect(desk.refused(voidStamp, { entry: 1, ...mistake })).toMatchObject({
      code: 'ENTRY_NOT_REVERSIBLE',
      kind: 'award',
    });
  });

  test('for a void: it is not undone in turn', () => {
    const desk = stampDesk();
    desk.ok(stamp, {});
    desk.ok(voidStamp, { entry: 1, ...mistake });
    expect(desk.refused(voidStamp, { entry: 2, ...mistake })).toMatchObject({
      code: 'ENTRY_NOT_REVERSIBLE',
      kind: 'void-stamp',
    });
  });

  test('where the merchant allows none', () => {
    const desk = stampDesk();
    desk.ok(stamp, {});
    desk.state.merchant = cathayTerms({ allowVoid: false });
    expect(desk.refused(voidStamp, { entry: 1, ...mistake }).code).toBe('VOID_NOT_ALLOWED');
  });

  test.each([{ entry: 0 }, { entry: -1 }, { entry: 1.5 }, { entry: 2 ** 53 }])(
    'for %j as invalid',
    (wrong) => {
      const invalid = () => stampDesk().run(voidStamp, { ...wrong, ...mistake });
      expect(invalid).toThrow(expect.objectContaining({ field: 'entry' }));
    },
  );
});
