import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../commands/outcome.ts';
import { coffeeStamps, day, member, milesProgram, openShop } from '../fixtures.test-data.ts';

const why = { reason: 'two cards', actor: 'anita' };
const rahul = { ...member, customerId: 'rahul' };
const order = (id: string, total = '1000') => ({ id, total });

/** Rahul has bought twice, the second time with points; then his card was merged into the member's. */
async function afterMerge(shortfall: 'debt' | 'forgive' | 'reject' = 'debt') {
  const { loyalty } = await openShop(
    memoryStore(),
    milesProgram({ refunds: { shortfall } }, { stamps: coffeeStamps() }),
  );
  const old = unwrap(await loyalty.cards.enroll(rahul));
  const { qrToken } = await loyalty.cards.get(rahul);
  unwrap(await loyalty.earn({ ...rahul, order: order('A') }));
  unwrap(await loyalty.redeem({ ...rahul, order: order('B', '500'), points: 40 }));
  await loyalty.cards.enroll(member);
  const { cardId } = unwrap(await loyalty.cards.merge({ from: rahul, into: member, ...why }));
  const clean = async () => expect((await loyalty.verify()).problems).toEqual([]);
  return { loyalty, old: { ...old, qrToken }, cardId, clean };
}

describe('a merged card', () => {
  test('earns and spends nothing, and says where everything went, however it is named', async () => {
    const { loyalty, old, cardId } = await afterMerge();
    const { cardNumber, qrToken } = old;
    const merged = {
      ok: false,
      code: 'CARD_MERGED',
      cardId: unwrap(await loyalty.cards.enroll(member)).cardId,
    };
    expect(cardId).toBe(merged.cardId);
    for (const name of [rahul, { cardId: old.cardId }, { cardNumber }, { qrToken }]) {
      expect(await loyalty.stamp(name)).toMatchObject(merged);
      expect(await loyalty.earn({ ...name, order: order('X') })).toMatchObject(merged);
      expect(await loyalty.cards.deactivate({ ...name, ...why })).toMatchObject(merged);
    }
    expect(await loyalty.cards.enroll(rahul)).toMatchObject(merged);
  });

  test.each(['debt', 'forgive', 'reject'] as const)(
    'has its orders taken back where their points are now, whatever a shortfall becomes: %s',
    async (shortfall) => {
      const { loyalty, clean } = await afterMerge(shortfall);
      const source = { type: 'test', id: '1' };
      unwrap(await loyalty.award({ ...member, points: 100, source, reason: 'Test' }));
      const refund = await loyalty.refund({ ...rahul, orderId: 'A', reason: 'return' });
      expect(refund).toMatchObject({ ok: true, pointsClawedBack: 100, forgiven: 0 });
      expect(await loyalty.balance(member)).toMatchObject({ available: 60, total: 60 });
      expect(await loyalty.balance(rahul)).toMatchObject({ total: 0, debt: 0 });
      await clean();
    },
  );

  test('has what is nowhere any more forgiven, refused or owed, as the program says', async () => {
    const given = { ...rahul, orderId: 'A', reason: 'return' };
    const forgiving = await afterMerge('forgive');
    const forgiven = await forgiving.loyalty.refund(given);
    expect(forgiven).toMatchObject({ ok: true, pointsClawedBack: 60, forgiven: 40 });
    expect(await forgiving.loyalty.balance(member)).toMatchObject({ available: 0, total: 0 });
    const rejecting = await afterMerge('reject');
    const rejected = await rejecting.loyalty.refund(given);
    expect(rejected).toMatchObject({ code: 'REFUND_SHORTFALL', missing: 40 });
    const owing = await afterMerge('debt');
    expect(await owing.loyalty.refund(given)).toMatchObject({ ok: true, debt: 100 });
    expect(await owing.loyalty.balance(member)).toMatchObject({ available: 0, debt: 40, total: -40 });
    for (const { clean } of [forgiving, rejecting, owing]) await clean();
  });

  test('gets points back for the card that everything went to, and the same again answers the same', async () => {
    const { loyalty, clean } = await afterMerge();
    const back = { ...rahul, orderId: 'B', reason: 'return' };
    const first = unwrap(await loyalty.refund(back));
    expect(first).toMatchObject({ pointsRestored: 40, balance: { total: 0 } });
    expect(first.entries.map(({ kind }) => kind)).toEqual(['restore', 'merge-out']);
    expect(await loyalty.balance(member)).toMatchObject({ available: 100 });
    expect(await loyalty.refund(back)).toEqual({ ...first, replayed: true });
    await clean();
  });

  test('earns on an order that its points had paid for in part, and on no other', async () => {
    const { loyalty, cardId, clean } = await afterMerge();
    expect(await loyalty.earn({ ...rahul, order: order('B', '500') })).toMatchObject({
      ok: true,
      points: 46,
    });
    expect(await loyalty.balance(member)).toMatchObject({ available: 106 });
    const other = await loyalty.earn({ ...rahul, order: order('C') });
    expect(other).toMatchObject({ code: 'CARD_MERGED', cardId });
    await clean();
  });

  test('keeps the numbers of its entries to itself', async () => {
    const { loyalty, clean } = await afterMerge();
    unwrap(await loyalty.redeem({ ...member, points: 5 }));
    const undone = await loyalty.reverse({ ...rahul, entry: 2, reason: 'mistake' });
    expect(undone).toMatchObject({ ok: true, points: 40 });
    expect(await loyalty.balance(member)).toMatchObject({ available: 95 });
    await clean();
  });

  test('can be merged on, and its orders are settled where everything is at last', async () => {
    const { loyalty, clean } = await afterMerge();
    const third = { ...member, customerId: 'third' };
    await loyalty.cards.enroll(third);
    unwrap(await loyalty.cards.merge({ from: member, into: third, ...why }));
    unwrap(await loyalty.refund({ ...rahul, orderId: 'B', reason: 'return' }));
    expect(await loyalty.balance(third)).toMatchObject({ available: 100 });
    expect(await loyalty.cards.merge({ from: rahul, into: third, ...why })).toMatchObject({
      ok: true,
      points: 0,
    });
    await clean();
  });

  test.each(['debt', 'forgive', 'reject'] as const)(
    'has an order taken back whose points still wait on the other card: %s',
    async (shortfall) => {
      const { loyalty, clock } = await openShop(
        memoryStore(),
        milesProgram({ refunds: { shortfall }, earn: { availability: { afterDays: 14 } } }),
      );
      unwrap(await loyalty.earn({ ...rahul, order: order('A') }));
      await loyalty.cards.enroll(member);
      unwrap(await loyalty.cards.merge({ from: rahul, into: member, ...why }));
      expect(await loyalty.refund({ ...rahul, orderId: 'A', reason: 'return' })).toMatchObject({
        ok: true,
        pointsClawedBack: 100,
        forgiven: 0,
      });
      clock.at += 15 * day;
      expect(await loyalty.balance(member)).toMatchObject({ available: 0, pending: 0, total: 0 });
      expect((await loyalty.verify()).problems).toEqual([]);
    },
  );

  test('loses nothing by inactivity: its customer is active on the other card', async () => {
    const { loyalty, clock } = await openShop(
      memoryStore(),
      milesProgram({
        expiry: { kind: 'inactivity', days: 30 },
        earn: { availability: 'on-confirm' },
        refunds: { restoreGraceDays: 0 },
      }),
    );
    unwrap(await loyalty.earn({ ...rahul, order: order('A') }));
    await loyalty.cards.enroll(member);
    unwrap(await loyalty.cards.merge({ from: rahul, into: member, ...why }));
    for (let visit = 0; visit < 4; visit += 1) {
      clock.at += 10 * day;
      unwrap(await loyalty.earn({ ...member, order: order(`M${visit}`, '10') }));
      unwrap(await loyalty.confirmEarn({ ...member, orderId: `M${visit}` }));
      await loyalty.jobs.expirePoints();
    }
    expect(await loyalty.confirmEarn({ ...rahul, orderId: 'A' })).toMatchObject({ ok: true, points: 100 });
    expect(await loyalty.balance(member)).toMatchObject({ available: 104 });
    clock.at += 30 * day;
    expect(await loyalty.balance(member)).toMatchObject({ available: 0 });
    expect((await loyalty.verify()).problems).toEqual([]);
  });

  test('cannot be merged as it was before its points ended', async () => {
    const { loyalty, clock } = await openShop(
      memoryStore(),
      milesProgram({ expiry: { kind: 'inactivity', days: 30 } }),
    );
    unwrap(await loyalty.earn({ ...rahul, order: order('A') }));
    await loyalty.cards.enroll(member);
    const occurredAt = new Date(clock.at + day).toISOString();
    clock.at += 31 * day;
    const merge = await loyalty.cards.merge({ from: rahul, into: member, occurredAt, ...why });
    expect(merge).toMatchObject({ ok: true, points: 0 });
    expect(await loyalty.balance(member)).toMatchObject({ total: 0 });
  });
});

test('a merge that is refused makes no card, whoever comes in the same moment', async () => {
  const { loyalty } = await openShop(memoryStore(), milesProgram());
  await loyalty.cards.enroll(rahul);
  const [merge, enrolled] = await Promise.all([
    loyalty.cards.merge({ from: rahul, into: member, ...why }),
    loyalty.cards.enroll(member),
  ]);
  expect(merge).toMatchObject({ code: 'CARD_NOT_FOUND' });
  expect(unwrap(enrolled).cardId).not.toBe('');
  expect((await loyalty.cards.get(member)).cardNumber).toMatch(/^\d{4}-\d{4}-\d{4}$/);
  expect((await loyalty.verify()).problems).toEqual([]);
});
