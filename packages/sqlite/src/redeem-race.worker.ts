import { createLoyalty } from '@loyalty-engine/core';
import { openSqliteStore } from './open-sqlite-store.ts';

/** Redeems all of a customer's points on each message, and answers whether it was the one that got them. */
const loyalty = createLoyalty({ store: openSqliteStore({ file: process.argv[2] as string }) });

process.on('message', async (customerId: string) => {
  const outcome = await loyalty.redeem({ programId: 'miles', customerId, points: 100 });
  process.send?.(outcome.ok ? 'won' : outcome.code);
});
process.send?.('ready');
