import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

const trillion = 1_000_000_000_000;
const largest = Number.MAX_SAFE_INTEGER;

/** Exact points and exact money. */
export const precisionFacts: Facts = {
  ...factsIn((open) => open(), {
    'a trillion points in one command are kept exactly': async ({ loyalty }, expect) => {
      await givePoints(loyalty, 'a', trillion);
      const redeemed = unwrap(await loyalty.redeem({ ...member, points: trillion - 1 }));
      expect(redeemed).toMatchObject({ value: '999999999999.00', balance: { available: 1 } });
    },

    'a balance up to 2^53 - 1 is exact, and beyond it is refused': async ({ loyalty }, expect) => {
      let given = 0;
      for (let part = 0; part < 9_007; part += 500) {
        const parts = Array.from({ length: Math.min(500, 9_007 - part) }, (_, index) => part + index);
        await Promise.all(parts.map((id) => givePoints(loyalty, String(id), trillion)));
        given += parts.length;
      }
      expect(given).toBe(9_007);
      const room = largest - given * trillion;
      await givePoints(loyalty, 'last', room);
      expect(await loyalty.balance(member)).toMatchObject({ available: largest, total: largest });
      const before = await loyalty.balance(member);
      const source = { type: 'test', id: 'more' };
      const more = await loyalty.award({ ...member, points: 1, source, reason: 'Test' });
      expect(more).toMatchObject({ ok: false, code: 'BALANCE_LIMIT' });
      expect(await loyalty.balance(member)).toEqual(before);
    },

    'amounts of order and refund are exact to the minor unit': async ({ loyalty }, expect) => {
      const order = {
        id: 'A',
        lines: [{ id: '1', quantity: 3, unitPrice: '0.1' }],
        shipping: '0.2',
        tax: '0.04',
      };
      await givePoints(loyalty, 'a', 10);
      unwrap(await loyalty.earn({ ...member, order }));
      const refund = async (amount: string) =>
        unwrap(await loyalty.refund({ ...member, orderId: 'A', amount, reason: 'part' })).remaining;
      expect(await refund('0.1')).toBe('0.44');
      expect(await refund('0.29')).toBe('0.15');
      expect(await refund('0.15')).toBe('0.00');
    },
  }),

  ...factsIn(
    (open) => open({ currency: 'KWD', earn: { perAmount: '0.125' }, redeem: { valuePerPoint: '0.005' } }),
    {
      'three decimal digits are kept (KWD)': async ({ loyalty }, expect) => {
        const earned = unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '12.345' } }));
        expect(earned).toMatchObject({ points: 98 });
        const redeemed = unwrap(
          await loyalty.redeem({ ...member, order: { id: 'B', total: '1.001' }, points: 33 }),
        );
        expect(redeemed).toMatchObject({ value: '0.165', amountDue: '0.836' });
        await expect(loyalty.earn({ ...member, order: { id: 'C', total: '1.0001' } })).rejects.toMatchObject({
          code: 'INVALID_COMMAND',
          field: 'order.total',
        });
      },
    },
  ),

  ...factsIn(
    (open) => open({ currency: 'JPY', earn: { perAmount: '100' }, redeem: { valuePerPoint: '1' } }),
    {
      'no decimal digits are kept (JPY)': async ({ loyalty }, expect) => {
        expect(await loyalty.earn({ ...member, order: { id: 'A', total: 9999 } })).toMatchObject({
          points: 99,
        });
        const redeemed = await loyalty.redeem({ ...member, order: { id: 'B', total: '500' }, points: 33 });
        expect(redeemed).toMatchObject({ value: '33', amountDue: '467' });
        await expect(loyalty.earn({ ...member, order: { id: 'C', total: '1.5' } })).rejects.toMatchObject({
          field: 'order.total',
        });
      },
    },
  ),

  ...factsIn((open) => open({ redeem: { valuePerPoint: '0.3333' } }), {
    'points worth a fraction are valued down and never pay too much': async ({ loyalty }, expect) => {
      await givePoints(loyalty, 'a', 1_000);
      const redeemed = unwrap(
        await loyalty.redeem({ ...member, order: { id: 'A', total: '100' }, points: 7 }),
      );
      expect(redeemed).toMatchObject({ value: '2.33', amountDue: '97.67' });
      const { entries } = await ledgerOf(loyalty, member);
      expect(entries).toHaveLength(2);
    },
  }),

  ...factsIn((open) => open(), {
    'texts are kept as they were written': async ({ loyalty }, expect) => {
      const text = `Größe — "ñ" 🎁 '); DROP TABLE cards; -- % _ \\ ${'é'.normalize('NFD')}`;
      const customer = { ...member, customerId: text };
      const metadata = { [text]: [text, 1.5, true, null, { deep: { deeper: text } }] };
      unwrap(
        await loyalty.award({
          ...customer,
          points: 5,
          source: { type: text, id: text },
          reason: text,
          metadata,
          actor: text,
        }),
      );
      const { entries } = await loyalty.statement(customer);
      expect(entries[0]).toMatchObject({
        reason: text,
        actor: text,
        source: { type: text, id: text },
        metadata,
      });
      expect(await loyalty.balance({ ...member, customerId: text.normalize('NFC') })).toMatchObject({
        total: 0,
      });
      expect(await loyalty.balance({ ...member, customerId: text.toUpperCase() })).toMatchObject({
        total: 0,
      });
    },
  }),
};
