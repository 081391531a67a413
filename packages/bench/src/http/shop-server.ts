import { once } from 'node:events';
import { join } from 'node:path';
import { scryptPins } from '@loyalty-engine/node';
import express, { type Router } from 'express';
import knexOf, { type Knex } from 'knex';
import { passwordHasher } from '../../../../examples/cathay-shop/src/accounts/password-hasher.ts';
import { startReconciler } from '../../../../examples/cathay-shop/src/checkout/start-reconciler.ts';
import { migrateShop } from '../../../../examples/cathay-shop/src/database/migrate.ts';
import { openPostgres } from '../../../../examples/cathay-shop/src/database/open-postgres.ts';
import { openSqlite } from '../../../../examples/cathay-shop/src/database/open-sqlite.ts';
import { openSimulator } from '../../../../examples/cathay-shop/src/payments/simulator.ts';
import { seed } from '../../../../examples/cathay-shop/src/seed/seed.ts';
import { createShop } from '../../../../examples/cathay-shop/src/server/create-shop.ts';
import { listen } from '../../../../examples/cathay-shop/src/server/listen.ts';
import { shopLogger } from '../../../../examples/cathay-shop/src/server/shop-logger.ts';
import { handBooksProblems, shopBooksProblems } from './check-books.ts';
import { addCustomers } from './customers.ts';
import { handWrittenRoutes } from './hand-written-routes.ts';
import { createHandWrittenTables } from './hand-written-tables.ts';

/** What the server is told first. */
export interface ServerOrder {
  /** PostgreSQL; null: SQLite in the folder. */
  databaseUrl: string | null;
  folder: string;
  customers: number;
  serviceKey: string;
}

/** What it is asked afterwards, and answers once each. */
export type ServerQuestion = 'cpu' | 'check' | 'stop';
export interface ServerAnswers {
  /** Microseconds of processor time so far. */
  cpu: number;
  /** What in the books does not add up. */
  check: string[];
  stop: null;
}

/** As many as the shop's own pool has. */
const handPool = { min: 0, max: 10 };
const stockForAll = 100_000_000;

// The real shop, in a process of its own, with what it is compared with beside it.
const [order] = (await once(process, 'message')) as [ServerOrder];
const pins = scryptPins({ pepper: order.serviceKey });
const database = order.databaseUrl
  ? await openPostgres({ url: order.databaseUrl, pins })
  : openSqlite({ file: join(order.folder, 'shop.sqlite'), pins });
const passwords = passwordHasher();
await migrateShop(database);
await seed(database, { demo: true, passwords });
await database.run('UPDATE products SET stock = ?', [stockForAll]);
await addCustomers(database, passwords, order.customers);
const gateway = openSimulator({ file: ':memory:' });

const handGateway = openSimulator({ file: ':memory:' });
const handDatabase = order.databaseUrl ? await openHandWritten(order.databaseUrl) : null;

const logger = shopLogger({ logLevel: 'info' });
const unlimited = 100_000_000;
const app = createShop({
  database,
  payments: { kind: 'simulator', gateway },
  config: {
    production: false,
    sessionSecret: order.serviceKey,
    keys: { service: order.serviceKey, store: null },
    storeLocation: 'bandra',
    trustProxy: false,
    limits: {
      requestsPerMinute: unlimited,
      failedLoginsPer15Minutes: unlimited,
      failedPaymentsPerHour: unlimited,
    },
  },
  logger,
  routes: comparedRoutes(),
});
const reconciler = startReconciler({ database, gateway, logger });
const listening = await listen(app, { host: '127.0.0.1', port: 0 });

process.on('message', async (question: ServerQuestion) => {
  process.send?.(await answer(question));
  if (question === 'stop') process.disconnect();
});
process.send?.(listening.port);

async function openHandWritten(url: string): Promise<Knex> {
  const knex = knexOf({ client: 'pg', connection: url, searchPath: ['by_hand'], pool: handPool });
  await createHandWrittenTables(knex, order.customers);
  return knex;
}

function comparedRoutes(): Router {
  const routes = express.Router();
  routes.get('/constant', (_request, response) => {
    response.json({ status: 'ok' });
  });
  if (handDatabase) {
    const { serviceKey } = order;
    routes.use('/by-hand', handWrittenRoutes({ database: handDatabase, gateway: handGateway, serviceKey }));
  }
  return routes;
}

async function answer(question: ServerQuestion): Promise<ServerAnswers[ServerQuestion]> {
  if (question === 'cpu') {
    const { user, system } = process.cpuUsage();
    return user + system;
  }
  if (question === 'check') {
    const ofHand = handDatabase ? await handBooksProblems(handDatabase, handGateway) : [];
    return [...(await shopBooksProblems(database, gateway)), ...ofHand];
  }
  await listening.close(2_000);
  await reconciler.stop();
  await gateway.close();
  await handGateway.close();
  await handDatabase?.destroy();
  await database.close();
  return null;
}
