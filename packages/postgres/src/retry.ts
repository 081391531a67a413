import { setTimeout as sleep } from 'node:timers/promises';
import { isConflict, isConnectionLoss, isStaleStatement, isStandby, storeError } from './store-errors.ts';

const longestPauseMs = 500;
/** Every connection of a pool can have lost its statements; each is repaired the first time it is used. */
const mostRepairs = 50;
/** The server lets transactions that wait for each other wait for a second and more before it breaks one of them. */
const leastConflicts = 20;

/**
 * Runs work again while the cause of its failure passes by itself: another transaction in the way, a connection that was
 * lost, a server that restarts or hands over to its standby. Pauses grow and are jittered; the last attempt starts when
 * `forMs` is over; work that met others is tried twenty times in any case, as it can have waited for them all that while.
 * A connection that lost its prepared statements is repaired at once, and that is not counted.
 *
 * Work may have been committed by an attempt that never heard of it. The work settles by receipts: what was written is
 * found there, and is not written again.
 */
export async function retry<T>(forMs: number, run: () => Promise<T>): Promise<T> {
  const until = performance.now() + forMs;
  let repairs = 0;
  let conflicts = 0;
  let pause = 2;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (isStaleStatement(error) && repairs < mostRepairs) {
        repairs += 1;
        continue;
      }
      if (isConflict(error)) conflicts += 1;
      const mayConflict = forMs > 0 && isConflict(error) && conflicts < leastConflicts;
      const left = until - performance.now();
      const passes = isConflict(error) || isConnectionLoss(error) || isStandby(error);
      if (!passes || (left <= 0 && !mayConflict)) throw storeError(error);
      const jittered = pause * (0.5 + Math.random());
      await sleep(left > 0 ? Math.min(jittered, left) : jittered);
      pause = Math.min(pause * 2, longestPauseMs);
    }
  }
}
