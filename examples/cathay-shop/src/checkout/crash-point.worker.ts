import { openSimulator } from '../payments/simulator.ts';
import { shopLogger } from '../server/shop-logger.ts';
import { type Case, customerOf, play } from './crash-scenarios.test-data.ts';
import { openPlace } from './open-test-database.test-data.ts';
import { withPoints } from './stop-at.test-data.ts';

/**
 * Plays every case that it is sent up to its point, where it stays for ever; says when all have come there, and waits to be
 * killed.
 */
const place = JSON.parse(process.argv[2] ?? '');
const services = {
  database: await openPlace(place),
  gateway: openSimulator({ file: place.payments }),
  logger: shopLogger({ logLevel: 'silent' }),
};

/** Resolves when the case has come to its point. */
function stopAt(one: Case): Promise<void> {
  return new Promise((arrived, reject) => {
    const stopping = withPoints(services, (point) => {
      if (point !== one.point) return Promise.resolve();
      arrived();
      return new Promise(() => {});
    });
    play(stopping, one.scenario, customerOf(one)).then(
      () => reject(new Error(`${customerOf(one)} never came to its point`)),
      reject,
    );
  });
}

process.once('message', async (cases: Case[]) => {
  for (const one of cases) await stopAt(one);
  process.send?.('there');
});
process.send?.('ready');
