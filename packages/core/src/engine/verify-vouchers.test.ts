import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../commands/outcome.ts';
import { member, openShop } from '../fixtures.test-data.ts';
import type { Voucher } from '../merchant/reward.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';

/** A card with a used, a void and an issued voucher, of entries 2, 4 and 6; what the store says of them can be a lie. */
async function cardWithVouchers(lie: (vouchers: Voucher[]) => Voucher[] = (vouchers) => vouchers) {
  const memory = memoryStore();
  const store: LoyaltyStore = {
    ...memory,
    vouchers: async (...asked) => lie(await memory.vouchers(...asked)),
  };
  const { loyalty } = await openShop(store);
  const mug = { programId: member.programId, id: 'mug', name: 'A mug', price: { points: 10 } } as const;
  await loyalty.rewards.publish({ ...mug, gives: { kind: 'item' } });
  await loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
  const redeem = async () => unwrap(await loyalty.rewards.redeem({ ...member, rewardId: 'mug' })).voucherCode;
  unwrap(await loyalty.rewards.use({ code: await redeem() }));
  unwrap(await loyalty.rewards.void({ code: await redeem(), reason: 'returned' }));
  await redeem();
  return loyalty;
}

const changed = (seq: number, change: Partial<Voucher>) => (vouchers: Voucher[]) =>
  vouchers.map((voucher) => (voucher.seq === seq ? { ...voucher, ...change } : voucher));

describe('verify of vouchers', () => {
  test('finds nothing where each follows from the entries', async () => {
    const loyalty = await cardWithVouchers();
    expect(await loyalty.verify(member)).toEqual({ ok: true, cards: 1, entries: 6, problems: [] });
    expect(await loyalty.verify()).toMatchObject({ ok: true, problems: [] });
  });

  test.each<[string, (vouchers: Voucher[]) => Voucher[], RegExp]>([
    ['a lost voucher', (all) => all.filter(({ seq }) => seq !== 6), /^entry 6: its voucher is not there$/],
    ['a voucher that nobody paid for', changed(6, { seq: 5 }), /^voucher .*: entry 5 is no reward$/],
    ['two vouchers for one price', changed(6, { seq: 4 }), /^voucher .*: entry 4 paid for another one$/],
    ['a void one that is good again', changed(4, { status: 'issued' }), /is issued, but was voided 1 times$/],
    ['a void one that was not voided', changed(6, { status: 'void' }), /is void, but was voided 0 times$/],
    [
      'a used one that is good again',
      changed(2, { status: 'issued' }),
      /vouchers used is 0, the entries say 1/,
    ],
    ['one that was used without an entry', changed(6, { status: 'used' }), /used is 2, the entries say 1$/],
  ])('finds %s', async (_what, lie, problem) => {
    const { ok, problems } = await (await cardWithVouchers(lie)).verify(member);
    expect(ok).toBe(false);
    expect(problems.map((found) => found.problem)).toContainEqual(expect.stringMatching(problem));
  });

  test('reads all of them, page by page', async () => {
    const { loyalty } = await openShop(memoryStore());
    const mug = { programId: member.programId, id: 'mug', name: 'A mug', price: { points: 1 } } as const;
    await loyalty.rewards.publish({ ...mug, gives: { kind: 'item' } });
    await loyalty.earn({ ...member, order: { id: 'A', total: '5000' } });
    for (let count = 0; count < 401; count += 1)
      unwrap(await loyalty.rewards.redeem({ ...member, rewardId: 'mug' }));
    expect(await loyalty.verify()).toMatchObject({ ok: true, entries: 402 });
  });
});
