import { fromMinor, type OrderInput } from '@loyalty-engine/core';
import { programId } from './random-program.ts';
import type { Extras, Returned, Sequence, Step } from './sequence.ts';

export type CommandName =
  | 'earn'
  | 'quote'
  | 'redeem'
  | 'hold'
  | 'checkout.start'
  | 'checkout.complete'
  | 'checkout.cancel'
  | 'capture'
  | 'release'
  | 'refund'
  | 'confirmEarn'
  | 'cancelEarn'
  | 'award'
  | 'reverse'
  | 'adjust';

/** A command in full but for ids that a store gave: the hold by its number, the card where it is named by its id. */
export interface PlannedCommand {
  kind: 'command';
  name: CommandName;
  customer: number;
  input: Readonly<Record<string, unknown>>;
  hold: number | null;
  byCardId: boolean;
}

/** What a step comes to, the same for every store. */
export type Planned =
  | PlannedCommand
  | { kind: 'statement'; customer: number; query: Readonly<Record<string, unknown>> }
  | { kind: 'expire'; limit: number | null }
  | { kind: 'clock'; at: number }
  | { kind: 'publish'; program: object }
  | { kind: 'restart' }
  | { kind: 'nothing' };

/** How far a sequence has come. */
export interface Progress {
  now: number;
  /** Whose holds there are, in the order in which they were made. */
  holds: readonly { customer: number }[];
  /** The orders that something happened on, and the entries that can be reversed. */
  orders: readonly { customer: number; orderId: string }[];
  reversible: readonly { customer: number; entry: number }[];
  /** Customers whose card's id is known. */
  cards: ReadonlySet<number>;
  planned: readonly Planned[];
}

const day = 86_400_000;
export const customerId = (customer: number): string => `customer-${customer}`;

/** Makes of a step what a store is asked to do. */
export function planStep(step: Step, sequence: Sequence, progress: Progress): Planned {
  const { now } = progress;
  switch (step.do) {
    case 'advance':
      return { kind: 'clock', at: Math.max(0, now + step.minutes * 60_000) };
    case 'restart':
      return { kind: 'restart' };
    case 'expire':
      return { kind: 'expire', limit: step.limit ?? null };
    case 'publish': {
      const program = sequence.versions[step.version % sequence.versions.length] as object;
      if (step.fromHours === null) return { kind: 'publish', program };
      const effectiveFrom = new Date(now + step.fromHours * 3_600_000);
      return { kind: 'publish', program: { ...program, effectiveFrom } };
    }
    case 'again': {
      const commands = progress.planned.filter((planned) => planned.kind === 'command');
      return commands.length === 0 ? { kind: 'nothing' } : (commands[step.step % commands.length] as Planned);
    }
    case 'statement': {
      const { query, window } = step;
      if (!window) return { kind: 'statement', customer: step.customer, query };
      const from = now + window[0] * day;
      const to = from + window[1] * day;
      return {
        kind: 'statement',
        customer: step.customer,
        query: { ...query, from: new Date(from), to: new Date(to) },
      };
    }
    case 'capture':
    case 'release':
    case 'complete':
    case 'abandon':
      return planOnHold(step, progress);
    case 'refund':
    case 'confirm':
    case 'cancel':
      return planOnOrder(step, sequence, progress);
    case 'reverse': {
      const known = progress.reversible[step.entry % progress.reversible.length];
      if (!known) return { kind: 'nothing' };
      const points = step.points === undefined ? {} : { points: step.points };
      return command(
        'reverse',
        { ...step, ...known },
        { entry: known.entry, reason: 'mistake', ...points },
        progress,
      );
    }
    default:
      return planOnCard(step, sequence, progress);
  }
}

function planOnHold(
  step: Extract<Step, { do: 'capture' | 'release' | 'complete' | 'abandon' }>,
  progress: Progress,
): Planned {
  const { holds } = progress;
  if (holds.length === 0) return { kind: 'nothing' };
  const hold = step.hold % holds.length;
  const names = {
    capture: 'capture',
    release: 'release',
    complete: 'checkout.complete',
    abandon: 'checkout.cancel',
  } as const;
  const points = step.do === 'capture' && step.points !== undefined ? { points: step.points } : {};
  return command(names[step.do], { ...step, customer: holds[hold]?.customer ?? 0 }, points, progress, hold);
}

