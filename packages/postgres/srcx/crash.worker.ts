import { createLoyalty } from '@loyalty-engine/core';
import { callers, commandNumbered, isAcknowledged } from './crash-load.test-data.ts';
import { openPostgresStore } from './open-postgres-store.ts';

/** From a message on, which names a series, sends its commands and reports those that were acknowledged, until killed. */
const [, , connectionString = '', schema = ''] = process.argv;
const loyalty = createLoyalty({ store: openPostgresStore({ connectionString, schema }) });
let next = 0;

async function send(series: string): Promise<void> {
  for (;;) {
    const number = next;
    next += 1;
    if (isAcknowledged(await commandNumbered(loyalty, series, number))) process.send?.(number);
  }
}

process.once('message', (series: string) => Promise.all(Array.from({ length: callers }, () => send(series))));
process.send?.('ready');
