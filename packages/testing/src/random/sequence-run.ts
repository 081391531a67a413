import {
  createLoyalty,
  type Loyalty,
  LoyaltyError,
  type LoyaltyStore,
  type RewardInput,
} from '@loyalty-engine/core';
import { type ManualClock, manualClock } from '../manual-clock.ts';
import type { OpenedStore } from '../open-store.ts';
import { sequentialIds } from '../sequential-ids.ts';
import { type Books, checkBooks } from './check-books.ts';
import { type CommandName, customerId, type Planned, type PlannedCommand } from './planned.ts';
import { merchantId, programId } from './random-program.ts';
import { type Figures, readFigures } from './read-figures.ts';

const start = '2026-01-15T10:00:00.000Z';

/** What a store answered, with ids replaced by the order in which they first came up. */
export type Answer = { answered: unknown } | { thrown: string };

// What a caller can bring about. Every other error is a defect of the store or the engine.
const expectedErrors = new Set(['INVALID_COMMAND', 'PROGRAM_CONFLICT', 'PROGRAM_NOT_FOUND']);
// Ids and voucher codes, which are made of random bytes.
const idPattern = /@id-\d{6}|(?<=")[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}(?=")/g;
const cardNumberPattern = /(?<=")\d{4}-\d{4}-\d{4}(?=")/g;

/** A sequence on its way through one store. */
export class SequenceRun {
  readonly clock: ManualClock = manualClock(start);
  /** The holds made so far, and whose they are. */
  readonly holds: { holdId: string; customer: number }[] = [];
  /** The orders that something happened on, and the entries that can be reversed. */
  readonly orders: { customer: number; orderId: string }[] = [];
  readonly reversible: { customer: number; entry: number }[] = [];
  /** The vouchers made so far, the entries of stamps, and how many of each reward are redeemed. */
  readonly vouchers: { code: string; customer: number }[] = [];
  readonly stamped: { customer: number; entry: number }[] = [];
  readonly redeemed = new Map<string, number>();
  /** Customers whose card was merged into the other's: their commands go there. */
  readonly merged = new Set<number>();
  /** The ids of customers' first cards. */
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
      case 'found':
        return this.found(planned);
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

  /** Registers the merchant with a location, and publishes the rewards. */
  private async found({ settings, rewards }: Extract<Planned, { kind: 'found' }>): Promise<null> {
    const { merchants, locations } = this.loyalty;
    await merchants.register({ id: merchantId, name: 'Cathay' });
    // Half a day from some of the programs' zones.
    await locations.register({ merchantId, id: 'mumbai', name: 'Mumbai', timeZone: 'Asia/Kolkata' });
    await merchants.configure({ merchantId, settings, actor: 'anita' });
    for (const reward of rewards) await this.loyalty.rewards.publish(reward as RewardInput);
    return null;
  }

  private send({ name, customer, input, hold, voucher, byCardId }: PlannedCommand): Promise<unknown> {
    const command = {
      ...input,
      ...(byCardId ? { cardId: this.cards.get(customer) } : {}),
      ...(hold === null ? {} : { holdId: this.holds[hold]?.holdId }),
      ...(voucher === null ? {} : { code: this.vouchers[voucher]?.code }),
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
    if (cardId !== undefined && !this.cards.has(customer)) this.cards.set(customer, cardId);
    if (
      typeof orderId === 'string' &&
      !this.orders.some((one) => one.orderId === orderId && one.customer === customer)
    ) {
      this.orders.push({ orderId, customer });
    }
    for (const { kind, seq } of entries) {
      if (kind === 'redeem' || kind === 'award') this.reversible.push({ customer, entry: seq });
      if (kind === 'stamp') this.stamped.push({ customer, entry: seq });
    }
    this.rememberReward(name, customer, value as Remembered);
    if (name === 'cards.merge') this.merged.add(1 - customer);
    if ((name !== 'hold' && name !== 'checkout.start') || holdId === undefined) return;
    if (!this.holds.some((hold) => hold.holdId === holdId)) this.holds.push({ holdId, customer });
  }

  private rememberReward(name: CommandName, customer: number, answer: Remembered): void {
    const { voucherCode: code, rewardId, replayed } = answer;
    if (code !== undefined && !this.vouchers.some((voucher) => voucher.code === code))
      this.vouchers.push({ code, customer });
    if (replayed || typeof rewardId !== 'string') return;
    const change = { 'rewards.redeem': 1, 'rewards.void': -1 }[name as string] ?? 0;
    this.redeemed.set(rewardId, (this.redeemed.get(rewardId) ?? 0) + change);
  }

  private relabelled(value: unknown): unknown {
    checkNumbers(value);
    // A number is first seen wherever its card is first read, and says no more than the card's id does.
    const numberless = JSON.stringify(value).replace(cardNumberPattern, '#number');
    const text = numberless.replace(idPattern, (id) => {
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

  /** What readings of the whole program say, in an order that does not depend on ids. */
  async figures(): Promise<Figures> {
    const verified = await this.loyalty.verify();
    if (!verified.ok) throw new Error(`verify: ${JSON.stringify(verified.problems)}`);
    const figures = await readFigures(this.loyalty, programId);
    const { orders, cards, ...others } = this.relabelled(figures) as Figures;
    return { ...others, orders: sorted(orders), cards: sorted(cards) };
  }
}

interface Remembered {
  ok: boolean;
  replayed?: boolean;
  voucherCode?: string;
  rewardId?: string | null;
  cardId?: string;
  holdId?: string;
  orderId?: string | null;
  entries?: { kind: string; seq: number }[];
}

/** `rewards.redeem` and the like: the door of that name. */
function commandNamed(loyalty: Loyalty, name: CommandName): (input: object) => Promise<unknown> {
  let found: unknown = loyalty;
  for (const part of name.split('.')) found = (found as Record<string, unknown>)[part];
  return found as (input: object) => Promise<unknown>;
}

function sorted<Row>(rows: readonly Row[]): Row[] {
  const texts = new Map(rows.map((row) => [row, JSON.stringify(row)]));
  return [...rows].sort((a, b) => ((texts.get(a) ?? '') < (texts.get(b) ?? '') ? -1 : 1));
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
