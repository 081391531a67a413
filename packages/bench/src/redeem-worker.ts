import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { openPostgresStore } from '@loyalty-engine/postgres';
import { percentile } from './drive.ts';
import { benchProgram } from './program.ts';

// A shop with a customer at the till now and then: redeems one point after the other, and tells the p50 and p99 in
// milliseconds since it was asked last.
const [order] = (await once(process, 'message')) as [{ url: string; cards: number; prefix: string }];
const loyalty = createLoyalty({
  store: openPostgresStore({ connectionString: order.url, pool: { max: 2 } }),
});
let latencies: number[] = [];
let redeeming = true;

process.on('message', () => {
  const sorted = latencies.sort((a, b) => a - b);
  latencies = [];
  process.send?.({ p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), count: sorted.length });
});
process.on('disconnect', () => {
  redeeming = false;
});

for (let number = 0; redeeming; number += 1) {
  const customerId = `${order.prefix}-${String(Math.floor(Math.random() * order.cards)).padStart(6, '0')}`;
  const start = performance.now();
  unwrap(
    await loyalty.redeem({
      programId: benchProgram.id,
      customerId,
      order: { id: `TILL-${process.pid}-${number}`, total: '10.00' },
      points: 1,
    }),
  );
  latencies.push(performance.now() - start);
  await sleep(2);
}
await loyalty.close();
