import { createLoyalty } from '@loyalty-engine/core';
import { cards, commandNumbered } from './crash-load.test-data.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

/**
 * Sends commands from a number on, 300 in flight, and reports the numbers that were acknowledged; goes on until it is
 * killed.
 */
const [, , file = '', from = '0'] = process.argv;
const loyalty = createLoyalty({ store: openSqliteStore({ file }) });
let next = Number(from);

async function caller(): Promise<void> {
  for (;;) {
    const number = next;
    next += 1;
    const outcome = await commandNumbered(loyalty, number);
    if (!outcome.ok && outcome.code !== 'NOT_ENOUGH_POINTS') throw new Error(JSON.stringify(outcome));
    if (outcome.ok) process.send?.(number);
  }
}

process.send?.(cards);
await Promise.all(Array.from({ length: 300 }, caller));
