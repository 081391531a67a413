import { z } from 'zod';
import type { CardState, Hold } from '../card/card-state.ts';
import type { Operation } from '../merchant/settings.ts';
import { type Instant, isoText } from '../program/instant.ts';
import { maxPointsPerCommand } from '../program/program.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import { orderSchema, type PricedOrder, priceOrder } from '../rules/order.ts';
import type { RedemptionLimit } from '../rules/quote-redemption.ts';
import type { Step } from '../rules/step.ts';
import { type Book, openActiveBook } from './book.ts';
import { earningFor } from './book-earning.ts';
import { moneyText } from './book-redemption.ts';
import {
  type CommandDefinition,
  type CommandInput,
  commandSchema,
  pointsSchema,
  type Random,
} from './command.ts';
import { enrolOnFirstUse } from './enrol.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { closedForSpending, committedTo, planRedemption } from './plan-redemption.ts';
import { sweep } from './sweep.ts';
import { take } from './take.ts';

/** How long a hold lasts where the caller does not say. */
export const defaultHoldMinutes = 15;
const holdMinutesSchema = z.number().int().min(1).max(43_200).default(defaultHoldMinutes);

export const holdSchema = commandSchema({
  order: orderSchema.optional(),
  points: pointsSchema,
  clamp: z.boolean().optional(),
  holdMinutes: holdMinutesSchema,
});
export const checkoutStartSchema = commandSchema({
  order: orderSchema,
  points: z.number().int().min(0).max(maxPointsPerCommand),
  clamp: z.boolean().optional(),
  holdMinutes: holdMinutesSchema,
});
export type HoldInput = CommandInput<typeof holdSchema>;
export type CheckoutStartInput = CommandInput<typeof checkoutStartSchema>;
/** A hold as decided: the engine adds the id of the hold it would make. */
export type HoldCommand = z.output<typeof holdSchema> & {
  holdId: string;
  /** True where completing it earns too: staff must be asked for that now. */
  earns?: boolean;
};

export interface HoldFacts {
  holdId: string;
  orderId: string | null;
  points: number;
  value: string;
  /** What is left to charge; null without an order. */
  amountDue: string | null;
  /** What the order earns once it is paid for like this; null without an order. */
  willEarn: number | null;
  expiresAt: string;
  clampedBy: RedemptionLimit | null;
}

/**
 * Decides a hold: points of particular lots are reserved for `holdMinutes`; they neither expire nor can be spent
 * meanwhile. An order has one open hold: the same wish again gets the same hold, another one takes its place.
 * Refusals are those of a redemption.
 */
export function decideHold(state: CardState, command: HoldCommand, now: Instant): Decision<HoldFacts> {
  // A hold is about now, also where the rest of the checkout happened at an offline till.
  const book = openActiveBook(state, { ...command, occurredAt: undefined }, now, {
    operation: operationsOf(command),
    orderId: command.order?.id,
  });
  if ('ok' in book) return refused(book);
  const { working, version } = book;
  const order = command.order ? priceOrder(command.order, version) : null;
  const orderId = command.order?.id ?? null;
  const closed = orderId === null ? null : closedForSpending(working.order(orderId), order, version.currency);
  if (closed) return refused(closed);

  const open = orderId === null ? undefined : working.openHolds().find((hold) => hold.orderId === orderId);
  if (open && open.asked === command.points && JSON.stringify(open.order) === JSON.stringify(order)) {
    if (book.staffId !== null) working.putHold({ ...open, staffId: book.staffId });
    return sameAgain(book.accept(factsOf(book, open), []));
  }
  if (open) working.putHold({ ...open, status: 'released' });
  if (command.points === 0) enrolOnFirstUse(book);
  sweep(book);
  const plan = planRedemption(book, {
    orderId,
    order,
    points: command.points,
    clamp: command.clamp ?? false,
  });
  if ('ok' in plan) return refused(plan);
  const taking = take(book, plan.points);
  if (taking.missing > 0) return refused(refuse('NOT_ENOUGH_POINTS', { requested: plan.points }));
  const hold: Hold = {
    holdId: command.holdId,
    orderId,
    asked: command.points,
    points: plan.points,
    value: plan.value,
    lots: taking.lots.map(([lot, part]): Allocation => [lot, -part]),
    status: 'open',
    createdAt: book.now,
    expiresAt: book.now + command.holdMinutes * 60_000,
    programVersion: version.version,
    order,
    staffId: book.staffId,
  };
  working.putHold(hold);
  return book.accept(
    { ...factsOf(book, hold), clampedBy: plan.clampedBy },
    holdSteps(book, plan.steps, order, hold),
  );
}

function operationsOf({ points, earns }: HoldCommand): Operation[] {
  const operations: Operation[] = points === 0 ? [] : ['redeem'];
  return earns ? [...operations, 'earn'] : operations;
}

function factsOf(book: Book, hold: Hold): HoldFacts {
  const { order } = hold;
  const committed = committedTo(book, hold.orderId, hold.holdId).value + hold.value;
  return {
    holdId: hold.holdId,
    orderId: hold.orderId,
    points: hold.points,
    value: moneyText(book, hold.value),
    amountDue: order ? moneyText(book, order.payable - committed) : null,
    willEarn: order ? earningFor(book, order, book.version, committed, hold.points).points : null,
    expiresAt: isoText(hold.expiresAt),
    clampedBy: null,
  };
}

function holdSteps(book: Book, plan: readonly Step[], order: PricedOrder | null, hold: Hold): Step[] {
  if (!order) return [...plan];
  const committed = committedTo(book, hold.orderId, hold.holdId).value + hold.value;
  return [...plan, ...earningFor(book, order, book.version, committed, hold.points).steps];
}

function sameAgain(decision: Decision<HoldFacts>): Decision<HoldFacts> {
  if (!decision.outcome.ok) return decision;
  return { ...decision, outcome: { ...decision.outcome, replayed: true } };
}

type Definition<Schema extends z.ZodType> = CommandDefinition<Schema, HoldFacts, HoldCommand>;
const reach = ({ order, points }: { order?: { id: string } | undefined; points: number }) => ({
  orders: order ? [order.id] : [],
  burn: points,
});
const stamp = <Command extends object>(command: Command, random: Random) => ({
  ...command,
  holdId: random.next(),
});

export const hold: Definition<typeof holdSchema> = {
  kind: 'hold',
  schema: holdSchema,
  derivedKey: () => null,
  reach,
  stamp,
  decide: decideHold,
};

/** `checkout.start`: a hold for an order, also for no points at all. */
export const checkoutStart: Definition<typeof checkoutStartSchema> = {
  kind: 'checkout.start',
  schema: checkoutStartSchema,
  derivedKey: () => null,
  reach,
  stamp: (command, random) => ({ ...command, holdId: random.next(), earns: true }),
  decide: decideHold,
};
