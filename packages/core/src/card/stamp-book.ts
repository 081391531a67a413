import type { Instant } from '../program/instant.ts';
import { mostStampsPerDay } from '../program/program.ts';
import type { Card, StampLot, StampTime } from './card-state.ts';
import type { StampMove } from './entry.ts';

/** Stamp lots after some stamps have moved, in the order in which they are taken: soonest end first, then the earlier. */
export function moveStamps(lots: readonly StampLot[], moves: readonly StampMove[]): StampLot[] {
  const left = new Map(lots.map((lot) => [lot[0], lot]));
  for (const [seq, stamps, expiresAt] of moves) {
    const before = left.get(seq);
    const remaining = (before?.[1] ?? 0) + stamps;
    if (remaining < 0) throw new RangeError(`Stamp lot ${seq} has not ${-stamps} stamps`);
    if (remaining === 0) left.delete(seq);
    else left.set(seq, [seq, remaining, before ? before[2] : expiresAt]);
  }
  return [...left.values()].sort(
    (a, b) => (a[2] ?? Number.POSITIVE_INFINITY) - (b[2] ?? Number.POSITIVE_INFINITY) || a[0] - b[0] || 0,
  );
}

/** The moves that take stamps out of lots in their order, and what is missing. */
export function takeStamps(
  lots: readonly StampLot[],
  stamps: number,
): { moves: StampMove[]; missing: number } {
  const moves: StampMove[] = [];
  let left = stamps;
  for (const [seq, remaining, expiresAt] of lots) {
    if (left === 0) break;
    const part = Math.min(left, remaining);
    moves.push([seq, -part, expiresAt]);
    left -= part;
  }
  return { moves, missing: left };
}

/** Stamps that have not ended at an instant, whether or not their end is written. */
export function liveStamps(lots: readonly StampLot[], at: Instant): number {
  let stamps = 0;
  for (const [, remaining, expiresAt] of lots) if (expiresAt === null || expiresAt > at) stamps += remaining;
  return stamps;
}

/** The soonest end of any stamp; null: none ends. */
export function soonestStampEnd(lots: readonly StampLot[]): Instant | null {
  return lots[0]?.[2] ?? null;
}

/** How far back a stamp may be dated. */
const stampMemoryMs = 7 * 86_400_000;
// One that is dated as far back as may be still keeps the longest cooldown, which is as long, from those before it.
const keptMs = 2 * stampMemoryMs;

/**
 * The times with one more, without those that are too old to matter or more than a day can have, and from when on they are
 * complete.
 */
export function rememberStamp(
  { stampTimes, stampsKnownFrom }: Pick<Card, 'stampTimes' | 'stampsKnownFrom'>,
  time: StampTime,
  now: Instant,
): Pick<Card, 'stampTimes' | 'stampsKnownFrom'> {
  const kept = stampTimes.filter(([at]) => at > now - keptMs);
  kept.push(time);
  kept.sort((a, b) => a[0] - b[0] || a[2] - b[2]);
  const forgotten = kept.length > mostStampsPerDay ? kept[kept.length - mostStampsPerDay - 1] : undefined;
  return {
    stampTimes: kept.slice(-mostStampsPerDay),
    stampsKnownFrom: forgotten ? Math.max(stampsKnownFrom, forgotten[0] + 1) : stampsKnownFrom,
  };
}

/** The earliest instant that a stamp may be dated at, never after now: before it, other stamps may no longer be known. */
export function earliestStamp({ stampsKnownFrom }: Pick<Card, 'stampsKnownFrom'>, now: Instant): Instant {
  return Math.min(now, Math.max(now - stampMemoryMs, stampsKnownFrom));
}
