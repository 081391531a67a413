import { LoyaltyError } from '@loyalty-engine/core';

/**
 * Keeps the store's own work out while a transaction of the host's is open on the same connection, so that nothing slips
 * in between two awaits. Waiting is bounded: a host that waits for the store inside its own transaction gets an error.
 */
export class WriteGate {
  private holder: Promise<void> | null = null;
  private readonly waitMs: number;

  constructor(waitMs: number) {
    this.waitMs = waitMs;
  }

  /** Waits until no transaction of the host's is open. */
  async idle(): Promise<void> {
    const until = Date.now() + this.waitMs;
    while (this.holder) await this.bounded(this.holder, until);
  }

  /** Runs alone. */
  async alone<T>(run: () => Promise<T>): Promise<T> {
    await this.idle();
    let end = () => {};
    const holder = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.holder = holder;
    try {
      return await run();
    } finally {
      this.holder = null;
      end();
    }
  }

  private async bounded(holder: Promise<void>, until: number): Promise<void> {
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
      await Promise.race([holder, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
