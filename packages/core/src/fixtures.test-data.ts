// biome-ignore-all lint/style/noRestrictedImports: builders for tests; they stand on no floor and are in no build

import type { z } from 'zod';
import { type CardState, newCardState } from './card/card-state.ts';
import { checkCard, checkEntry } from './card/check-ledger.ts';
import { OrderCheck } from './card/check-orders.ts';
import { type Entry, undonePoints } from './card/entry.ts';
import { evolve } from './card/evolve.ts';
import { type CommandDefinition, type CommandInput, parseInput } from './commands/command.ts';
import { type Accepted, type Outcome, unwrap } from './commands/outcome.ts';
import type { Refusal } from './commands/refusal.ts';
import { createLoyalty } from './engine/create-loyalty.ts';
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

/** An order as the rules see it; a text is the total. */
export function priced(order: string | Omit<OrderInput, 'id'>, version = milesVersion()): PricedOrder {
  const parts = typeof order === 'string' ? { total: order } : order;
  return priceOrder(orderSchema.parse({ id: 'ORDER123', ...parts }), version);
}

/** The engine on a store, with a clock that a test sets and the usual program published. */
export async function openShop(store: LoyaltyStore, program: ProgramInput | null = milesProgram()) {
  const clock = { at: noon, now: () => clock.at };
  let made = 0;
  const ids = { next: () => `id-${String(++made).padStart(4, '0')}` };
  const loyalty = createLoyalty({ store, clock, ids });
  if (program) await loyalty.programs.publish(program);
  return { loyalty, clock };
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

  constructor(...versions: ProgramVersion[]) {
    const used = versions.length === 0 ? [milesVersion()] : versions;
    this.state = newCardState({ cardId: 'card-1', ...member }, used);
    this.replayed = newCardState({ cardId: 'card-1', ...member }, used);
  }

  /** Decides and, where it is accepted, writes. */
  run<Schema extends z.ZodType, Facts extends object, Stamped>(
    definition: CommandDefinition<Schema, Facts, Stamped>,
    input: Omit<CommandInput<Schema>, 'programId' | 'customerId' | 'cardId'>,
  ): Outcome<Facts> {
    const parsed = parseInput(definition.schema, { ...member, ...input });
    const nextId = () => `id-${++this.ids}`;
    const command = (definition.stamp ? definition.stamp(parsed, nextId) : parsed) as Stamped;
    const before = snapshot(this.state);
    const decision = definition.decide(this.state, command, this.now);
    const again = definition.decide(this.state, command, this.now);
    demand(
      snapshot(again.outcome) === snapshot(decision.outcome),
      'decide answers differently the second time',
    );
    demand(snapshot(this.state) === before, 'decide changes the state');
    if (decision.outcome.ok && decision.changed) {
      for (const entry of decision.entries) this.book(entry);
      decision.changed.commit();
      this.checkBooks();
    } else demand(decision.entries.length === 0, 'a refusal has entries');
    return decision.outcome;
  }

  /** The outcome of a command that must be accepted. */
  ok<Schema extends z.ZodType, Facts extends object, Stamped>(
    definition: CommandDefinition<Schema, Facts, Stamped>,
    input: Omit<CommandInput<Schema>, 'programId' | 'customerId' | 'cardId'>,
  ): Accepted<Facts> {
    return unwrap(this.run(definition, input));
  }

  /** The refusal of a command that must be refused. */
  refused<Schema extends z.ZodType, Facts extends object, Stamped>(
    definition: CommandDefinition<Schema, Facts, Stamped>,
    input: Omit<CommandInput<Schema>, 'programId' | 'customerId' | 'cardId'>,
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
    const figures = ({ seq, balance, debt, lifetime }: CardState['card']) =>
      snapshot({ seq, balance, debt, lifetime });
    demand(figures(card) === figures(this.replayed.card), 'replaying the entries gives other figures');
  }
}

function demand(holds: boolean, broken: string): void {
  if (!holds) throw new Error(broken);
}
