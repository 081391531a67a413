// biome-ignore-all lint/style/noRestrictedImports: builders for tests; they stand on no floor and are in no build

import type { z } from 'zod';
import { type CardState, newCardState } from './card/card-state.ts';
import { checkCard, checkEntry } from './card/check-ledger.ts';
import { OrderCheck } from './card/check-orders.ts';
import { type Entry, undonePoints } from './card/entry.ts';
import { evolve } from './card/evolve.ts';
import type { WorkingCard } from './card/working-card.ts';
import { type CardRef, type CommandDefinition, type CommandInput, parseInput } from './commands/command.ts';
import { type Accepted, type Outcome, unwrap } from './commands/outcome.ts';
import type { Refusal } from './commands/refusal.ts';
import { createLoyalty } from './engine/create-loyalty.ts';
import type { MerchantTerms } from './merchant/merchant.ts';
import type { Reward } from './merchant/reward.ts';
import { type MerchantSettingsInput, settingsSchema } from './merchant/settings.ts';
import type { LoyaltyStore } from './ports/loyalty-store.ts';
import type { Instant } from './program/instant.ts';
import { type ProgramInput, programSchema } from './program/program.ts';
import type { ProgramVersion } from './program/version.ts';
import { type OrderInput, orderSchema, type PricedOrder, priceOrder } from './rules/order.ts';

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Noon of 15 January 2026 in Kolkata. */
export const noon = Date.parse('2026-01-15T06:30:00Z');

export const member = { programId: 'miles', customerId: 'sachin' };

type Points = ProgramInput['points'];

/** The parts in which a test's program differs from the usual one. */
export interface Differences extends Omit<Partial<Points>, 'earn' | 'redeem'> {
  earn?: Partial<Points['earn']>;
  redeem?: Partial<Points['redeem']>;
}

/** The usual program: 1 point for every 10 rupees, a rupee a point, Kolkata; with the differences given. */
export function milesProgram(
  { earn, redeem, ...points }: Differences = {},
  rest: Partial<Omit<ProgramInput, 'points'>> = {},
): ProgramInput {
  return {
    id: 'miles',
    merchantId: 'cathay',
    name: 'Cathay Miles',
    currency: 'INR',
    timeZone: 'Asia/Kolkata',
    ...rest,
    points: {
      ...points,
      earn: { points: 1, perAmount: '10', ...earn },
      redeem: { valuePerPoint: '1', ...redeem },
    },
  };
}

/** The usual program as version 1, in force since ever. */
export function milesVersion(
  points: Differences = {},
  rest: Partial<Omit<ProgramInput, 'points'>> = {},
): ProgramVersion {
  const { effectiveFrom: _from, ...program } = programSchema.parse(milesProgram(points, rest));
  return { ...program, version: 1, effectiveFrom: 0, publishedAt: 0 };
}

/** The stamp card of the usual tests: ten stamps for a coffee; with the differences given. */
export function coffeeStamps(differences: Partial<NonNullable<ProgramInput['stamps']>> = {}) {
  return { target: 10, reward: { name: 'Coffee' }, ...differences };
}

/** The usual program with a stamp card, as version 1, in force since ever. */
export function stampVersion(
  stamps: Partial<NonNullable<ProgramInput['stamps']>> = {},
  points: Differences = {},
): ProgramVersion {
  return milesVersion(points, { stamps: coffeeStamps(stamps) });
}

/** The merchant of the usual program: Bandra is open, Colaba too, Fort is closed, Heathrow is in London. */
export function cathayTerms(settings: MerchantSettingsInput = {}): MerchantTerms {
  const place = (locationId: string, timeZone: string, status: 'open' | 'closed' = 'open') =>
    [locationId, { merchantId: 'cathay', locationId, name: locationId, timeZone, status }] as const;
  return {
    merchant: {
      merchantId: 'cathay',
      name: 'Cathay',
      settings: settingsSchema.parse(settings),
      revision: 1,
      changeSeq: 1,
      createdAt: 0,
    },
    locations: new Map([
      place('bandra', 'Asia/Kolkata'),
      place('colaba', 'Asia/Kolkata'),
      place('fort', 'Asia/Kolkata', 'closed'),
      place('heathrow', 'Europe/London'),
    ]),
  };
}

/** A reward of the usual program's catalogue: a coffee for 100 points; with the differences given. */
export function coffeeReward(differences: Partial<Reward> = {}): Reward {
  return {
    programId: 'miles',
    rewardId: 'coffee',
    name: 'Coffee',
    price: { points: 100 },
    gives: { kind: 'item' },
    activeFrom: null,
    activeUntil: null,
    stock: null,
    perCustomer: null,
    voucherDays: 90,
    status: 'active',
    redeemed: 0,
    ...differences,
  };
}

/** An order as the rules see it; a text is the total. */
export function priced(order: string | Omit<OrderInput, 'id'>, version = milesVersion()): PricedOrder {
  const parts = typeof order === 'string' ? { total: order } : order;
  return priceOrder(orderSchema.parse({ id: 'ORDER123', ...parts }), version);
}

/** The engine on a store, with a clock that a test sets and the usual program published. */
export async function openShop(store: LoyaltyStore, program: ProgramInput | null = milesProgram()) {
  const clock = { at: noon, now: () => clock.at };
  let made = 0;
  const ids = { next: () => `id-${String(++made).padStart(4, '0')}`, bytes: countedBytes() };
  const loyalty = createLoyalty({ store, clock, ids });
  if (program) await loyalty.programs.publish(program);
  return { loyalty, clock };
}

/** Bytes that are other ones each time, and the same in each run. */
function countedBytes(): (count: number) => Uint8Array {
  let seed = 1;
  return (count) =>
    Uint8Array.from({ length: count }, () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed >>> 24;
    });
}

