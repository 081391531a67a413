import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openPostgres } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';
import type { ShopDatabase } from './shop-database.ts';

/** A database of a test's own, without the shop's tables. */
export interface FreshDatabase {
  /** Opens it once more, as another process would. */
  open(): Promise<ShopDatabase>;
  /** Closes what was opened and removes it. */
  remove(): Promise<void>;
}

export async function freshDatabase(
  dialect: ShopDatabase['dialect'],
  postgresUrl: string,
): Promise<FreshDatabase> {
  const opened: ShopDatabase[] = [];
  const keep = (database: ShopDatabase) => {
    opened.push(database);
    return database;
  };
  const close = async () => void (await Promise.all(opened.map((database) => database.close())));
  if (dialect === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'cathay-shop-'));
    return {
      open: async () => keep(openSqlite({ file: join(folder, 'shop.sqlite') })),
      remove: async () => {
        await close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  }
  const name = `shop_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  await administer(postgresUrl, `CREATE DATABASE ${name}`);
  return {
    open: async () => keep(await openPostgres({ url: url.href })),
    remove: async () => {
      await close();
      await administer(postgresUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
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
