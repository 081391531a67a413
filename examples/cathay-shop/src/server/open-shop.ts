import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { scryptPins } from '@loyalty-engine/node';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { passwordHasher } from '../accounts/password-hasher.ts';
import { startReconciler } from '../checkout/start-reconciler.ts';
import type { Config } from '../config.ts';
import { migrateShop } from '../database/migrate.ts';
import { openPostgres } from '../database/open-postgres.ts';
import { openSqlite } from '../database/open-sqlite.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { seed } from '../seed/seed.ts';
import { createShop } from './create-shop.ts';
import { openPayments } from './open-payments.ts';

/** A shop that is open, but not yet at any port. */
export interface OpenShop {
  app: Express;
  database: ShopDatabase;
  /** Lets the reconciler finish, then closes gateway and database. Nothing may be under way any more. */
  close(): Promise<void>;
}

/** Opens all that the configuration names: database with its tables, seeds, gateway, reconciler and application. */
export async function openShop(config: Config, logger: Logger, isStopping: () => boolean): Promise<OpenShop> {
  await mkdir(config.dataFolder, { recursive: true });
  const pins = scryptPins({ pepper: config.pinPepper });
  const database = config.databaseUrl
    ? await openPostgres({ url: config.databaseUrl, pins })
    : openSqlite({ file: join(config.dataFolder, 'shop.sqlite'), pins });
  const passwords = passwordHasher();
  await migrateShop(database);
  await seed(database, { demo: !config.production, passwords });
  const payments = openPayments(config);
  const reconciler = startReconciler({ database, gateway: payments.gateway, logger });
  return {
    app: createShop({ database, payments, config, logger, isStopping, passwords }),
    database,
    async close() {
      await reconciler.stop();
      await payments.gateway.close();
      await database.close();
    },
  };
}
