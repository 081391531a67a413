import type { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import type { Reward } from '../merchant/reward.ts';
import { identifierSchema } from '../program/identifier.ts';
import { type Instant, isoTextOrNull } from '../program/instant.ts';
import { type Book, openActiveBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { issueVoucher, paidAndUndone, type VoucherFacts, withVoucherCode } from './issue-voucher.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import { sweep } from './sweep.ts';

export const redeemRewardSchema = commandSchema({
  rewardId: identifierSchema,
  orderId: identifierSchema.optional(),
});
export type RedeemRewardInput = CommandInput<typeof redeemRewardSchema>;
/** The engine adds the code of the voucher that it would make. */
export type RedeemRewardCommand = z.output<typeof redeemRewardSchema> & { voucherCode: string };

/**
 * Decides the redemption of a reward of the catalogue for points or stamps. Refusals in this order: those of opening a
 * card, REWARD_NOT_FOUND, REWARD_NOT_ACTIVE, OUT_OF_STOCK, REWARD_LIMIT_REACHED, NOT_ENOUGH_POINTS or NOT_ENOUGH_STAMPS.
 * The stock is one for all customers: the store holds the reward locked while this is decided.
 */
export function decideRedeemReward(
  state: CardState,
  command: RedeemRewardCommand,
  now: Instant,
): Decision<VoucherFacts> {
  const { orderId, rewardId } = command;
  const book = openActiveBook(state, command, now, { operation: 'redeemReward', orderId });
  if ('ok' in book) return refused(book);
  const reward = book.working.reward(rewardId);
  if (!reward) return refused(refuse('REWARD_NOT_FOUND', { rewardId }));
  const unavailable = notRedeemable(book, reward);
  if (unavailable) return refused(unavailable);
  sweep(book);
  const { price, name, gives, voucherDays } = reward;
  const issued = issueVoucher(book, {
    code: command.voucherCode,
    rewardId,
    name,
    gives,
    points: 'points' in price ? price.points : 0,
    stamps: 'stamps' in price ? price.stamps : 0,
    forfeited: 0,
    voucherDays,
    orderId,
  });
  if ('ok' in issued) return refused(issued);
  book.working.rewards.set(rewardId, { ...reward, redeemed: reward.redeemed + 1 });
  return book.accept(issued);
}

function notRedeemable({ working, at }: Book, reward: Reward): Refusal | null {
  const { rewardId, activeFrom, activeUntil, stock, redeemed, perCustomer } = reward;
  const isOver = activeUntil !== null && at >= activeUntil;
  if (reward.status !== 'active' || (activeFrom !== null && at < activeFrom) || isOver) {
    return refuse('REWARD_NOT_ACTIVE', {
      rewardId,
      activeFrom: isoTextOrNull(activeFrom),
      activeUntil: isoTextOrNull(activeUntil),
    });
  }
  if (stock !== null && redeemed >= stock) return refuse('OUT_OF_STOCK', { rewardId });
  if (perCustomer === null) return null;
  let had = 0;
  for (const voucher of working.state.vouchers.values())
    if (voucher.rewardId === rewardId && voucher.status !== 'void') had += 1;
  return had < perCustomer ? null : refuse('REWARD_LIMIT_REACHED', { rewardId, limit: perCustomer });
}

/** `rewards.redeem`. */
export const redeemReward: CommandDefinition<typeof redeemRewardSchema, VoucherFacts, RedeemRewardCommand> = {
  kind: 'redeemReward',
  schema: redeemRewardSchema,
  derivedKey: ({ orderId, rewardId }) =>
    orderId === undefined ? null : `reward:${JSON.stringify([orderId, rewardId])}`,
  isUndone: paidAndUndone,
  reach: ({ rewardId }) => ({ rewards: [rewardId] }),
  stamp: withVoucherCode,
  decide: decideRedeemReward,
};
