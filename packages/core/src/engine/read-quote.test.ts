import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../commands/outcome.ts';
import { type Differences, member, milesProgram, openShop } from '../fixtures.test-data.ts';

const order = { id: 'ORDER124', total: '500' };

async function shopWith(points: number, rules: Differences = {}) {
  const { loyalty } = await openShop(memoryStore(), milesProgram(rules));
  if (points > 0) await loyalty.adjust({ ...member, points, reasonCode: 'promotion', actor: 'anita' });
  return loyalty;
}

describe('a quote', () => {
  test('without points says what could be spent at most, what that leaves to pay and what would be earned', async () => {
    const loyalty = await shopWith(120);
    expect(await loyalty.quote({ ...member, order })).toMatchObject({
      ok: true,
      available: 120,
      maxPoints: 120,
      limitedBy: 'available',
      points: 120,
      value: '120.00',
      amountDue: '380.00',
      willEarn: 38,
    });
  });

  test('for a number of points is what a checkout of them then does', async () => {
    const loyalty = await shopWith(120);
    const quote = await loyalty.quote({ ...member, order, points: 30 });
    const { holdId, ...started } = unwrap(await loyalty.checkout.start({ ...member, order, points: 30 }));
    const done = unwrap(await loyalty.checkout.complete({ ...member, holdId }));
    expect(quote).toMatchObject({ points: 30, value: '30.00', amountDue: '470.00', willEarn: 47 });
    expect(started).toMatchObject({ amountDue: '470.00', willEarn: 47 });
    expect(done).toMatchObject({ amountDue: '470.00', earned: 47 });
  });

  test('reserves and writes nothing', async () => {
    const loyalty = await shopWith(120);
    await loyalty.quote({ ...member, order });
    expect(await loyalty.balance(member)).toMatchObject({ available: 120, held: 0 });
    expect((await loyalty.statement(member)).entries).toHaveLength(1);
  });

  test('can spend again what the open hold of the same order reserves', async () => {
    const loyalty = await shopWith(120);
    await loyalty.checkout.start({ ...member, order, points: 100 });
    expect(await loyalty.quote({ ...member, order })).toMatchObject({ maxPoints: 120, amountDue: '380.00' });
    expect(await loyalty.quote({ ...member, order: { id: 'B', total: '500' } })).toMatchObject({
      maxPoints: 20,
    });
  });

  test('of no points, or for a customer without a card, is the whole charge', async () => {
    const loyalty = await shopWith(0);
    expect(await loyalty.quote({ ...member, order })).toMatchObject({
      points: 0,
      amountDue: '500.00',
      willEarn: 50,
    });
    expect(await loyalty.quote({ ...member, order, points: 0 })).toMatchObject({
      points: 0,
      amountDue: '500.00',
    });
  });

  test('is refused like the redemption: a limit with its reason, a closed order, an unknown program', async () => {
    const loyalty = await shopWith(120, { redeem: { maxPointsPerOrder: 100 } });
    expect(await loyalty.quote({ ...member, order, points: 101 })).toMatchObject({
      code: 'MAX_POINTS_PER_ORDER',
      limit: 100,
    });
    await loyalty.earn({ ...member, order });
    expect(await loyalty.quote({ ...member, order })).toMatchObject({ code: 'ORDER_ALREADY_EARNED' });
    await expect(loyalty.quote({ ...member, order, points: -1 })).rejects.toMatchObject({ field: 'points' });
  });
});
