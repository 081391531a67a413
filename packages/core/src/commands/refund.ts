import { z } from 'zod';
import type { CardState, OrderRecord } from '../card/card-state.ts';
import { amountSchema, toMinor } from '../money/amount.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { type ProgramVersion, versionNumbered } from '../program/version.ts';
import { earnedOnRemaining } from '../rules/earned-on-remaining.ts';
import { quantityOf, refundedOnLines } from '../rules/remaining-order.ts';
import { splitRefund } from '../rules/split-refund.ts';
import type { Step } from '../rules/step.ts';
import { type Book, openBook } from './book.ts';
import { isRefunded, paidWithPoints } from './book-earning.ts';
import { moneyText } from './book-redemption.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { giveBack } from './give-back.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import { sweep } from './sweep.ts';
import { takeBack } from './take-back.ts';

const lineSchema = z
  .strictObject({
    id: identifierSchema.optional(),
    sku: identifierSchema.optional(),
    quantity: z.number().int().min(1).max(1_000_000),
  })
  .refine((line) => (line.id === undefined) !== (line.sku === undefined), {
    message: 'expected either id or sku',
  });

export const refundSchema = commandSchema({
  orderId: identifierSchema,
  amount: amountSchema.optional(),
  lines: z.array(lineSchema).min(1).max(1000).optional(),
  reason: noteSchema,
}).superRefine((command, context) => {
  if (command.amount !== undefined && command.lines !== undefined) {
    context.addIssue({ code: 'custom', path: ['lines'], message: 'expected an amount or lines, not both' });
  }
  if (command.amount === '0') {
    context.addIssue({ code: 'custom', path: ['amount'], message: 'expected an amount above zero' });
  }
});
export type RefundInput = CommandInput<typeof refundSchema>;
export type RefundCommand = z.output<typeof refundSchema>;

export interface RefundFacts {
  orderId: string;
  /** What of the order this refund covers. */
  refunded: string;
  /** The part of it that goes back as money. */
  moneyBack: string;
  pointsRestored: number;
  pointsClawedBack: number;
  /** Of the points to take back, what was already spent: kept as debt, or forgiven. */
  debt: number;
  forgiven: number;
  /** What of the order is still not refunded. */
  remaining: string;
}

/**
 * Decides a return: of everything, of an amount, or of lines. Spent points go back in proportion, earned ones are taken
 * back as far as what remains does not earn them. Refusals in this order: those of opening a card, ORDER_NOT_FOUND,
 * LINE_NOT_FOUND, ORDER_FULLY_REFUNDED or REFUND_EXCEEDS_ORDER, REFUND_SHORTFALL.
 */
export function decideRefund(state: CardState, command: RefundCommand, now: Instant): Decision<RefundFacts> {
  const book = openBook(state, command, now, { operation: 'refund' });
  if ('ok' in book) return refused(book);
  const { orderId } = command;
  const before = book.working.order(orderId);
  if (!before) return refused(refuse('ORDER_NOT_FOUND', { orderId }));
  const after = withRefund(book, before, command);
  if ('ok' in after) return refused(after);
  sweep(book);
  const version = versionNumbered(state.versions, before.programVersion);
  const [was, is] = [refundedSoFar(before), refundedSoFar(after)];
  const policy = version.points.refunds.split;
  const split = splitRefund({ payable: before.order.payable, ...paidWithPoints(before) }, is, policy);
  const step: Step = {
    rule: 'refund-split',
    in: is,
    out: split.money,
    facts: { split: policy, points: split.points },
  };
  const pointsRestored = restorePoints(book, after, split.points, step, version, command.reason);
  const clawed = clawBack(book, after, version, command.reason);
  if ('ok' in clawed) return refused(clawed);
  const moneyBack = split.money - before.moneyBack;
  const pointsClawedBack = clawed.taken + clawed.debt;
  const latest = book.working.order(orderId) ?? after;
  book.working.putOrder({
    ...latest,
    moneyBack: split.money,
    clawedBack: latest.clawedBack + pointsClawedBack + clawed.forgiven + clawed.expired,
    clawedExpired: latest.clawedExpired + clawed.expired,
  });
  return book.accept(
    {
      orderId,
      refunded: moneyText(book, is - was),
      moneyBack: moneyText(book, moneyBack),
      pointsRestored,
      pointsClawedBack,
      debt: clawed.debt,
      forgiven: clawed.forgiven,
      remaining: moneyText(book, before.order.payable - is),
    },
    book.working.entries.length === 0 ? [step] : [],
  );
}

/** The money value of all that was refunded, in minor units. */
function refundedSoFar(record: OrderRecord): number {
  return refundedOnLines(record.order, record.refundedQuantities) + record.refundedAmount;
}

