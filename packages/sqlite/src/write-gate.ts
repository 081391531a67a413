import { LoyaltyError } from '@loyalty-engine/core';

/**
 * Keeps the store's own work out while a transaction of the host's is open on the same connection, so that nothing slips
 * in between two awaits. Transactions follow one another in the order they were asked for. Waiting is bounded: a host
 * that waits for the store inside its own transaction gets an error.
 */
export class WriteGate {
  /** Transactions that are open or wait for their turn; the last one ends when nothing is in the way any more. */
  private waiting = 0;
  private lastEnd: Promise<void> = Promise.resolve();
  private readonly waitMs: number;

  constructor(waitMs: number) {
    this.waitMs = waitMs;
  }

  /** Waits until no transaction of the host's is open. */
  async idle(): Promise<void> {
    const until = Date.now() + this.waitMs;
    while (this.waiting > 0) await this.bounded(this.lastEnd, until);
  }

  /** Runs alone, after those that asked before. */
  async alone<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.lastEnd;
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.lastEnd = turn.then(() => ended);
    this.waiting += 1;
    try {
      await this.bounded(turn, Date.now() + this.waitMs);
      return await run();
    } finally {
      this.waiting -= 1;
      end();
    }
  }

  private async bounded(turn: Promise<void>, until: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const message =
        'A store.transaction is open for too long. Inside its callback use loyalty.using(db), not the engine itself';
      timer = setTimeout(
        () => reject(new LoyaltyError('STORE_BUSY', message)),
        Math.max(0, until - Date.now()),
      );
    });
    try {
      await Promise.race([turn, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