/** A state as one text, so that two moments of it can be compared. */
export function snapshot(value: unknown): string {
  return JSON.stringify(value, (_key, part) => (part instanceof Map ? [...part] : part));
}

/**
 * A card without a store: commands are decided on it one after another, as a store would settle them. Every step is
 * checked: decide changes nothing and answers twice alike, the books add up, and replaying the entries gives the card.
 */
export class Desk {
  readonly state: CardState;
  readonly ledger: Entry[] = [];
  now: Instant = noon;
  private replayed: CardState;
  private readonly orderCheck = new OrderCheck();
  private ids = 0;
  private readonly bytes = countedBytes();

  constructor(...versions: ProgramVersion[]) {
    const used = versions.length === 0 ? [milesVersion()] : versions;
    this.state = newCardState({ cardId: 'card-1', ...member }, used);
    this.replayed = newCardState({ cardId: 'card-1', ...member }, used);
  }

  /** Decides and, where it is accepted, writes. */
  run<Schema extends z.ZodType, Facts extends object, Stamped>(
    definition: CommandDefinition<Schema, Facts, Stamped>,
    input: Omit<CommandInput<Schema>, keyof CardRef>,
  ): Outcome<Facts> {
    const parsed = parseInput(definition.schema, definition.cardKey ? input : { ...member, ...input });
    const random = { next: () => `id-${++this.ids}`, bytes: this.bytes };
    const command = (definition.stamp ? definition.stamp(parsed, random) : parsed) as Stamped;
    const before = snapshot(this.state);
    const decision = definition.decide(this.state, command, this.now);
    const again = definition.decide(this.state, command, this.now);
    demand(
      snapshot(again.outcome) === snapshot(decision.outcome),
      'decide answers differently the second time',
    );
    demand(snapshot(this.state) === before, 'decide changes the state');
    if (decision.outcome.ok && decision.changed) this.settle(decision.changed);
    else demand(decision.entries.length === 0, 'a refusal has entries');
    return decision.outcome;
  }

  /** Writes what was decided on this card. */
  settle(changed: WorkingCard): void {
    for (const entry of changed.entries) this.book(entry);
    changed.commit();
    this.checkBooks();
  }

  /** The outcome of a command that must be accepted. */
  ok<Schema extends z.ZodType, Facts extends object, Stamped>(
    definition: CommandDefinition<Schema, Facts, Stamped>,
    input: Omit<CommandInput<Schema>, keyof CardRef>,
  ): Accepted<Facts> {
    return unwrap(this.run(definition, input));
  }

  /** The refusal of a command that must be refused. */
  refused<Schema extends z.ZodType, Facts extends object, Stamped>(
    definition: CommandDefinition<Schema, Facts, Stamped>,
    input: Omit<CommandInput<Schema>, keyof CardRef>,
  ): Refusal {
    const outcome = this.run(definition, input);
    if (outcome.ok) throw new Error(`expected a refusal, got ${snapshot(outcome)}`);
    return outcome;
  }

  /** What is left in each lot, by its number. */
  remainders(): Record<number, number> {
    return Object.fromEntries([...this.state.lots].map(([seq, { remaining }]) => [seq, remaining]));
  }

  private book(entry: Entry): void {
    const problems = checkEntry(this.replayed, entry);
    demand(problems.length === 0, problems.join('; '));
    demand(!hasMinusZero(entry), `entry ${entry.seq} has a -0, which no store keeps`);
    this.replayed = evolve(this.replayed, entry);
    this.orderCheck.follow(entry);
    this.ledger.push(entry);
    this.state.entries.set(entry.seq, entry);
    if (entry.reverses === null) return;
    const undone = (this.state.reversed.get(entry.reverses) ?? 0) + undonePoints([entry]);
    this.state.reversed.set(entry.reverses, undone);
  }

  private checkBooks(): void {
    const { card, lots, holds, orders } = this.state;
    const problems = checkCard(card, lots.values(), holds.values());
    problems.push(...this.orderCheck.problems([...orders.values()]));
    demand(problems.length === 0, problems.join('; '));
    const kept = [...lots.values()].sort((a, b) => a.seq - b.seq).map((lot) => ({ ...lot, held: 0 }));
    const replayed = [...this.replayed.lots.values()].sort((a, b) => a.seq - b.seq);
    demand(snapshot(kept) === snapshot(replayed), 'replaying the entries gives other lots');
    demand(figuresOf(card) === figuresOf(this.replayed.card), 'replaying the entries gives other figures');
    const watched = card.nextExpiryAt ?? Number.POSITIVE_INFINITY;
    for (const [, , end] of card.stampLots)
      demand(end === null || watched <= end, 'stamps end without being watched');
  }
}

/** What of a card follows from its entries; `checkBooks` compares it with a replay. */
function figuresOf(card: CardState['card']): string {
  const { seq, balance, debt, lifetime, deadline, status, mergedInto } = card;
  const { stamps, stampLots, stampTimes, stampsKnownFrom, stampsEarned, rewardsRedeemed } = card;
  const { lastPostedAt, lastRecordedAt, lastStampAt, lastPointsAt, lastRedemptionAt } = card;
  return snapshot([
    [seq, balance, debt, lifetime, deadline, status, mergedInto],
    [stamps, stampLots, stampTimes, stampsKnownFrom, stampsEarned, rewardsRedeemed],
    [lastPostedAt, lastRecordedAt, lastStampAt, lastPointsAt, lastRedemptionAt],
  ]);
}

function hasMinusZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasMinusZero);
  return Object.is(value, -0);
}

function demand(holds: boolean, broken: string): void {
  if (!holds) throw new Error(broken);
}
