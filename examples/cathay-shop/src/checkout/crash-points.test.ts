import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openSimulator } from '../payments/simulator.ts';
import { shopLogger } from '../server/shop-logger.ts';
import { checkBooks } from './check-books.test-data.ts';
import { type Case, customerOf, play, pointsBefore, scenarios } from './crash-scenarios.test-data.ts';
import { givePoints, newPlace, openPlace } from './open-test-database.test-data.ts';
import { reconcile } from './reconcile.ts';
import { killWorker, nextMessage, startWorker } from './start-worker.test-data.ts';
import { endOfTransaction, withPoints } from './stop-at.test-data.ts';

/** Opens a fresh shop for a test. */
async function openShop(dialect: 'sqlite' | 'postgres') {
  const { remove, ...place } = await newPlace(dialect, inject('postgresUrl'));
  onTestFinished(remove);
  const open = async () => {
    const database = await openPlace(place);
    const gateway = openSimulator({ file: place.payments });
    const close = async () => {
      await gateway.close();
      await database.close();
    };
    return { services: { database, gateway, logger: shopLogger({ logLevel: 'silent' }) }, close };
  };
  return { place, open };
}

/** Every scenario at every point that it comes past, as a run without a crash tells them. */
async function everyCase(): Promise<Case[]> {
  const { open } = await openShop('sqlite');
  const { services, close } = await open();
  const cases: Case[] = [];
  for (const scenario of scenarios) {
    const points = new Set<string>();
    const watched = withPoints(services, async (point) => void points.add(point));
    await givePoints(services.database, scenario, pointsBefore(scenario));
    await play(watched, scenario, scenario);
    for (const point of points)
      for (const sendsAgain of [true, false]) cases.push({ scenario, point, sendsAgain });
  }
  await close();
  return cases;
}

/**
 * An open transaction keeps others waiting, so that each is a crash of its own: the sale, its taking back, and a refund. Every
 * other case stands still together with all others, and they crash as one.
 */
const inTransactions: Case[] = [
  { scenario: 'buy', point: endOfTransaction, sendsAgain: false },
  { scenario: 'not taken', point: `${endOfTransaction} 2`, sendsAgain: false },
  { scenario: 'refund', point: `${endOfTransaction} 2`, sendsAgain: true },
];

describe.each(['sqlite', 'postgres'] as const)('a crash on %s', (dialect) => {
  it('at any point of any checkout or refund: nobody pays twice or for nothing, and no points are lost', async () => {
    const { place, open } = await openShop(dialect);
    const workers = Array.from({ length: 1 + inTransactions.length }, () => startCrasher(place));
    const together = (await everyCase()).filter(({ point }) => !point.startsWith(endOfTransaction));
    const cases = [...together, ...inTransactions];
    const before = await open();
    for (const one of cases)
      await givePoints(before.services.database, customerOf(one), pointsBefore(one.scenario));
    await before.close();
    const batches = [together, ...inTransactions.map((one) => [one])];
    for (const [index, batch] of batches.entries()) await (await workers[index])?.(batch);

    const { services, close } = await open();
    const again = cases.filter(({ sendsAgain }) => sendsAgain);
    for (const one of again)
      await play(services, one.scenario, customerOf(one)).catch((error: unknown) =>
        expectRefused(one, error),
      );
    const settle = () => reconcile({ ...services, olderThanMs: 0, limit: 1000 });
    expect((await settle()).failed).toEqual([]);
    expect(await settle()).toEqual({ finished: 0, waiting: 0, failed: [] });

    const given = new Map(cases.map((one) => [customerOf(one), pointsBefore(one.scenario)]));
    const orders = await checkBooks(services.database, services.gateway, given);
    for (const one of again) {
      const fails = ['declined', 'not taken', 'too many points'].includes(one.scenario);
      expect([one, orders.get(customerOf(one))]).toMatchObject([
        one,
        [{ paymentStatus: fails ? 'failed' : 'paid' }],
      ]);
    }
    await close();
  }, 60_000);
});

/** Starts a process that plays cases up to their points, and gives what has it do so and kills it there. */
async function startCrasher(place: object): Promise<(cases: readonly Case[]) => Promise<void>> {
  const worker = startWorker(new URL('crash-point.worker.ts', import.meta.url), JSON.stringify(place));
  expect(await nextMessage(worker)).toBe('ready');
  return async (cases) => {
    worker.send(cases);
    expect(await nextMessage(worker)).toBe('there');
    await killWorker(worker);
  };
}

/** What failed cannot be given back; nothing else may be refused. */
function expectRefused({ scenario }: Case, error: unknown): void {
  expect([scenario, error]).toMatchObject([expect.stringContaining('refund'), { code: 'ORDER_NOT_SETTLED' }]);
}