/** The record with this refund counted in, or why it cannot be. */
function withRefund(book: Book, record: OrderRecord, command: RefundCommand): OrderRecord | Refusal {
  const { orderId } = record;
  const { payable } = record.order;
  const left = payable - refundedSoFar(record);
  const tooMuch = (facts: object) =>
    left === 0
      ? refuse('ORDER_FULLY_REFUNDED', { orderId })
      : refuse('REFUND_EXCEEDS_ORDER', { orderId, remaining: moneyText(book, left), ...facts });
  if (command.lines) {
    const added = addQuantities(record, command.lines);
    if ('ok' in added) return added;
    if ('missing' in added) return tooMuch(added);
    const after = { ...record, refundedQuantities: added.quantities };
    return refundedSoFar(after) > payable ? tooMuch({}) : after;
  }
  if (left === 0 && (payable > 0 || isRefunded(record))) return tooMuch({});
  if (payable === 0 && command.amount === undefined)
    return { ...record, refundedQuantities: everyPiece(record) };
  const amount =
    command.amount === undefined ? left : toMinor(command.amount, book.version.currency, ['amount']);
  return amount > left ? tooMuch({}) : { ...record, refundedAmount: record.refundedAmount + amount };
}

/** What cost nothing goes back piece by piece: there is no amount that could say how much of it is gone. */
function everyPiece({ order }: OrderRecord): OrderRecord['refundedQuantities'] {
  return Object.fromEntries(order.lines.map(({ id, quantity }) => [id, quantity]));
}

function addQuantities(
  record: OrderRecord,
  lines: NonNullable<RefundCommand['lines']>,
):
  | { quantities: OrderRecord['refundedQuantities'] }
  | { line: string | undefined; missing: number }
  | Refusal {
  let quantities = record.refundedQuantities;
  for (const wanted of lines) {
    let left = wanted.quantity;
    const matching = record.order.lines.filter((line) =>
      wanted.id === undefined ? line.sku === wanted.sku : line.id !== '' && line.id === wanted.id,
    );
    if (matching.length === 0) {
      return refuse('LINE_NOT_FOUND', { orderId: record.orderId, line: wanted.id ?? wanted.sku });
    }
    for (const line of matching) {
      const gone = quantityOf(quantities, line.id);
      const part = Math.min(left, line.quantity - gone);
      if (part > 0) quantities = { ...quantities, [line.id]: gone + part };
      left -= part;
    }
    if (left > 0) return { line: wanted.id ?? wanted.sku, missing: left };
  }
  return { quantities };
}

/** Gives back points spent on the order until as many went back as the split says; the last redemption first. */
function restorePoints(
  book: Book,
  record: OrderRecord,
  target: number,
  split: Step,
  version: ProgramVersion,
  reason: string,
): number {
  const { orderId } = record;
  let left = target;
  for (const redemption of record.redemptions) left -= redemption.restored;
  let restored = 0;
  const redemptions = [...record.redemptions];
  for (let index = redemptions.length - 1; index >= 0 && left > 0; index -= 1) {
    const redemption = redemptions[index];
    if (!redemption) continue;
    const points = Math.min(left, redemption.points - redemption.reversed - redemption.restored);
    if (points === 0) continue;
    giveBack(book, {
      kind: 'restore',
      orderId,
      redeemSeq: redemption.seq,
      taken: redemption.lots,
      already: redemption.reversed + redemption.restored,
      points,
      version,
      explanation: [split],
      details: { reason },
    });
    redemptions[index] = { ...redemption, restored: redemption.restored + points };
    left -= points;
    restored += points;
  }
  book.working.putOrder({ ...record, redemptions });
  return restored;
}

/**
 * Takes back what the order earned and what remains of it does not. Points of the order's own lot that have expired are
 * gone already: nobody pays for them a second time.
 */
function clawBack(book: Book, record: OrderRecord, version: ProgramVersion, reason: string) {
  const earned = record.earned ?? 0;
  const { order, orderId, clawedBack, earnSeq } = record;
  const refunded = { quantities: record.refundedQuantities, amount: record.refundedAmount };
  const still = earnedOnRemaining(order, refunded, version, paidWithPoints(record).value);
  const kept = Math.min(earned, still.points);
  const points = Math.max(0, earned - kept - clawedBack);
  const own = earnSeq === null ? undefined : book.working.lot(earnSeq);
  const expired = own
    ? Math.min(points - Math.min(points, own.remaining), own.expired - record.clawedExpired)
    : 0;
  const explanation: Step[] = [
    { rule: 'still-earned', in: still.basis, out: kept },
    { rule: 'claw-back', in: earned - kept, out: points, facts: { earned } },
  ];
  if (expired > 0) explanation.push({ rule: 'expired-already', in: points, out: points - expired });
  const back = takeBack(book, {
    kind: 'claw-back',
    points: points - expired,
    ownLot: earnSeq,
    shortfall: version.points.refunds.shortfall,
    orderId,
    programVersion: version.version,
    explanation,
    details: { reason },
  });
  return 'ok' in back ? back : { ...back, expired };
}

export const refund: CommandDefinition<typeof refundSchema, RefundFacts> = {
  kind: 'refund',
  schema: refundSchema,
  derivedKey: ({ orderId, amount, lines }) => (amount === undefined && !lines ? `refund:${orderId}` : null),
  reach: ({ orderId }) => ({ orders: [orderId], takesBack: true }),
  settlesMerged: true,
  decide: decideRefund,
};
