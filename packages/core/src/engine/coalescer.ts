import type { Outcome } from '../commands/outcome.ts';
import { refuse } from '../commands/outcome.ts';
import { LoyaltyError } from '../errors.ts';
import type { LoyaltyStore, Work } from '../ports/loyalty-store.ts';

interface Waiting {
  work: Work;
  resolve(outcome: Outcome<object>): void;
  reject(error: unknown): void;
}

// Commands that arrive in one turn of the event loop travel together, also where each comes from a socket of its own.
const nextTurn: (run: () => void) => void =
  (globalThis as { setImmediate?: (run: () => void) => void }).setImmediate ?? ((run) => setTimeout(run, 0));

/**
 * Gathers commands while a settle is in flight and sends them out together in the next. Every caller has a promise of
 * its own. At most `maxBatch` travel together and at most `maxQueue` wait; beyond that a command is refused as
 * OVERLOADED, so that memory stays bounded.
 */
export class Coalescer {
  private readonly queue: Waiting[] = [];
  private running = false;
  private closed = false;
  private readonly onIdle: (() => void)[] = [];
  private readonly store: LoyaltyStore;
  private readonly maxBatch: number;
  private readonly maxQueue: number;

  constructor(store: LoyaltyStore, maxBatch: number, maxQueue: number) {
    this.store = store;
    this.maxBatch = maxBatch;
    this.maxQueue = maxQueue;
  }

  submit(work: Work): Promise<Outcome<object>> {
    if (this.closed) return Promise.reject(new LoyaltyError('CLOSED', 'The engine is closed'));
    if (this.queue.length >= this.maxQueue)
      return Promise.resolve(refuse('OVERLOADED', { limit: this.maxQueue }));
    return new Promise((resolve, reject) => {
      this.queue.push({ work, resolve, reject });
      if (this.running) return;
      this.running = true;
      nextTurn(() => this.run());
    });
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      await this.settle(this.queue.splice(0, this.maxBatch));
      // Callers that were just answered send their next commands before the next batch leaves.
      if (this.queue.length < this.maxBatch) await new Promise<void>(nextTurn);
    }
    this.running = false;
    for (const done of this.onIdle.splice(0)) done();
  }

  private async settle(batch: Waiting[]): Promise<void> {
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
  }

  /** Takes no more commands and waits until those that wait are settled. */
  async close(): Promise<void> {
    this.closed = true;
    if (!this.running) return;
    await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }
}
