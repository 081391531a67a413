import { programId } from './random-program.ts';
import type { Extras } from './sequence.ts';

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
  | 'adjust'
  | 'stamp'
  | 'voidStamp'
  | 'redeemStamps'
  | 'rewards.redeem'
  | 'rewards.use'
  | 'rewards.void'
  | 'cards.enroll'
  | 'cards.deactivate'
  | 'cards.reactivate'
  | 'cards.rotateQr'
  | 'cards.merge'
  | 'cards.anonymise';

/** A command in full but for what a store gave: hold and voucher by their numbers, the card where it is named by its id. */
export interface PlannedCommand {
  kind: 'command';
  name: CommandName;
  customer: number;
  input: Readonly<Record<string, unknown>>;
  hold: number | null;
  voucher: number | null;
  byCardId: boolean;
}

/** What a step comes to, the same for every store. */
export type Planned =
  | PlannedCommand
  | { kind: 'statement'; customer: number; query: Readonly<Record<string, unknown>> }
  | { kind: 'expire'; limit: number | null }
  | { kind: 'clock'; at: number }
  | { kind: 'publish'; program: object }
  | { kind: 'found'; settings: object; rewards: readonly object[] }
  | { kind: 'restart' }
  | { kind: 'nothing' };

/** How far a sequence has come. */
export interface Progress {
  now: number;
  /** Whose holds and vouchers there are, in the order in which they were made. */
  holds: readonly { customer: number }[];
  vouchers: readonly { customer: number }[];
  /** The orders that something happened on, and the entries that can be reversed or are of stamps. */
  orders: readonly { customer: number; orderId: string }[];
  reversible: readonly { customer: number; entry: number }[];
  stamped: readonly { customer: number; entry: number }[];
  /** Customers whose card's id is known. */
  cards: ReadonlySet<number>;
  planned: readonly Planned[];
}

export const customerId = (customer: number): string => `customer-${customer}`;

/** What a command is about, where it is not named by its card. */
export interface About {
  hold?: number;
  voucher?: number;
  /** True where the command names its cards by fields of its own. */
  namesCards?: boolean;
}

/** A command for the customer of a step, with what the step says beside the command's own fields. */
export function plannedCommand(
  name: CommandName,
  step: Extras & { customer: number },
  own: object,
  { now, cards }: Progress,
  { hold, voucher, namesCards = false }: About = {},
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
  const isNamed = namesCards || voucher !== undefined;
  const named = byCardId === true && !isNamed && cards.has(customer);
  const ref = named || isNamed ? {} : { programId, customerId: customerId(customer) };
  return {
    kind: 'command',
    name,
    customer,
    input: { ...ref, ...common, ...own },
    hold: hold ?? null,
    voucher: voucher ?? null,
    byCardId: named,
  };
}
