import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { ShopDatabase } from '../database/shop-database.ts';
import { pointsRoutes } from '../orders/points-routes.ts';
import { orderRoutes } from '../orders/routes.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import type { PaymentGateway } from '../payments/payment-gateway.ts';
import { openSimulator, type Simulator } from '../payments/simulator.ts';
import { memberOf } from '../program.ts';
import { problemHandler } from '../server/problem.ts';
import { givePoints, newPlace, openPlace } from './open-test-database.test-data.ts';
import { checkoutRoutes } from './routes.ts';
import { withAmountDue } from './with-amount-due.test-data.ts';

/** An answer of the shop: its status, its headers and its body. */
export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what the shop answers is what the tests look at
  body: any;
}

/** Who asks: `admin` is one, everybody else is a customer. */
export interface Client {
  id: string;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, key?: string): Promise<Answer>;
  /** Buys a cart for what is due, unless the body says otherwise; a key of its own unless one is given. */
  buy(body: unknown, key?: string): Promise<Answer>;
  available(): Promise<number>;
}

export type TestShop = Awaited<ReturnType<typeof openTestShop>>;

/**
 * The routes of checkout, orders and points on a real HTTP server, with a database and a simulator of their own. Who asks is
 * what the header `x-user` says. `gateway` puts something between the shop and the simulator.
 */
export async function openTestShop(
  dialect: ShopDatabase['dialect'],
  postgresUrl: string,
  between: (simulator: Simulator) => PaymentGateway = (simulator) => simulator,
) {
  const place = await newPlace(dialect, postgresUrl);
  const database = await openPlace(place);
  const simulator = openSimulator({ file: place.payments });
  /** What was said in the log, at `error`. */
  const errors: { facts: object; message: string }[] = [];
  const logger: ShopServices['logger'] = {
    info: () => {},
    error: (facts: unknown, message?: string) =>
      void errors.push({ facts: facts as object, message: message ?? '' }),
  };
  const services = { database, gateway: between(simulator), logger };
  const app = express();
  app.use(express.json());
  app.use((request, response, next) => {
    const id = request.get('x-user');
    if (id !== undefined) {
      const role = id === 'admin' ? 'admin' : 'customer';
      response.locals.user = { id, email: `${id}@cathay.example`, name: id, role };
    }
    next();
  });
  app.use(checkoutRoutes(services, []), orderRoutes(services), pointsRoutes(services));
  app.use(problemHandler);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function ask(
    id: string,
    method: string,
    path: string,
    body?: unknown,
    key?: string,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    const headers: Record<string, string> = { 'content-type': 'application/json', ...more };
    if (id !== '') headers['x-user'] = id;
    if (key !== undefined) headers['idempotency-key'] = key;
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(base + path, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  }

  function clientOf(id: string): Client {
    return {
      id,
      get: (path, headers) => ask(id, 'GET', path, undefined, undefined, headers),
      post: (path, body, key) => ask(id, 'POST', path, body, key),
      buy: (body, key = randomUUID()) => ask(id, 'POST', '/checkout/', agreeing(body), key),
      available: async () => (await database.loyalty.balance(memberOf(id))).available,
    };
  }

  return {
    ...services,
    simulator,
    errors,
    place,
    clientOf,
    /** A customer that nobody else is, with points. */
    async customer(points = 0): Promise<Client> {
      const id = `c-${randomUUID()}`;
      if (points > 0) await givePoints(database, id, points);
      return clientOf(id);
    },
    /** What the gateway's own books say of an order; null where no card was tried. */
    charges: (orderId: string) => simulator.ledger().find((line) => line.orderId === orderId) ?? null,
    async stock(productId: string): Promise<number> {
      const [row] = await database.all<{ stock: number }>('SELECT stock FROM products WHERE id = ?', [
        productId,
      ]);
      return Number(row?.stock);
    },
    /** The rows of a customer's orders, oldest first. */
    orders: (customerId: string) =>
      database.all<{ id: string; step: string; payment_status: string; failure: string | null }>(
        'SELECT id, step, payment_status, failure FROM orders WHERE customer_id = ? ORDER BY created_at, id',
        [customerId],
      ),
    /** The kinds and points of a customer's ledger, oldest first. */
    async entries(customerId: string): Promise<[string, number][]> {
      const { entries } = await database.loyalty.statement(memberOf(customerId), { limit: 1000 });
      return entries.map(({ kind, points }) => [kind, points]);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await services.gateway.close();
      await database.close();
      await place.remove();
    },
  };
}

/** What is no cart is sent as it is. */
function agreeing(body: unknown): unknown {
  const items = (body as { items?: unknown } | undefined)?.items;
  return Array.isArray(items) ? withAmountDue(body as Parameters<typeof withAmountDue>[0]) : body;
}
