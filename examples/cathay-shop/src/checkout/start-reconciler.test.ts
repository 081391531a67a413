import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type Client, openTestShop, type TestShop } from './open-test-shop.test-data.ts';
import { startReconciler } from './start-reconciler.ts';

const cart = { items: [{ productId: 'CS-000001', quantity: 1 }], card: 'pm_card_timeoutAfter' };
let shop: TestShop;
beforeAll(async () => {
  shop = await openTestShop('sqlite', inject('postgresUrl'));
});
afterAll(() => shop.close());

/** A logger that keeps what it is told. */
function keepingLogger() {
  const lines: string[] = [];
  const keep = (_facts: object, message: string) => void lines.push(message);
  return { lines, logger: { info: keep, error: keep } as Parameters<typeof startReconciler>[0]['logger'] };
}

const stepOf = async (customer: Client) => (await shop.orders(customer.id)).at(-1)?.step;

it('finishes orders now and then, says so, and does nothing any more once it is stopped', async () => {
  const { lines, logger } = keepingLogger();
  const customer = await shop.customer();
  await customer.buy(cart);
  const reconciler = startReconciler({ ...shop, logger, everyMs: 5, olderThanMs: 0 });
  await expect.poll(() => stepOf(customer)).toBe('done');
  await reconciler.stop();
  expect(lines).toContain('reconciled');
  await customer.buy(cart);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await stepOf(customer)).toBe('placing');
});

it('goes on after a run that failed, and logs what it could not finish', async () => {
  const { lines, logger } = keepingLogger();
  const customer = await shop.customer();
  await customer.buy(cart);
  let failures = 2;
  const failing = async () => {
    failures -= 1;
    throw new Error('no line');
  };
  const gateway = {
    ...shop.gateway,
    find: (order: Parameters<typeof shop.gateway.find>[0]) =>
      failures > 0 ? failing() : shop.gateway.find(order),
  };
  const reconciler = startReconciler({
    database: shop.database,
    gateway,
    logger,
    everyMs: 5,
    olderThanMs: 0,
  });
  await expect.poll(() => stepOf(customer)).toBe('done');
  await reconciler.stop();
  expect(lines).toContain('could not be reconciled yet');
});
