import type { CardState, Touch } from '@loyalty-engine/core';

/** The most cards of one reading: nothing else of the process runs meanwhile. */
const mostTogether = 64;

interface Waiting {
  touch: Touch;
  resolve(state: CardState | null): void;
  reject(error: unknown): void;
}

/**
 * Readings of cards that are asked for in one turn of the event loop, made together after it: many of them in a row, between one
 * BEGIN and one COMMIT, take a fraction of the time that they take in turn with whatever else a server does. Where a reading
 * of many fails, each is read alone, so that one card hurts no other.
 */
export function gatheredLoads(
  load: (touches: readonly Touch[]) => Promise<readonly (CardState | null)[]>,
): (touch: Touch) => Promise<CardState | null> {
  let waiting: Waiting[] = [];

  function loadWaiting(): void {
    const batch = waiting.slice(0, mostTogether);
    waiting = waiting.slice(mostTogether);
    if (waiting.length > 0) setImmediate(loadWaiting);
    void loadBatch(batch);
  }

  async function loadBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const states = await load(batch.map(({ touch }) => touch));
      for (const [index, { resolve }] of batch.entries()) resolve(states[index] ?? null);
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1) return only?.reject(error);
      await Promise.all(batch.map((one) => loadBatch([one])));
    }
  }

  return (touch) =>
    new Promise((resolve, reject) => {
      waiting.push({ touch, resolve, reject });
      if (waiting.length === 1) setImmediate(loadWaiting);
    });
}
