import { unwrap } from '@loyalty-engine/core';
import { bandra, companyWith, giveStamps, merchantId, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { publishMug } from './reward-facts.ts';
import { member, type Shop, secondMember } from './shop.ts';

const rewardId = 'mug';
const start = '2026-01-15T10:00:00.000Z';

/** Redeems so many mugs, one after the other; answers with the codes of their vouchers, the oldest first. */
async function redeemMugs({ loyalty }: Pick<Shop, 'loyalty'>, count: number): Promise<string[]> {
  await givePoints(loyalty, 'mugs', 40 * count);
  await publishMug(loyalty, { voucherDays: 10 });
  const codes: string[] = [];
  for (let index = 0; index < count; index += 1)
    codes.push(unwrap(await loyalty.rewards.redeem({ ...member, rewardId })).voucherCode);
  return codes;
}

/** Vouchers of a card, and the one of a code. */
export const voucherReadingFacts: Facts = factsIn(companyWith(), {
  'a voucher can be read in a list and by its code': async ({ loyalty }, expect) => {
    await givePoints(loyalty, 'a', 100);
    await publishMug(loyalty, { voucherDays: 10 });
    const redeemed = unwrap(await loyalty.rewards.redeem({ ...member, rewardId, orderId: 'A' }));
    const code = redeemed.voucherCode;
    const voucher = {
      code,
      cardId: redeemed.cardId,
      rewardId,
      reward: 'A mug',
      gives: { kind: 'item', sku: 'sku-mug' },
      points: 40,
      stamps: 0,
      status: 'issued',
      issuedAt: start,
      expiresAt: '2026-01-25T10:00:00.000Z',
      usedAt: null,
      usedLocationId: null,
      orderId: 'A',
      entry: 2,
    };
    expect(await loyalty.rewards.vouchers(member)).toEqual({ vouchers: [voucher], nextCursor: null });
    expect(await loyalty.rewards.voucher({ code })).toEqual(voucher);
    const sloppy = code.toLowerCase().replaceAll('-', '').replaceAll('0', 'o').replaceAll('1', 'l');
    expect(await loyalty.rewards.voucher({ code: sloppy, merchantId })).toEqual(voucher);
    unwrap(await loyalty.rewards.use({ code, locationId: bandra, orderId: 'B' }));
    const used = { status: 'used', usedAt: start, usedLocationId: bandra, orderId: 'B' };
    expect(await loyalty.rewards.voucher({ code })).toEqual({ ...voucher, ...used });
  },

  "the stamp card's own reward is a voucher without a reward of the catalogue": async (
    { loyalty },
    expect,
  ) => {
    await giveStamps(loyalty, 3);
    unwrap(await loyalty.redeemStamps(member));
    const { vouchers } = await loyalty.rewards.vouchers(member);
    expect(vouchers).toMatchObject([{ rewardId: null, reward: 'A coffee', points: 0, stamps: 3, entry: 2 }]);
  },

  'vouchers are listed page by page, the newest first': async (shop, expect) => {
    const { rewards } = shop.loyalty;
    const newestFirst = (await redeemMugs(shop, 5)).reverse();
    const codes: string[] = [];
    const sizes: number[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await rewards.vouchers(member, { limit: 2, cursor });
      codes.push(...page.vouchers.map(({ code }) => code));
      sizes.push(page.vouchers.length);
      cursor = page.nextCursor;
    }
    expect(codes).toEqual(newestFirst);
    expect(sizes).toEqual([2, 2, 1]);
    expect((await rewards.vouchers(member, { limit: 5 })).nextCursor).toBeNull();
    await expect(rewards.vouchers(member, { cursor: '["a"]' })).rejects.toMatchObject({ field: 'cursor' });
    await expect(rewards.vouchers(member, { limit: 201 })).rejects.toMatchObject({ field: 'limit' });
  },

  'vouchers are listed by status, also across pages': async (shop, expect) => {
    const { rewards } = shop.loyalty;
    const [used = '', issued = '', gone = '', later = ''] = await redeemMugs(shop, 4);
    unwrap(await rewards.use({ code: used }));
    unwrap(await rewards.void({ code: gone, reason: 'returned' }));
    const codesOf = async (status: 'issued' | 'used' | 'void') =>
      (await rewards.vouchers(member, { status })).vouchers.map(({ code }) => code);
    expect(await codesOf('issued')).toEqual([later, issued]);
    expect(await codesOf('used')).toEqual([used]);
    expect(await codesOf('void')).toEqual([gone]);
    const { nextCursor: cursor } = await rewards.vouchers(member, { status: 'issued', limit: 1 });
    const rest = await rewards.vouchers(member, { status: 'issued', limit: 1, cursor: cursor ?? undefined });
    expect(rest).toMatchObject({ vouchers: [{ code: issued }], nextCursor: null });
  },

  'a voucher that was not used in time reads as expired from exactly its end on': async (shop, expect) => {
    const { loyalty, clock } = shop;
    const [code = ''] = await redeemMugs(shop, 1);
    clock.set('2026-01-25T09:59:59.999Z');
    expect(await loyalty.rewards.voucher({ code })).toMatchObject({ status: 'issued' });
    clock.set('2026-01-25T10:00:00.000Z');
    expect(await loyalty.rewards.voucher({ code })).toMatchObject({ status: 'expired' });
    const { vouchers } = await loyalty.rewards.vouchers(member, { status: 'issued' });
    expect(vouchers).toMatchObject([{ code, status: 'expired' }]);
    unwrap(await loyalty.rewards.void({ code, reason: 'returned' }));
    expect(await loyalty.rewards.voucher({ code })).toMatchObject({ status: 'void' });
  },

  "an unknown voucher and another merchant's are both none": async (shop, expect) => {
    const { rewards } = shop.loyalty;
    const [code = ''] = await redeemMugs(shop, 1);
    expect(await rewards.voucher({ code: 'AAAA-AAAA-AAAA' })).toBeNull();
    expect(await rewards.voucher({ code, merchantId: rival.merchantId })).toBeNull();
    await expect(rewards.voucher({ code: 'AAAA' })).rejects.toMatchObject({ field: 'code' });
    await expect(rewards.vouchers({ ...member, merchantId: rival.merchantId })).rejects.toMatchObject({
      code: 'CARD_NOT_FOUND',
    });
    expect(await rewards.vouchers(secondMember)).toEqual({ vouchers: [], nextCursor: null });
  },
});
