import type { Outcome } from '../commands/outcome.ts';
import { refuse } from '../commands/outcome.ts';
import { LoyaltyError } from '../errors.ts';
import type { LoyaltyStore, Touch, Work } from '../ports/loyalty-store.ts';

interface Waiting {
  work: Work;
  /** The cards it touches, as it names them. */
  cards: readonly string[];
  resolve(outcome: Outcome<object>): void;
  reject(error: unknown): void;
}

// Commands that arrive in one turn of the event loop travel together, also where each comes from a socket of its own.
const nextTurn: (run: () => void) => void =
  (globalThis as { setImmediate?: (run: () => void) => void }).setImmediate ?? ((run) => setTimeout(run, 0));

/** Fewer commands than this are not worth a second transaction. */
const smallestShare = 16;

/**
 * Gathers commands while as many settles are in flight as the store can make use of, and sends them out together in the
 * next. Every caller has a promise of its own. Commands that name a card in the same way travel in the order they came, never
 * in two settles at once. At most `maxBatch` travel together and at most `maxQueue` wait; beyond that a command is refused as
 * OVERLOADED, so that memory stays bounded.
 */
export class Coalescer {
  private queue: Waiting[] = [];
  private inFlight = 0;
  private readonly cardsInFlight = new Set<string>();
  private called = false;
  private closed = false;
  private readonly onIdle: (() => void)[] = [];
  private readonly store: LoyaltyStore;
  private readonly maxBatch: number;
  private readonly maxQueue: number;
  private readonly atOnce: number;

  constructor(store: LoyaltyStore, maxBatch: number, maxQueue: number) {
    this.store = store;
    this.maxBatch = maxBatch;
    this.maxQueue = maxQueue;
    this.atOnce = store.settlesAtOnce ?? 1;
  }

  submit(work: Work): Promise<Outcome<object>> {
    if (this.closed) return Promise.reject(new LoyaltyError('CLOSED', 'The engine is closed'));
    if (this.queue.length >= this.maxQueue)
      return Promise.resolve(refuse('OVERLOADED', { limit: this.maxQueue }));
    return new Promise((resolve, reject) => {
      const cards = work.touches.map(nameOfCard);
      this.queue.push({ work, cards, resolve, reject });
      // It waits for the settle that has its card, and that one calls.
      if (!cards.some((card) => this.cardsInFlight.has(card))) this.call();
    });
  }

  /** Sends in the next turn: callers that were just answered send their next commands before. */
  private call(): void {
    if (this.called || this.inFlight === this.atOnce) return;
    this.called = true;
    nextTurn(() => {
      this.called = false;
      this.send();
    });
  }

  private send(): void {
    while (this.queue.length > 0 && this.inFlight < this.atOnce) {
      const share = Math.ceil(this.queue.length / (this.atOnce - this.inFlight));
      const batch = this.take(Math.min(this.maxBatch, Math.max(share, smallestShare)));
      if (batch.length === 0) return;
      void this.settle(batch);
    }
  }

  /** Takes the first commands whose cards are not in flight, and none that would overtake another of its card. */
  private take(most: number): Waiting[] {
    if (this.inFlight === 0) return this.queue.splice(0, most);
    const busy = new Set(this.cardsInFlight);
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    let looked = 0;
    for (const one of this.queue) {
      if (batch.length === most) break;
      looked += 1;
      if (one.cards.some((card) => busy.has(card))) {
        left.push(one);
        for (const card of one.cards) busy.add(card);
      } else batch.push(one);
    }
    this.queue = left.concat(this.queue.slice(looked));
    return batch;
  }

  private async settle(batch: Waiting[]): Promise<void> {
    this.inFlight += 1;
    for (const { cards } of batch) for (const card of cards) this.cardsInFlight.add(card);
    try {
      const settled = await this.store.settle(batch.map(({ work }) => work));
      for (const [index, one] of batch.entries()) {
        const result = settled[index];
        if (!result)
          one.reject(new LoyaltyError('STORE_DEFECT', 'The store answered fewer commands than it was given'));
        else if ('error' in result) one.reject(result.error);
        else one.resolve(result.outcome);
      }
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
    this.inFlight -= 1;
    for (const { cards } of batch) for (const card of cards) this.cardsInFlight.delete(card);
    if (this.queue.length >= this.maxBatch) this.send();
    else if (this.queue.length > 0) this.call();
    else if (this.inFlight === 0) for (const done of this.onIdle.splice(0)) done();
  }

  /** Takes no more commands and waits until those that wait are settled. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.inFlight === 0 && this.queue.length === 0) return;
    await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }
}

function nameOfCard({ card }: Touch): string {
  return card.cardId ?? card.name ?? JSON.stringify([card.programId, card.customerId]);
}
