import { z } from 'zod';
import { amountSchema } from '../money/amount.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import { type Instant, instantSchema } from '../program/instant.ts';
import {
  defaultVoucherDays,
  maxPointsPerCommand,
  maxStampsOnCard,
  voucherDaysSchema,
} from '../program/program.ts';

const priceSchema = z.union([
  z.strictObject({ points: z.number().int().min(1).max(maxPointsPerCommand) }),
  z.strictObject({ stamps: z.number().int().min(1).max(maxStampsOnCard) }),
]);

const givesSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('item'), sku: identifierSchema.optional() }),
  z.strictObject({ kind: z.literal('amount-off'), amount: amountSchema }),
  z.strictObject({
    kind: z.literal('percent-off'),
    percent: z.number().int().min(1).max(100),
    maxAmount: amountSchema.optional(),
  }),
]);

/** zod schema of a reward of the catalogue. Amounts are in the program's currency. */
export const rewardSchema = z
  .strictObject({
    programId: identifierSchema,
    id: identifierSchema,
    name: noteSchema,
    price: priceSchema,
    gives: givesSchema,
    activeFrom: instantSchema.optional(),
    activeUntil: instantSchema.optional(),
    /** How many there are in all, those already redeemed included; without it there is no end of them. */
    stock: z.number().int().min(0).max(1_000_000_000).optional(),
    /** How many one customer can have, voided ones not counted. */
    perCustomer: z.number().int().min(1).max(1_000_000).optional(),
    voucherDays: voucherDaysSchema.default(defaultVoucherDays),
  })
  .refine(
    ({ activeFrom, activeUntil }) =>
      activeFrom === undefined || activeUntil === undefined || activeFrom < activeUntil,
    { path: ['activeUntil'], message: 'is not after activeFrom' },
  );

export type RewardInput = z.input<typeof rewardSchema>;
export type RewardDefinition = z.output<typeof rewardSchema>;
/** What a reward costs: points or stamps. */
export type RewardPrice = RewardDefinition['price'];
/** What a reward is: a free item, an amount off, or a share off with a maximum. */
export type RewardGives = RewardDefinition['gives'];

/** A reward of a program's catalogue, and how many of it were redeemed. */
export interface Reward {
  programId: string;
  rewardId: string;
  name: string;
  price: RewardPrice;
  gives: RewardGives;
  activeFrom: Instant | null;
  activeUntil: Instant | null;
  stock: number | null;
  perCustomer: number | null;
  voucherDays: number;
  status: 'active' | 'withdrawn';
  /** Redeemed and not voided; never more than `stock`. */
  redeemed: number;
}

/** What a redeemed reward is handed out against: a code, good once and for a while. */
export interface Voucher {
  code: string;
  /** The entry that paid for it. */
  seq: number;
  /** Null: the program's own reward for a full stamp card. */
  rewardId: string | null;
  name: string;
  gives: RewardGives;
  points: number;
  stamps: number;
  /** The lots that paid, as the entry took them: positive. */
  lots: readonly (readonly [seq: number, points: number])[];
  stampLots: readonly (readonly [seq: number, stamps: number, expiresAt: Instant | null])[];
  programVersion: number;
  status: 'issued' | 'used' | 'void';
  issuedAt: Instant;
  expiresAt: Instant;
  usedAt: Instant | null;
  usedLocationId: string | null;
  orderId: string | null;
}
