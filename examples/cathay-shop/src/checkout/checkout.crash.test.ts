import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it, onTestFinished } from 'vitest';
import type { ShopServices } from '../orders/shop-services.ts';
import { openSimulator } from '../payments/simulator.ts';
import { shopLogger } from '../server/shop-logger.ts';
import { checkBooks } from './check-books.test-data.ts';
import { givePoints, newPlace, openPlace } from './open-test-database.test-data.ts';
import { orderPlacer } from './place-order.ts';
import { customers, purchaseNumbered, shop } from './random-checkouts.test-data.ts';
import { reconcile } from './reconcile.ts';
import { killWorker, nextMessage, startWorker } from './start-worker.test-data.ts';

const kills = 25;
const pointsGiven = 100_000;

it.each(['sqlite', 'postgres'] as const)(
  `kill -9 in mid-checkout, ${kills} times, on %s: shop, ledger and gateway tell the same story`,
  async (dialect) => {
    const { remove, ...place } = await newPlace(dialect, inject('postgresUrl'));
    onTestFinished(remove);
    const database = await openPlace(place);
    const services = {
      database,
      gateway: openSimulator({ file: place.payments }),
      logger: shopLogger({ logLevel: 'silent' }),
    };
    for (const id of customers) await givePoints(database, id, pointsGiven);
    const bought = new Set<string>();
    let sent = 0;
    for (let round = 0; round < kills; round += 1) {
      const acknowledged = await shopUntilKilled(place, round);
      for (const { id } of acknowledged) bought.add(id);
      const last = Math.max(...acknowledged.map(({ number }) => number));
      sent += last + 1;
      await sendSomeAgain(services, round, last);
      // In every third round the reconciler comes at once, in the others much later.
      if (round % 3 === 0) await reconcile({ ...services, olderThanMs: 0, limit: 10_000 });
    }
    await reconcile({ ...services, olderThanMs: 0, limit: 100_000 });
    await reconcile({ ...services, olderThanMs: 0, limit: 100_000 });
    const given = new Map(customers.map((id) => [id, pointsGiven]));
    const orders = [...(await checkBooks(database, services.gateway, given)).values()].flat();
    const paid = new Set(orders.filter(({ paymentStatus }) => paymentStatus === 'paid').map(({ id }) => id));
    expect([...bought].filter((id) => !paid.has(id))).toEqual([]);
    expect(bought.size).toBeGreaterThan(kills * 10);
    console.log(
      `${dialect}: ${kills} kills, ${sent} checkouts, ${bought.size} acknowledged before a kill and all there,`,
      `${paid.size} sold in all, ${orders.length - paid.size} failed and free`,
    );
    await services.gateway.close();
    await database.close();
  },
);

/** Lets a worker shop for a random while and kills it; the orders that it has acknowledged, by the number of their wish. */
async function shopUntilKilled(place: object, round: number): Promise<{ number: number; id: string }[]> {
  const worker = startWorker(
    new URL('random-checkouts.worker.ts', import.meta.url),
    JSON.stringify(place),
    String(round),
  );
  expect(await nextMessage(worker)).toBe('ready');
  const acknowledged: { number: number; id: string }[] = [];
  worker.on('message', (message) => acknowledged.push(message as { number: number; id: string }));
  worker.send('go');
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(0);
  await sleep(Math.random() * 800);
  await killWorker(worker);
  return acknowledged;
}

/** Every other customer sends their last requests again. */
async function sendSomeAgain(services: ShopServices, round: number, last: number): Promise<void> {
  const placeOrder = orderPlacer(services);
  for (let number = Math.max(0, last - 40); number <= last + 10; number += 2)
    await shop(services, placeOrder, purchaseNumbered(round, number));
}
