import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@loyalty-engine/core';
import pg from 'pg';
import { migrateShop } from '../database/migrate.ts';
import { openPostgres } from '../database/open-postgres.ts';
import { openSqlite } from '../database/open-sqlite.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { cathayMiles, memberOf } from '../program.ts';

/** Where a test's shop is kept, as text, so that another process can open the same. */
export interface TestPlace {
  dialect: ShopDatabase['dialect'];
  /** A file, or a URL. */
  at: string;
  /** The simulator's file. */
  payments: string;
}

/** The products of a test's shop: their prices in paise, and how many there are. */
export const testProducts = {
  'CS-000001': { priceMinor: 50_000, stock: 1_000_000 },
  'CS-000002': { priceMinor: 19_950, stock: 1_000_000 },
  'CS-000003': { priceMinor: 10_000, stock: 3 },
  'CS-000004': { priceMinor: 20_000, stock: 1 },
};

export function openPlace({ dialect, at }: TestPlace): Promise<ShopDatabase> {
  return dialect === 'sqlite' ? Promise.resolve(openSqlite({ file: at })) : openPostgres({ url: at });
}

/** A place of the test's own, with all tables, the program and the products in it. `remove` it when the shop is closed. */
export async function newPlace(
  dialect: TestPlace['dialect'],
  postgresUrl: string,
): Promise<TestPlace & { remove(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'cathay-shop-'));
  const name = `shop_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  const at = dialect === 'sqlite' ? join(folder, 'shop.sqlite') : url.href;
  if (dialect === 'postgres') await administer(postgresUrl, `CREATE DATABASE ${name}`);
  const place = { dialect, at, payments: join(folder, 'payments.sqlite') };
  const database = await openPlace(place);
  await migrateShop(database);
  await database.loyalty.programs.publish({ ...cathayMiles, effectiveFrom: '2020-01-01T00:00:00Z' });
  for (const [id, { priceMinor, stock }] of Object.entries(testProducts)) {
    await database.run(
      `INSERT INTO products (number, id, sku, name, brand, category, description, price_minor, list_price_minor, stock,
        rating_tenths, image_hue, created_at, title_words, description_words)
      VALUES (?, ?, ?, ?, 'Kaveri', 'Home', 'For tests.', ?, ?, ?, 40, 10, 0, ' lamp ', ' for tests ')`,
      [Number(id.slice(3)), id, `SKU-${id}`, `Lamp ${id}`, priceMinor, priceMinor, stock],
    );
  }
  await database.close();
  return {
    ...place,
    async remove() {
      if (dialect === 'postgres')
        await administer(postgresUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Gives a customer points that were not earned on an order. */
export async function givePoints(
  { loyalty }: ShopDatabase,
  customerId: string,
  points: number,
): Promise<void> {
  const source = { type: 'test', id: randomUUID() };
  unwrap(await loyalty.award({ ...memberOf(customerId), points, source, reason: 'Test' }));
}
