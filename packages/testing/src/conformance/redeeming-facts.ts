import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { givePoints, shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

/** Quoting and spending points at once. */
export const redeemingFacts: Facts = {
  ...factsIn(shopWithPoints(100), {
    'redeeming takes points, says what they are worth and what is left to pay': async (
      { loyalty },
      expect,
    ) => {
      const redeemed = unwrap(
        await loyalty.redeem({ ...member, order: { id: 'A', total: '500' }, points: 30 }),
      );
      expect(redeemed).toMatchObject({
        points: 30,
        value: '30.00',
        amountDue: '470.00',
        clampedBy: null,
        balance: { available: 70, lifetime: { redeemed: 30 } },
      });
      expect(redeemed.entries).toMatchObject([
        { kind: 'redeem', points: -30, lots: [{ lot: 1, points: -30 }] },
      ]);
    },

    'more points than available are refused with what there is, and nothing is written': async (
      { loyalty },
      expect,
    ) => {
      const before = await ledgerOf(loyalty, member);
      const refused = await loyalty.redeem({ ...member, points: 101 });
      expect(refused).toMatchObject({
        ok: false,
        code: 'NOT_ENOUGH_POINTS',
        requested: 101,
        available: 100,
        limit: 100,
      });
      expect(await ledgerOf(loyalty, member)).toEqual(before);
    },

    'points never pay more than the order': async ({ loyalty }, expect) => {
      const order = { id: 'A', total: '40' };
      expect(await loyalty.redeem({ ...member, order, points: 41 })).toMatchObject({
        code: 'EXCEEDS_PAYABLE',
        limit: 40,
      });
      const clamped = unwrap(await loyalty.redeem({ ...member, order, points: 90, clamp: true }));
      expect(clamped).toMatchObject({ points: 40, amountDue: '0.00', clampedBy: 'payable' });
    },

    'an order that has earned can have nothing spent on it': async ({ loyalty }, expect) => {
      await loyalty.earn({ ...member, order: { id: 'A', total: '100' } });
      const refused = await loyalty.redeem({ ...member, order: { id: 'A', total: '100' }, points: 10 });
      expect(refused).toMatchObject({ ok: false, code: 'ORDER_ALREADY_EARNED', points: 10 });
    },

    'a second redemption on an order adds to the first': async ({ loyalty }, expect) => {
      const order = { id: 'A', total: '60' };
      unwrap(await loyalty.redeem({ ...member, order, points: 20, idempotencyKey: 'one' }));
      const next = unwrap(await loyalty.redeem({ ...member, order, points: 30, idempotencyKey: 'two' }));
      expect(next).toMatchObject({ points: 30, amountDue: '10.00' });
      const over = await loyalty.redeem({ ...member, order, points: 11, idempotencyKey: 'three' });
      expect(over).toMatchObject({ code: 'EXCEEDS_PAYABLE', limit: 10 });
    },

    'a quote says what could be spent and writes nothing': async ({ loyalty }, expect) => {
      const before = await ledgerOf(loyalty, member);
      const order = { id: 'A', total: '500' };
      expect(await loyalty.quote({ ...member, order })).toMatchObject({
        ok: true,
        available: 100,
        maxPoints: 100,
        points: 100,
        value: '100.00',
        amountDue: '400.00',
        willEarn: 40,
      });
      expect(await loyalty.quote({ ...member, order, points: 30 })).toMatchObject({
        points: 30,
        willEarn: 47,
      });
      expect(await loyalty.quote({ ...member, order, points: 101 })).toMatchObject({
        code: 'NOT_ENOUGH_POINTS',
      });
      expect(await ledgerOf(loyalty, member)).toEqual(before);
    },

    'soonest expiry burns first, then the earlier earning, then the lower entry': async (
      { loyalty },
      expect,
    ) => {
      await givePoints(loyalty, 'late', 10, '2026-12-01T00:00:00Z');
      await givePoints(loyalty, 'soon', 10, '2026-02-01T00:00:00Z');
      await givePoints(loyalty, 'also late', 10, '2026-12-01T00:00:00Z');
      const redeemed = unwrap(await loyalty.redeem({ ...member, points: 35 }));
      expect(redeemed.entries[0]?.lots).toEqual([
        { lot: 3, points: -10 },
        { lot: 2, points: -10 },
        { lot: 4, points: -10 },
        { lot: 1, points: -5 },
      ]);
    },
  }),

  ...factsIn(
    shopWithPoints(1000, {
      redeem: {
        valuePerPoint: '0.5',
        minPoints: 20,
        increment: 10,
        maxPointsPerOrder: 300,
        maxShareOfOrder: '0.5',
      },
    }),
    {
      'limits refuse in their documented order': async ({ loyalty }, expect) => {
        const order = { id: 'A', total: '200' };
        const codeFor = async (points: number, total = order.total) => {
          const outcome = await loyalty.redeem({ ...member, order: { ...order, total }, points });
          return outcome.ok ? 'ok' : outcome.code;
        };
        expect(await codeFor(1001)).toBe('NOT_ENOUGH_POINTS');
        expect(await codeFor(310)).toBe('MAX_POINTS_PER_ORDER');
        expect(await codeFor(210)).toBe('MAX_SHARE_OF_ORDER');
        expect(await codeFor(25)).toBe('NOT_A_MULTIPLE');
        expect(await codeFor(10)).toBe('BELOW_MIN_POINTS');
        expect(await codeFor(200)).toBe('ok');
      },

      'clamping takes the most that every limit allows and says which one bit': async (
        { loyalty },
        expect,
      ) => {
        const order = { id: 'A', total: '205' };
        const redeemed = unwrap(await loyalty.redeem({ ...member, order, points: 999, clamp: true }));
        expect(redeemed).toMatchObject({
          points: 200,
          value: '100.00',
          amountDue: '105.00',
          clampedBy: 'increment',
        });
      },
    },
  ),
};
