import type { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import { liveStamps } from '../card/stamp-book.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { openActiveBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { issueVoucher, paidAndUndone, type VoucherFacts, withVoucherCode } from './issue-voucher.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { sweep } from './sweep.ts';

export const redeemStampsSchema = commandSchema({ orderId: identifierSchema.optional() });
export type RedeemStampsInput = CommandInput<typeof redeemStampsSchema>;
/** The engine adds the code of the voucher that it would make. */
export type RedeemStampsCommand = z.output<typeof redeemStampsSchema> & { voucherCode: string };

/**
 * Decides the reward of a full stamp card: takes the program's `target` of stamps and gives a voucher. What is beyond is
 * carried over, or forfeited where the program says so. Refusals: those of opening a card, STAMPS_NOT_OFFERED,
 * NOT_ENOUGH_STAMPS with the `missing`.
 */
export function decideRedeemStamps(
  state: CardState,
  command: RedeemStampsCommand,
  now: Instant,
): Decision<VoucherFacts> {
  const { orderId } = command;
  const book = openActiveBook(state, command, now, { operation: 'redeemStamps', orderId });
  if ('ok' in book) return refused(book);
  const { working, version } = book;
  const rules = version.stamps;
  if (!rules) return refused(refuse('STAMPS_NOT_OFFERED', { programId: version.id }));
  sweep(book);
  const { target, reward, carryOver } = rules;
  // Stamps that are good for another reward are none beyond.
  const beyond = Math.max(0, liveStamps(working.card.stampLots, book.at) - target) % target;
  const issued = issueVoucher(book, {
    code: command.voucherCode,
    rewardId: null,
    name: reward.name,
    gives: reward.value === undefined ? { kind: 'item' } : { kind: 'amount-off', amount: reward.value },
    points: 0,
    stamps: target,
    forfeited: carryOver ? 0 : beyond,
    voucherDays: reward.voucherDays,
    orderId,
  });
  return 'ok' in issued ? refused(issued) : book.accept(issued);
}

/** `redeemStamps`. */
export const redeemStamps: CommandDefinition<typeof redeemStampsSchema, VoucherFacts, RedeemStampsCommand> = {
  kind: 'redeemStamps',
  schema: redeemStampsSchema,
  derivedKey: ({ orderId }) => (orderId === undefined ? null : `redeem-stamps:${orderId}`),
  isUndone: paidAndUndone,
  reach: () => ({}),
  stamp: withVoucherCode,
  decide: decideRedeemStamps,
};
