import { z } from 'zod';
import { nameOfVoucher } from '../card/card-names.ts';
import type { CardState } from '../card/card-state.ts';
import { voucherCodeSchema } from '../card/voucher-code.ts';
import { invalid } from '../errors.ts';
import type { RewardGives, Voucher } from '../merchant/reward.ts';
import { identifierSchema } from '../program/identifier.ts';
import { type Instant, isoText } from '../program/instant.ts';
import { openBook } from './book.ts';
import { type CommandDefinition, circumstanceShape } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import { sweep } from './sweep.ts';

export const useVoucherSchema = z.strictObject({
  ...circumstanceShape,
  code: voucherCodeSchema,
  orderId: identifierSchema.optional(),
});
export type UseVoucherInput = z.input<typeof useVoucherSchema>;

export interface UseVoucherFacts {
  rewardId: string | null;
  reward: string;
  gives: RewardGives;
  usedAt: string;
}

/**
 * Decides that a reward is handed out against its voucher, which is good once. The voucher of a merged card still is.
 * Refusals in this order: VOUCHER_NOT_FOUND, NO_ACTIVE_PROGRAM, what the settings have against it, CARD_INACTIVE,
 * VOUCHER_VOID, VOUCHER_USED, VOUCHER_EXPIRED.
 */
export function decideUseVoucher(
  state: CardState,
  command: z.output<typeof useVoucherSchema>,
  now: Instant,
): Decision<UseVoucherFacts> {
  const { code, orderId } = command;
  const book = openBook(state, command, now, {
    operation: 'useVoucher',
    orderId,
    evenMerged: true,
  });
  if ('ok' in book) return refused(book);
  const { working, at } = book;
  const voucher = working.voucher(code);
  if (!voucher) return refused(refuse('VOUCHER_NOT_FOUND'));
  const { card } = working;
  if (card.status !== 'active' && card.mergedInto === null) return refused(refuse('CARD_INACTIVE'));
  if (at < voucher.issuedAt) throw invalid(['occurredAt'], 'lies before the voucher was issued', 'past');
  const spent = notUsable(voucher, at);
  if (spent) return refused(spent);
  sweep(book);
  const { name, rewardId, gives, seq } = voucher;
  book.write({
    kind: 'use-voucher',
    points: 0,
    orderId: orderId ?? null,
    explanation: [{ rule: 'voucher-used', in: 0, out: 0, facts: { entry: seq, reward: name } }],
    details: rewardId === null ? { reward: name } : { reward: name, rewardId },
  });
  working.vouchers.set(code, {
    ...voucher,
    status: 'used',
    usedAt: at,
    usedLocationId: command.locationId ?? null,
    orderId: orderId ?? voucher.orderId,
  });
  return book.accept({ rewardId, reward: name, gives, usedAt: isoText(at) });
}

/** Why a voucher is good for nothing any more: VOUCHER_VOID, VOUCHER_USED, VOUCHER_EXPIRED; null where it still is. */
function notUsable({ status, usedAt, usedLocationId, expiresAt }: Voucher, at: Instant): Refusal | null {
  if (status === 'void') return refuse('VOUCHER_VOID');
  if (status === 'used')
    return refuse('VOUCHER_USED', { usedAt: isoText(usedAt ?? at), locationId: usedLocationId });
  return at < expiresAt ? null : refuse('VOUCHER_EXPIRED', { expiresAt: isoText(expiresAt) });
}

/** `rewards.use`: without a key of the caller's, the same again is a second use. */
export const useVoucher: CommandDefinition<typeof useVoucherSchema, UseVoucherFacts> = {
  kind: 'useVoucher',
  schema: useVoucherSchema,
  derivedKey: () => null,
  cardKey: ({ code }) => ({ name: nameOfVoucher(code) }),
  ifAbsent: 'VOUCHER_NOT_FOUND',
  reach: ({ code }) => ({ vouchers: [code] }),
  decide: decideUseVoucher,
};
