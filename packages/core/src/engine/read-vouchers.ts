import { z } from 'zod';
import { nameOfVoucher } from '../card/card-names.ts';
import type { CardState } from '../card/card-state.ts';
import { voucherCodeSchema } from '../card/voucher-code.ts';
import { admitsCard, parseInput } from '../commands/command.ts';
import type { RewardGives, Voucher } from '../merchant/reward.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { identifierSchema } from '../program/identifier.ts';
import { type Instant, isoText, isoTextOrNull } from '../program/instant.ts';
import { cursorSchema, cursorText, placeOf } from './cursor.ts';
import { loadForReading, type Member, touchOf, touchToRead } from './reader.ts';

export const voucherQuerySchema = z.strictObject({
  status: z.enum(['issued', 'used', 'void']).optional(),
  limit: z.number().int().min(1).max(200).default(50),
  cursor: cursorSchema.optional(),
});

const namedSchema = z.strictObject({ code: voucherCodeSchema, merchantId: identifierSchema.optional() });

/** All vouchers, or those of one status: `issued` are also those that have expired since. 50 a page, 200 at most. */
export type VoucherQuery = z.input<typeof voucherQuerySchema>;

/** A voucher by its code, as people write it; with `merchantId` it must be one of that merchant. */
export type VoucherRef = z.input<typeof namedSchema>;

/** A voucher as it is read. Instants are ISO texts. */
export interface VoucherView {
  code: string;
  cardId: string;
  /** Null: the program's own reward for a full stamp card. */
  rewardId: string | null;
  reward: string;
  gives: RewardGives;
  /** What it cost, lost stamps included. */
  points: number;
  stamps: number;
  /** `expired`: it was not used in time. It can still be voided. */
  status: 'issued' | 'used' | 'void' | 'expired';
  issuedAt: string;
  expiresAt: string;
  usedAt: string | null;
  usedLocationId: string | null;
  /** The order that it was used for; until then the one that it was redeemed for. */
  orderId: string | null;
  /** The number of the entry that paid for it. */
  entry: number;
}

/** A page of a card's vouchers, newest first. */
export interface VoucherPage {
  vouchers: VoucherView[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

const placeSchema = z.tuple([z.number().int().min(1)]);

/**
 * Reads a card's vouchers at `now`; see `LoyaltyCommands.rewards.vouchers`.
 *
 * @throws LoyaltyError PROGRAM_NOT_FOUND or CARD_NOT_FOUND, also for those of another merchant; InvalidCommandError.
 */
export async function readVouchers(
  store: LoyaltyStore,
  member: Member,
  input: VoucherQuery,
  now: Instant,
): Promise<VoucherPage> {
  const { status, limit, cursor } = parseInput(voucherQuerySchema, input);
  const [before = null] = cursor === undefined ? [] : placeOf(placeSchema, cursor, 'a list of vouchers');
  const state = await loadForReading(store, touchOf(member, now));
  if (!state.exists) return { vouchers: [], nextCursor: null };
  const found = await store.vouchers(state.card.cardId, limit + 1, before, status);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    vouchers: page.map((voucher) => viewVoucher(voucher, state, now)),
    nextCursor: last ? cursorText([last.seq]) : null,
  };
}

/**
 * Reads one voucher at `now`; see `LoyaltyCommands.rewards.voucher`. One of another merchant is looked up like one that
 * there is not, and like it is null.
 */
export async function readVoucher(
  store: LoyaltyStore,
  input: VoucherRef,
  now: Instant,
): Promise<VoucherView | null> {
  const { code, merchantId } = parseInput(namedSchema, input);
  const state = await store.load(touchToRead({ name: nameOfVoucher(code) }, now, { vouchers: [code] }));
  const voucher = state && admitsCard({ merchantId }, state) ? state.vouchers.get(code) : undefined;
  return state && voucher ? viewVoucher(voucher, state, now) : null;
}

function viewVoucher(voucher: Voucher, { card }: CardState, now: Instant): VoucherView {
  const { code, rewardId, name, gives, points, stamps, status, expiresAt, usedLocationId, orderId, seq } =
    voucher;
  const hasEnded = status === 'issued' && expiresAt <= Math.max(now, card.lastRecordedAt);
  return {
    code,
    cardId: card.cardId,
    rewardId,
    reward: name,
    gives,
    points,
    stamps,
    status: hasEnded ? 'expired' : status,
    issuedAt: isoText(voucher.issuedAt),
    expiresAt: isoText(expiresAt),
    usedAt: isoTextOrNull(voucher.usedAt),
    usedLocationId,
    orderId,
    entry: seq,
  };
}