function planOnOrder(
  step: Extract<Step, { do: 'refund' | 'confirm' | 'cancel' }>,
  sequence: Sequence,
  progress: Progress,
): Planned {
  const known = progress.orders[step.known % progress.orders.length];
  if (!known) return { kind: 'nothing' };
  const { orderId, customer } = known;
  const names = { refund: 'refund', confirm: 'confirmEarn', cancel: 'cancelEarn' } as const;
  const own =
    step.do === 'refund' ? { reason: 'returned', ...returnedOf(orderId, step.returned, sequence) } : {};
  return command(names[step.do], { ...step, customer }, { orderId, ...own }, progress);
}

type OnCard = Exclude<Extract<Step, { customer: number }>, { do: 'statement' }>;

function planOnCard(step: OnCard, sequence: Sequence, progress: Progress): Planned {
  const endsAt = (days: number | undefined) =>
    days === undefined ? {} : { expiresAt: new Date(Math.max(0, progress.now + days * day)) };
  const plan = (name: CommandName, own: object) => command(name, step, own, progress);
  const orderOf = (order: number, altered = false) => orderNumber(sequence, order, altered);
  const given = <Name extends string>(name: Name, value: unknown) =>
    value === undefined ? {} : { [name]: value };
  switch (step.do) {
    case 'earn':
      return plan('earn', {
        order: { ...orderOf(step.order, step.altered), ...given('paymentStatus', step.paymentStatus) },
      });
    case 'quote':
      return plan('quote', { order: orderOf(step.order), ...given('points', step.points) });
    case 'redeem':
    case 'hold':
    case 'start': {
      const name = step.do === 'start' ? 'checkout.start' : step.do;
      const minutes = step.do === 'redeem' ? {} : given('holdMinutes', step.holdMinutes);
      const order = step.order === null ? {} : { order: orderOf(step.order) };
      return plan(name, { ...order, points: step.points, ...given('clamp', step.clamp), ...minutes });
    }
    case 'award': {
      const source = { type: 'review', id: String(step.source) };
      return plan('award', { points: step.points, source, reason: 'Review', ...endsAt(step.endsInDays) });
    }
    case 'adjust': {
      const own = {
        points: step.points,
        reasonCode: 'goodwill',
        actor: 'anita',
        ...given('allowDebt', step.allowDebt),
      };
      return plan('adjust', { ...own, ...endsAt(step.endsInDays) });
    }
  }
}

function orderNumber(sequence: Sequence, order: number, altered: boolean): OrderInput {
  const content = sequence.orders[order % sequence.orders.length];
  return altered ? { id: `order-${order}`, total: '77' } : { id: `order-${order}`, ...content };
}

function returnedOf(orderId: string, returned: Returned, sequence: Sequence): object {
  if (returned.of === 'everything') return {};
  if (returned.of === 'amount') {
    return { amount: fromMinor(returned.minor, sequence.versions[0]?.currency ?? 'INR') };
  }
  const lines = sequence.orders[Number(orderId.slice('order-'.length)) % sequence.orders.length]?.lines;
  return {
    lines: returned.lines.map(({ line, bySku, quantity }) => {
      const sku = lines?.[line % lines.length]?.sku;
      return bySku && sku !== undefined ? { sku, quantity } : { id: `line-${line + 1}`, quantity };
    }),
  };
}

function command(
  name: CommandName,
  step: Extras & { customer: number },
  own: object,
  { now, cards }: Progress,
  hold: number | null = null,
): PlannedCommand {
  const { key, agoMinutes, actor, locationId, metadata, byCardId, customer } = step;
  const common: Record<string, unknown> = {};
  if (name !== 'quote') {
    if (key !== undefined) common.idempotencyKey = `key-${key}`;
    if (agoMinutes !== undefined) common.occurredAt = new Date(Math.max(0, now - agoMinutes * 60_000));
    if (actor !== undefined) common.actor = actor;
    if (locationId !== undefined) common.locationId = locationId;
    if (metadata !== undefined) common.metadata = metadata;
  }
  const named = byCardId === true && cards.has(customer);
  const ref = named ? {} : { programId, customerId: customerId(customer) };
  return { kind: 'command', name, customer, input: { ...ref, ...common, ...own }, hold, byCardId: named };
}
