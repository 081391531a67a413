import { setTimeout as sleep } from 'node:timers/promises';
import { isConflict, isConnectionLoss, isStaleStatement, storeError } from './store-errors.ts';

const longestPauseMs = 500;

/**
 * Runs work again while the cause of its failure passes by itself: another transaction in the way, a connection that was
 * lost, a server that restarts. Pauses grow and are jittered; nothing is started after `forMs`.
 *
 * Work may have been committed by an attempt that never heard of it. The work settles by receipts: what was written is
 * found there, and is not written again.
 */
export async function retry<T>(forMs: number, run: () => Promise<T>): Promise<T> {
  const until = Date.now() + forMs;
  let conflicts = 0;
  for (let pause = 2; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      return await run();
    } catch (error) {
      if (isConflict(error)) conflicts += 1;
      const passes = (isConflict(error) && conflicts < 3) || isConnectionLoss(error) || isStaleStatement(error);
      if (!passes || Date.now() >= until) throw storeError(error);
      await sleep(pause * (0.5 + Math.random()));
    }
  }
}
