import { fromMinor, type OrderInput } from '@loyalty-engine/core';
import { planCardStep } from './plan-card-step.ts';
import { type CommandName, type Planned, type Progress, plannedCommand } from './planned.ts';
import type { Returned, Sequence, Step } from './sequence.ts';

const day = 86_400_000;

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
      return plannedCommand(
        'reverse',
        { ...step, ...known },
        { entry: known.entry, reason: 'mistake', ...points },
        progress,
      );
    }
    case 'earn':
    case 'quote':
    case 'redeem':
    case 'hold':
    case 'start':
    case 'award':
    case 'adjust':
      return planOnCard(step, sequence, progress);
    default:
      return planCardStep(step, progress);
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
  return plannedCommand(names[step.do], { ...step, customer: holds[hold]?.customer ?? 0 }, points, progress, {
    hold,
  });
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
  return plannedCommand(names[step.do], { ...step, customer }, { orderId, ...own }, progress);
}

type OnCard = Extract<Step, { do: 'earn' | 'quote' | 'redeem' | 'hold' | 'start' | 'award' | 'adjust' }>;

function planOnCard(step: OnCard, sequence: Sequence, progress: Progress): Planned {
  const endsAt = (days: number | undefined) =>
    days === undefined ? {} : { expiresAt: new Date(Math.max(0, progress.now + days * day)) };
  const plan = (name: CommandName, own: object) => plannedCommand(name, step, own, progress);
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
