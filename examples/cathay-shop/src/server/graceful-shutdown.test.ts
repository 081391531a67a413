import { join } from 'node:path';
import { scryptPins } from '@loyalty-engine/node';
import { expect, onTestFinished, test } from 'vitest';
import { openSqlite } from '../database/open-sqlite.ts';
import { openSimulator } from '../payments/simulator.ts';
import { cookieIn, credentialsOf, temporaryFolder } from './shop-in-test.test-data.ts';
import { startShop } from './shop-process.test-data.ts';

const json = { 'Content-Type': 'application/json' };
const plenty = { REQUESTS_PER_MINUTE: '1000000', LOG_LEVEL: 'warn' };

interface Attempt {
  startedAt: number;
  /** Null where there was no answer. */
  status: number | null;
  orderId: string | null;
}

interface Product {
  id: string;
  price: string;
}

/** Buys one product after the other until nobody answers any more. */
async function buyOn(url: string, cookie: string, products: Product[], name: string): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (let number = 0; ; number += 1) {
    const { id = '', price = '' } = products[number % products.length] ?? {};
    const points = number % 3 === 0 ? 1 : 0;
    const attempt: Attempt = { startedAt: performance.now(), status: null, orderId: null };
    attempts.push(attempt);
    try {
      const response = await fetch(`${url}/checkout/`, {
        method: 'POST',
        headers: { ...json, cookie, 'Idempotency-Key': `${name}-${number}` },
        body: JSON.stringify({
          items: [{ productId: id, quantity: 1 }],
          points,
          amountDue: (Number(price) - points).toFixed(2),
          card: 'pm_card_visa',
        }),
      });
      const answer = await response.json();
      Object.assign(attempt, { status: response.status, orderId: answer.id ?? null });
    } catch {
      return attempts;
    }
  }
}

test('SIGTERM in mid-load: requests under way finish and nothing is lost', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const shop = startShop({ DATA_FOLDER: folder, ...plenty });
  const url = await shop.open();
  const cookies = await Promise.all(
    ['priya', 'rahul', 'sachin'].map(async (id) =>
      cookieIn(
        await fetch(`${url}/login`, {
          method: 'POST',
          headers: json,
          body: JSON.stringify(credentialsOf(id)),
        }),
      ),
    ),
  );
  const page = await (await fetch(`${url}/products/?perPage=50`)).json();
  const products: Product[] = page.products;
  const clients = Array.from({ length: 24 }, (_, number) => {
    const cookie = cookies[number % cookies.length] ?? '';
    return buyOn(url, cookie, products.slice(number % 25), `client-${number}`);
  });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const stoppedAt = performance.now();
  shop.child.kill('SIGTERM');
  expect(await shop.ended()).toBe(0);

  const attempts = (await Promise.all(clients)).flat();
  const underWay = attempts.filter(({ startedAt }) => startedAt < stoppedAt);
  expect(underWay.filter(({ status }) => status === null)).toEqual([]);
  const bought = attempts.filter(({ status }) => status === 201);
  expect(bought.length).toBeGreaterThan(24);
  expect(attempts.filter(({ status }) => status !== null && status >= 500)).toEqual([]);

  const pins = scryptPins({ pepper: 'x'.repeat(32) });
  const database = openSqlite({ file: join(folder, 'shop.sqlite'), pins });
  const simulator = openSimulator({ file: join(folder, 'payments.sqlite') });
  onTestFinished(async () => {
    await Promise.all([database.close(), simulator.close()]);
  });
  const orders = await database.all<{ id: string; total: number; due: number }>(
    "SELECT id, total_minor AS total, amount_due_minor AS due FROM orders WHERE payment_status = 'paid' AND step = 'done'",
  );
  const paid = new Map(orders.map((order) => [order.id, order]));
  for (const { orderId } of bought) expect(paid.has(orderId ?? '')).toBe(true);
  // Whoever was charged has an order, for exactly that.
  for (const { orderId, netCharged } of simulator.ledger())
    expect(netCharged).toBe(paid.get(orderId)?.due ?? 0);
  expect((await database.loyalty.verify()).problems).toEqual([]);
});

test('a second signal ends it at once', { timeout: 60_000 }, async () => {
  const shop = startShop({ DATA_FOLDER: temporaryFolder(), ...plenty });
  const url = new URL(await shop.open());
  // A body that never comes keeps the first signal waiting for its deadline.
  const { connect } = await import('node:net');
  const socket = connect(Number(url.port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.write(
    'POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  shop.child.kill('SIGTERM');
  shop.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(shop.child.exitCode).toBeNull();
  shop.child.kill('SIGINT');
  expect(await shop.ended()).toBe(1);
  expect(shop.output()).toContain('Stopped at once');
});
