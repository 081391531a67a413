import { TZDate } from '@date-fns/tz';
import type { Instant, Loyalty } from '@loyalty-engine/core';
import { addMonths } from 'date-fns/addMonths';
import { startOfMonth } from 'date-fns/startOfMonth';
import type { StopClock } from '../stop-clock.ts';
import type { LeftOut } from './left-out.ts';
import type { Mapping } from './mapping.ts';
import type { OrderShelf } from './order-shelf.ts';
import type { ProgressBar } from './progress-bar.ts';
import { sell } from './sell.ts';
import { takeBack } from './take-back.ts';
import type { Tally } from './tally.ts';

/** How many orders may be on their way through the engine at once. */
const maxInFlight = 512;

/** All that a replay works with. */
export interface Replay {
  loyalty: Loyalty;
  clock: StopClock;
  mapping: Mapping;
  shelf: OrderShelf;
  leftOut: LeftOut;
  tally: Tally;
  bar: ProgressBar;
}

/**
 * Sends the shelf's orders through the engine in order of time. The clock stands at each order's own time when its
 * commands are given; they are stamped then, keep their order, and settle together with the orders around them. On the
 * first of every month, and once at the end, points that ended are written off.
 */
export async function replayOrders(replay: Replay): Promise<void> {
  const { loyalty, clock, mapping, shelf, tally, bar } = replay;
  const { timeZone } = mapping.program;
  let inFlight: Promise<void>[] = [];
  let nextMonth: Instant | null = null;
  let done = 0;
  const drain = async () => {
    await Promise.all(inFlight);
    inFlight = [];
    bar.update(done);
  };
  const writeOff = async () => {
    await drain();
    const { expired, failures } = await loyalty.jobs.expirePoints();
    if (failures[0]) throw new Error(`the expiry job failed: ${failures[0].message}`);
    tally.countExpired(expired);
  };
  for (const order of shelf.inTimeOrder()) {
    nextMonth ??= monthAfter(order.placedAt, timeZone);
    while (order.placedAt >= nextMonth) {
      await drain();
      clock.set(nextMonth);
      await writeOff();
      nextMonth = monthAfter(nextMonth, timeZone);
    }
    clock.set(order.placedAt);
    inFlight.push(order.kind === 'sale' ? sell(replay, order) : takeBack(replay, order));
    done += 1;
    if (inFlight.length >= maxInFlight) await drain();
  }
  await writeOff();
}

function monthAfter(at: Instant, timeZone: string): Instant {
  return startOfMonth(addMonths(new TZDate(at, timeZone), 1)).getTime();
}
