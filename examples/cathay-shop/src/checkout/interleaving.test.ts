import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findOrders } from '../orders/order-rows.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import { Problem } from '../server/problem.ts';
import { failOrder } from './cancel-order.ts';
import { checkBooks } from './check-books.test-data.ts';
import { play, pointsBefore, type Scenario } from './crash-scenarios.test-data.ts';
import { givePoints } from './open-test-database.test-data.ts';
import { openTestShop, type TestShop } from './open-test-shop.test-data.ts';
import { reconcile } from './reconcile.ts';
import { endOfTransaction, withPoints } from './stop-at.test-data.ts';

type Services = ShopServices & { customerId: string; scenario: Scenario };

/** What somebody else does while a request stands still. */
const others: Record<string, (services: Services) => Promise<unknown>> = {
  'the reconciler': (services) => reconcile({ ...services, olderThanMs: 0, limit: 1000 }),
  'the same request again': (services) =>
    play(services, services.scenario, services.customerId).catch(refused),
  'somebody who gives the order up': async ({ customerId, database }) => {
    const [order] = await findOrders(database, 'customer_id = ?', [customerId]);
    const reserved = { holdId: null, payment: null };
    return order && failOrder({ database }, order, reserved, new Problem(402, 'GIVEN_UP', 'Given up.'));
  },
};

/** What a request is told that somebody else has overtaken; anything but a problem is a defect. */
function refused(error: unknown): void {
  expect(error).toBeInstanceOf(Problem);
}

describe.each(['sqlite', 'postgres'] as const)('two at one order on %s', (dialect) => {
  let shop: TestShop;
  const given = new Map<string, number>();
  beforeAll(async () => {
    shop = await openTestShop(dialect, inject('postgresUrl'));
  });
  afterAll(() => shop.close());

  /** Plays a scenario to a point, has somebody else act there, and lets it go on. */
  async function meetAt(scenario: Scenario, point: string, other: string): Promise<void> {
    const customerId = `${scenario} ${point} ${other}`.replaceAll(' ', '-');
    given.set(customerId, pointsBefore(scenario));
    await givePoints(shop.database, customerId, pointsBefore(scenario));
    let met = false;
    const watched = withPoints(shop, async (passed) => {
      if (passed !== point || met) return;
      met = true;
      await others[other]?.({ ...shop, customerId, scenario });
    });
    await play(watched, scenario, customerId).catch(refused);
    expect([scenario, point, met]).toEqual([scenario, point, true]);
  }

  /** Every point that a scenario comes past. */
  async function pointsOf(scenario: Scenario): Promise<Set<string>> {
    const points = new Set<string>();
    const watched = withPoints(shop, async (point) => void points.add(point));
    given.set(scenario, pointsBefore(scenario));
    await givePoints(shop.database, scenario, pointsBefore(scenario));
    await play(watched, scenario, scenario).catch(refused);
    // Whoever acted inside an open transaction would wait for it to end.
    for (const point of points) if (point.startsWith(endOfTransaction)) points.delete(point);
    return points;
  }

  it('whoever comes in between at any point of a checkout or a refund, the books agree', async () => {
    for (const scenario of ['buy', 'declined', 'not taken', 'refund'] as const)
      for (const point of await pointsOf(scenario))
        for (const other of Object.keys(others)) await meetAt(scenario, point, other);
    const settle = () => reconcile({ ...shop, olderThanMs: 0, limit: 1000 });
    expect((await settle()).failed).toEqual([]);
    expect(await settle()).toEqual({ finished: 0, waiting: 0, failed: [] });
    await checkBooks(shop.database, shop.simulator, given);
  }, 60_000);
});
