import { z } from 'zod';
import { nameOfVoucher } from '../card/card-names.ts';
import type { CardState } from '../card/card-state.ts';
import type { StampMove } from '../card/entry.ts';
import { voucherCodeSchema } from '../card/voucher-code.ts';
import type { Voucher } from '../merchant/reward.ts';
import { noteSchema } from '../program/identifier.ts';
import { type Instant, isoText } from '../program/instant.ts';
import { versionNumbered } from '../program/version.ts';
import type { Step } from '../rules/step.ts';
import { type Book, openBook } from './book.ts';
import { type CommandDefinition, circumstanceShape } from './command.ts';
import { giveBack, graceEnd } from './give-back.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { sweep } from './sweep.ts';

export const voidRewardSchema = z.strictObject({
  ...circumstanceShape,
  code: voucherCodeSchema,
  reason: noteSchema,
});
export type VoidRewardInput = z.input<typeof voidRewardSchema>;

export interface VoidRewardFacts {
  rewardId: string | null;
  reward: string;
  /** What went back to the card. */
  points: number;
  stamps: number;
}

/**
 * Decides the voiding of a redeemed reward: the voucher is good for nothing any more, its points or stamps go back to
 * where they came from (ended ones for the program's grace days), and the catalogue has one more in stock. Refusals:
 * VOUCHER_NOT_FOUND, those of opening a card, VOID_NOT_ALLOWED, VOUCHER_VOID, VOUCHER_USED.
 */
export function decideVoidReward(
  state: CardState,
  command: z.output<typeof voidRewardSchema>,
  now: Instant,
): Decision<VoidRewardFacts> {
  const book = openBook(state, command, now, { operation: 'voidReward' });
  if ('ok' in book) return refused(book);
  const { working } = book;
  const { code, reason } = command;
  const voucher = working.voucher(code);
  if (!voucher) return refused(refuse('VOUCHER_NOT_FOUND'));
  const { status, usedAt, usedLocationId, rewardId, name, points, stamps } = voucher;
  if (status === 'void') return refused(refuse('VOUCHER_VOID'));
  if (status === 'used')
    return refused(
      refuse('VOUCHER_USED', { usedAt: isoText(usedAt ?? book.at), locationId: usedLocationId }),
    );
  sweep(book);
  returnPrice(book, voucher, reason);
  working.vouchers.set(code, { ...voucher, status: 'void' });
  const reward = rewardId === null ? undefined : working.reward(rewardId);
  if (reward) working.rewards.set(reward.rewardId, { ...reward, redeemed: reward.redeemed - 1 });
  return book.accept({ rewardId, reward: name, points, stamps });
}

function returnPrice(book: Book, voucher: Voucher, reason: string): void {
  const { seq, rewardId, name, points, orderId } = voucher;
  const version = versionNumbered(book.working.state.versions, voucher.programVersion);
  const details = rewardId === null ? { reward: name, reason } : { reward: name, rewardId, reason };
  const step: Step = { rule: 'reward-voided', in: points, out: points, facts: { entry: seq, reason } };
  if (points > 0) {
    giveBack(book, {
      kind: 'void-reward',
      orderId,
      redeemSeq: seq,
      taken: voucher.lots,
      already: 0,
      points,
      version,
      explanation: [step],
      details,
    });
    return;
  }
  const until = graceEnd(book.now, version);
  let renewed = 0;
  const stampLots: StampMove[] = [];
  for (const [lot, stamps, end] of voucher.stampLots) {
    if (end !== null && end <= book.now) renewed += stamps;
    else stampLots.push([lot, stamps, end]);
  }
  if (renewed > 0) stampLots.push([0, renewed, until]);
  const restored: Step = { rule: 'stamps-restored', in: voucher.stamps, out: voucher.stamps };
  if (renewed > 0) restored.facts = { renewed, until: isoText(until) };
  book.write({
    kind: 'void-reward',
    points: 0,
    orderId,
    reverses: seq,
    programVersion: version.version,
    stamps: voucher.stamps,
    stampLots,
    explanation: [step, restored],
    details,
  });
}

/** `rewards.void`. */
export const voidReward: CommandDefinition<typeof voidRewardSchema, VoidRewardFacts> = {
  kind: 'voidReward',
  schema: voidRewardSchema,
  derivedKey: () => null,
  cardKey: ({ code }) => ({ name: nameOfVoucher(code) }),
  ifAbsent: 'VOUCHER_NOT_FOUND',
  reach: ({ code }) => ({ vouchers: [code], takesBack: true }),
  settlesMerged: true,
  decide: decideVoidReward,
};
