import { openSimulator } from '../payments/simulator.ts';
import { shopLogger } from '../server/shop-logger.ts';
import { openPlace } from './open-test-database.test-data.ts';
import { orderPlacer } from './place-order.ts';
import { purchaseNumbered, shop } from './random-checkouts.test-data.ts';

/** Makes the wishes of a round, 24 at once, and reports the orders that were bought; goes on until it is killed. */
const [, , place = '', round = ''] = process.argv;
const where = JSON.parse(place);
const services = {
  database: await openPlace(where),
  gateway: openSimulator({ file: where.payments }),
  logger: shopLogger({ logLevel: 'silent' }),
};
const placeOrder = orderPlacer(services);
let next = 0;

async function shopper(): Promise<void> {
  for (;;) {
    const number = next;
    next += 1;
    const id = await shop(services, placeOrder, purchaseNumbered(Number(round), number));
    if (id !== null) process.send?.({ number, id });
  }
}

process.once('message', () => void Promise.all(Array.from({ length: 24 }, shopper)));
process.send?.('ready');
