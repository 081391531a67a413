import { z } from 'zod';
import type { OrderRecord } from '../card/card-state.ts';
import { checkCardRef, parseInput } from '../commands/command.ts';
import { fromMinor } from '../money/amount.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { firstVersion } from './chosen-programs.ts';
import { cursorSchema, cursorText, placeOf } from './cursor.ts';
import { loadForReading, type Member, readingShape, readingVersion, touchOfParsed } from './reader.ts';

const ofSchema = z.strictObject(readingShape).superRefine((of, context) => {
  if (!isWholeProgram(of)) checkCardRef(of, context);
});

export const orderQuerySchema = z.strictObject({
  limit: z.number().int().min(1).max(200).default(50),
  cursor: cursorSchema.optional(),
});

/** Whose orders: a card's, or a program's; with `merchantId` it must be one of that merchant. */
export type OrdersOf = Member | { programId: string; merchantId?: string | undefined };

/** 50 orders a page unless `limit` says otherwise, 200 at most. */
export type OrderQuery = z.input<typeof orderQuerySchema>;

/** What an order earned and was paid with. Amounts are decimal texts in the program's currency. */
export interface OrderSummary {
  orderId: string;
  cardId: string;
  /** The version whose rules its refunds follow. */
  programVersion: number;
  /** What was to be paid, points included. */
  payable: string;
  /** Points that it earned; null: it has not earned yet. */
  earned: number | null;
  /** Points that were spent on it and what they were worth, before any went back. */
  redeemed: { points: number; value: string };
  /** Points that refunds gave back. */
  restored: number;
  /** Points given back by reference: as if they had never been spent. */
  reversed: number;
  /** Points taken back by refunds, those included that were forgiven or had expired by then. */
  clawedBack: number;
  /** Money that went back. */
  moneyBack: string;
}

/** A page of orders, by card and order. */
export interface OrderPage {
  orders: OrderSummary[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

const placeSchema = z.tuple([identifierSchema, identifierSchema]);

/**
 * Reads orders of one card or of a whole program; see `Loyalty.orders`.
 *
 * @throws LoyaltyError PROGRAM_NOT_FOUND or CARD_NOT_FOUND, also for those of another merchant.
 */
export async function readOrders(
  store: LoyaltyStore,
  of: Member | { programId: string },
  input: OrderQuery,
  now: Instant,
): Promise<OrderPage> {
  const { limit, cursor } = parseInput(orderQuerySchema, input);
  const place = cursor === undefined ? null : placeOf(placeSchema, cursor, 'a list of orders');
  const source = await sourceOf(store, parseInput(ofSchema, of), now);
  if (!source) return { orders: [], nextCursor: null };
  const after = place && { cardId: place[0], orderId: place[1] };
  const found = await store.orders(source.of, limit + 1, after);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    orders: page.map(({ cardId, order }) => summarise(cardId, order, source.currency)),
    nextCursor: last ? cursorText([last.cardId, last.order.orderId]) : null,
  };
}

type Of = z.output<typeof ofSchema>;
type Source = { of: Parameters<LoyaltyStore['orders']>[0]; currency: string };

/** Whose orders, and in which currency; null for a customer who has no card yet. */
async function sourceOf(store: LoyaltyStore, of: Of, now: Instant): Promise<Source | null> {
  if (isWholeProgram(of)) {
    const { currency } = await firstVersion(store, of.programId, of.merchantId);
    return { of: { programIds: [of.programId] }, currency };
  }
  const state = await loadForReading(store, touchOfParsed(of, now));
  if (!state.exists) return null;
  return { of: { cardId: state.card.cardId }, currency: readingVersion(state, now).currency };
}

/** True where a program is named, and no card. */
function isWholeProgram(of: Of): of is Of & { programId: string } {
  const { programId, customerId, cardId, cardNumber, qrToken } = of;
  return (
    programId !== undefined && [customerId, cardId, cardNumber, qrToken].every((way) => way === undefined)
  );
}

function summarise(cardId: string, record: OrderRecord, currency: string): OrderSummary {
  const redeemed = { points: 0, value: 0 };
  let restored = 0;
  let reversed = 0;
  for (const redemption of record.redemptions) {
    redeemed.points += redemption.points;
    redeemed.value += redemption.value;
    restored += redemption.restored;
    reversed += redemption.reversed;
  }
  return {
    orderId: record.orderId,
    cardId,
    programVersion: record.programVersion,
    payable: fromMinor(record.order.payable, currency),
    earned: record.earned,
    redeemed: { points: redeemed.points, value: fromMinor(redeemed.value, currency) },
    restored,
    reversed,
    clawedBack: record.clawedBack,
    moneyBack: fromMinor(record.moneyBack, currency),
  };
}
