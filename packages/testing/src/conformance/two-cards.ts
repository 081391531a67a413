import { type Loyalty, type MergeInput, unwrap } from '@loyalty-engine/core';
import { actor } from './company.ts';
import { givePoints } from './give-points.ts';
import { member, type Shop, secondMember } from './shop.ts';

/** The merge of the second customer's card into the first one's. */
export const usualMerge: MergeInput = { from: secondMember, into: member, reason: 'two cards', actor };

/** Gives the second customer points as a lot of its own. */
export function awardSecond(loyalty: Loyalty, id: string, points: number, expiresAt?: string) {
  const command = { ...secondMember, points, source: { type: 'test', id }, reason: 'Test' };
  return loyalty.award(expiresAt === undefined ? command : { ...command, expiresAt });
}

/** Both customers with a card: the first has 100 points, the second none. */
export async function withTwoCards(
  shop: Shop,
): Promise<Shop & { into: string; from: string; fromNumber: string }> {
  const { loyalty } = shop;
  await givePoints(loyalty, 'opening', 100);
  const into = unwrap(await loyalty.cards.enroll(member)).cardId;
  const { cardId: from, cardNumber: fromNumber } = unwrap(await loyalty.cards.enroll(secondMember));
  return { ...shop, into, from, fromNumber };
}
