import { setTimeout as sleep } from 'node:timers/promises';
import { isConflict, isConnectionLoss, isStaleStatement, isStandby, storeError } from './store-errors.ts';

const longestPauseMs = 500;
/** Every connection of a pool can have lost its statements; each is repaired the first time it is used. */
const mostRepairs = 50;

/**
 * Runs work again while the cause of its failure passes by itself: another transaction in the way, a connection that was
 * lost, a server that restarts or hands over to its standby. Pauses grow and are jittered; the last attempt starts when
 * `forMs` is over. A connection that lost its prepared statements is repaired at once, and that is not counted.
 *
 * Work may have been committed by an attempt that never heard of it. The work settles by receipts: what was written is
 * found there, and is not written again.
 */
export async function retry<T>(forMs: number, run: () => Promise<T>): Promise<T> {
  const until = performance.now() + forMs;
  let repairs = 0;
  let pause = 2;
  let conflicts = 0;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (isStaleStatement(error) && repairs < mostRepairs) {
        repairs += 1;
        continue;
      }
      const left = until - performance.now();
      const passes = isConflict(error) || isConnectionLoss(error) || isStandby(error);
      if (isConflict(error)) conflicts += 1;
      if (conflicts > 1) console.log('split 1', conflicts);
      if (!passes || (left <= 0 && !(isConflict(error) && conflicts < 20))) throw storeError(error);
      await sleep(Math.min(pause * (0.5 + Math.random()), Math.max(left, 50)));
      pause = Math.min(pause * 2, longestPauseMs);
    }
  }
}
