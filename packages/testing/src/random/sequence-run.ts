import { createLoyalty, type Loyalty, LoyaltyError, type LoyaltyStore } from '@loyalty-engine/core';
import { type ManualClock, manualClock } from '../manual-clock.ts';
import type { OpenedStore } from '../open-store.ts';
import { sequentialIds } from '../sequential-ids.ts';
import { type Books, checkBooks } from './check-books.ts';
import { type CommandName, customerId, type Planned, type PlannedCommand } from './plan-step.ts';
import { programId } from './random-program.ts';

const start = '2026-01-15T10:00:00.000Z';

/** What a store answered, with ids replaced by the order in which they first came up. */
export type Answer = { answered: unknown } | { thrown: string };

// What a caller can bring about. Every other error is a defect of the store or the engine.
const expectedErrors = new Set(['INVALID_COMMAND', 'PROGRAM_CONFLICT', 'PROGRAM_NOT_FOUND']);
const idPattern = /@id-\d{6}/g;

/** A sequence on its way through one store. */
export class SequenceRun {
  readonly clock: ManualClock = manualClock(start);
  /** The holds made so far, and whose they are. */
  readonly holds: { holdId: string; customer: number }[] = [];
  /** The orders that something happened on, and the entries that can be reversed. */
  readonly orders: { customer: number; orderId: string }[] = [];
  readonly reversible: { customer: number; entry: number }[] = [];
  /** The ids of cards by customer. */
  readonly cards = new Map<number, string>();
  private readonly store: LoyaltyStore;
  private readonly ids = sequentialIds('@id');
  private readonly labels = new Map<string, string>();
  private loyalty: Loyalty;

  constructor({ store }: OpenedStore) {
    this.store = store;
    this.loyalty = this.restarted();
  }

  private restarted(): Loyalty {
    return createLoyalty({ store: this.store, clock: this.clock, ids: this.ids });
  }

  /** Does what is planned, several commands at once, and answers in their order. */
  async perform(planned: readonly Planned[]): Promise<Answer[]> {
    const settled = await Promise.allSettled(planned.map((one) => this.performOne(one)));
    return settled.map((result, index) => {
      if (result.status === 'rejected') return { thrown: expectedCode(result.reason) };
      const one = planned[index] as Planned;
      if (one.kind === 'command') this.remember(one, result.value);
      return { answered: this.relabelled(result.value) };
    });
  }

  private async performOne(planned: Planned): Promise<unknown> {
    const { loyalty } = this;
    switch (planned.kind) {
      case 'command':
        return this.send(planned);
      case 'statement':
        return this.pages(planned);
      case 'expire':
        return loyalty.jobs.expirePoints(planned.limit === null ? {} : { limit: planned.limit });
      case 'publish':
        return loyalty.programs.publish(planned.program as Parameters<Loyalty['programs']['publish']>[0]);
      case 'clock':
        this.clock.set(planned.at);
        return null;
      case 'restart':
        this.loyalty = this.restarted();
        return null;
      case 'nothing':
        return null;
    }
  }

  private send({ name, customer, input, hold, byCardId }: PlannedCommand): Promise<unknown> {
    const command = {
      ...input,
      ...(byCardId ? { cardId: this.cards.get(customer) } : {}),
      ...(hold === null ? {} : { holdId: this.holds[hold]?.holdId }),
    };
    return commandNamed(this.loyalty, name)(command);
  }

  private async pages({ customer, query }: Extract<Planned, { kind: 'statement' }>): Promise<unknown> {
    const pages = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Loyalty['statement']>> = await this.loyalty.statement(
        { programId, customerId: customerId(customer) },
        cursor === null ? query : { ...query, cursor },
      );
      pages.push(page);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return pages;
  }

  private remember({ name, customer }: PlannedCommand, value: unknown): void {
    const { ok, cardId, holdId, orderId, entries = [] } = value as Remembered;
    if (!ok) return;
    if (cardId !== undefined) this.cards.set(customer, cardId);
    if (
      typeof orderId === 'string' &&
      !this.orders.some((one) => one.orderId === orderId && one.customer === customer)
    ) {
      this.orders.push({ orderId, customer });
    }
    for (const { kind, seq } of entries) {
      if (kind === 'redeem' || kind === 'award') this.reversible.push({ customer, entry: seq });
    }
    if ((name !== 'hold' && name !== 'checkout.start') || holdId === undefined) return;
    if (!this.holds.some((hold) => hold.holdId === holdId)) this.holds.push({ holdId, customer });
  }

  private relabelled(value: unknown): unknown {
    checkNumbers(value);
    const text = JSON.stringify(value).replace(idPattern, (id) => {
      let label = this.labels.get(id);
      if (label === undefined) {
        label = `#${this.labels.size + 1}`;
        this.labels.set(id, label);
      }
      return label;
    });
    return JSON.parse(text);
  }

  /** A customer's books, proven consistent. @throws Error naming the invariant that is broken. */
  async books(customer: number): Promise<Books> {
    const books = await checkBooks(this.loyalty, { programId, customerId: customerId(customer) });
    return this.relabelled(books) as Books;
  }
}

interface Remembered {
  ok: boolean;
  cardId?: string;
  holdId?: string;
  orderId?: string | null;
  entries?: { kind: string; seq: number }[];
}

function commandNamed(loyalty: Loyalty, name: CommandName): (input: object) => Promise<unknown> {
  const { checkout, ...commands } = loyalty;
  switch (name) {
    case 'checkout.start':
      return checkout.start as (input: object) => Promise<unknown>;
    case 'checkout.complete':
      return checkout.complete as (input: object) => Promise<unknown>;
    case 'checkout.cancel':
      return checkout.cancel as (input: object) => Promise<unknown>;
    default:
      return commands[name] as (input: object) => Promise<unknown>;
  }
}

function expectedCode(error: unknown): string {
  if (error instanceof LoyaltyError && expectedErrors.has(error.code)) return error.code;
  throw error;
}

/** Every number that anyone gets to see is finite and no minus zero. */
function checkNumbers(value: unknown, path = 'answer'): void {
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    throw new Error(`${path} is ${Object.is(value, -0) ? '-0' : value}`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, field] of Object.entries(value)) checkNumbers(field, `${path}.${name}`);
}
