import { type CardState, LoyaltyError, type Touch } from '@loyalty-engine/core';

/** The most cards of one reading, and how many readings may be under way. */
const mostTogether = 64;
const readingsAtOnce = 2;

interface Waiting {
  touch: Touch;
  resolve(state: CardState | null): void;
  reject(error: unknown): void;
}

/**
 * Readings of cards that many want at the same moment, made together: while two are under way, those who come gather for the
 * next one. Nobody gets what was read before they asked. Where a reading of many fails, each is read alone, so that one card
 * hurts no other.
 */
export function gatheredLoads(
  load: (touches: readonly Touch[]) => Promise<readonly (CardState | null)[]>,
): (touch: Touch) => Promise<CardState | null> {
  let waiting: Waiting[] = [];
  let underWay = 0;

  async function loadWaiting(): Promise<void> {
    underWay += 1;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostTogether);
      waiting = waiting.slice(mostTogether);
      await loadBatch(batch);
    }
    underWay -= 1;
  }

  async function loadBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const states = await load(batch.map(({ touch }) => touch));
      for (const [index, { resolve }] of batch.entries()) resolve(states[index] ?? null);
    } catch (error) {
      if (batch.length > 1 && !isUnavailable(error)) {
        await Promise.all(batch.map((one) => loadBatch([one])));
        return;
      }
      for (const { reject } of batch) reject(error);
    }
  }

  return (touch) =>
    new Promise((resolve, reject) => {
      waiting.push({ touch, resolve, reject });
      if (underWay < readingsAtOnce) void loadWaiting();
    });
}

/** The server is away: it is so for each of them. */
function isUnavailable(error: unknown): boolean {
  return error instanceof LoyaltyError && error.code === 'STORE_UNAVAILABLE';
}
