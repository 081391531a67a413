import { type Loyalty, type RefundInput, unwrap } from '@loyalty-engine/core';
import type { ExpectStatic } from 'vitest';
import { type Facts, factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { order } from './returned-order.ts';
import { member, type Shop, secondMember } from './shop.ts';

type Part = Pick<RefundInput, 'amount' | 'lines'>;

/** Refunds an order of a member part by part, on two connections in turn, and says what went back. */
async function refundParts(
  engines: readonly Loyalty[],
  card: typeof member | typeof secondMember,
  parts: Part[],
) {
  let paise = 0;
  for (const [index, part] of parts.entries()) {
    const engine = engines[index % engines.length] as Loyalty;
    const refunded = unwrap(await engine.refund({ ...card, ...part, orderId: 'A', reason: 'part' }));
    paise += Math.round(Number(refunded.moneyBack) * 100);
  }
  const [engine] = engines as [Loyalty];
  const { available, debt, total } = await engine.balance(card);
  return { paise, available, debt, total };
}

/** Two members buy the same; one gives it back in parts, the other at once. */
async function sameEnd(
  { loyalty, second }: Shop,
  parts: Part[],
  whole: Part,
  expect: ExpectStatic,
): Promise<void> {
  const source = { type: 'test', id: 'opening' };
  await loyalty.award({ ...secondMember, points: 1000, source, reason: 'Test' });
  for (const card of [member, secondMember]) {
    unwrap(await loyalty.redeem({ ...card, order, points: 217 }));
    unwrap(await loyalty.earn({ ...card, order }));
  }
  const engines = [loyalty, await second()];
  const inParts = await refundParts(engines, member, parts);
  expect(inParts).toEqual(await refundParts(engines, secondMember, [whole]));
}

const amounts = (texts: string[]): Part[] => texts.map((amount) => ({ amount }));
const teas = (quantity: number): Part => ({ lines: [{ id: 'tea', quantity }] });

const facts = (['pro-rata', 'cash-first', 'points-first'] as const).map((split) =>
  factsIn(shopWithPoints(1000, { refunds: { split } }), {
    [`many small refunds of all end where one full refund ends (${split})`]: (shop, expect) =>
      sameEnd(shop, amounts(['0.01', '99.99', '100', '33.33', '415.64']), {}, expect),
    [`many small refunds of a part end where one refund of it ends (${split})`]: (shop, expect) =>
      sameEnd(shop, amounts(['0.01', '99.99', '100', '33.33', '7.77']), { amount: '241.10' }, expect),
    [`pieces of a line one by one end where all at once end (${split})`]: (shop, expect) =>
      sameEnd(shop, [teas(1), teas(1), teas(1)], teas(3), expect),
    [`lines, then the rest, end where one full refund ends (${split})`]: (shop, expect) =>
      sameEnd(
        shop,
        [teas(2), { lines: [{ sku: 'sku-mug', quantity: 1 }] }, teas(1), { amount: '49' }],
        {},
        expect,
      ),
  }),
);

/** Many small refunds end exactly where one large refund ends, whatever the split. */
export const splitRefundFacts: Facts = Object.assign({}, ...facts);
