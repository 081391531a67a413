import { LoyaltyError } from '@loyalty-engine/core';
import type { Database } from 'better-sqlite3';
import { migrations } from './migrations.ts';

/**
 * Brings the tables up to date, in one transaction, safe when several processes start at once.
 *
 * @throws LoyaltyError STORE_NEWER when a later version of this package has written the file, STORE_FOREIGN when tables
 * of our names are there that this package has not made.
 */
export function migrate(database: Database): void {
  if (applied(database)?.length === migrations.length) {
    checkKnown(database);
    return;
  }
  database
    .transaction(() => {
      const names = applied(database);
      if (!names) {
        refuseForeignTables(database);
        database.exec(
          'CREATE TABLE loyalty_migrations (name TEXT NOT NULL PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT',
        );
      }
      checkKnown(database);
      const insert = database.prepare('INSERT INTO loyalty_migrations (name, applied_at) VALUES (?, ?)');
      for (const { name, sql } of migrations) {
        if (names?.includes(name)) continue;
        database.exec(sql);
        insert.run(name, Date.now());
      }
    })
    .immediate();
}

function applied(database: Database): string[] | null {
  const table = database
    .prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'loyalty_migrations'")
    .get();
  if (!table) return null;
  return database.prepare('SELECT name FROM loyalty_migrations ORDER BY name').pluck().all() as string[];
}

function checkKnown(database: Database): void {
  const unknown = applied(database)?.find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown === undefined) return;
  throw new LoyaltyError(
    'STORE_NEWER',
    `The database was written by a newer @loyalty-engine/sqlite (migration ${unknown}): update the package`,
  );
}

function refuseForeignTables(database: Database): void {
  const foreign = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'loyalty\\_%' ESCAPE '\\'")
    .pluck()
    .get();
  if (foreign === undefined) return;
  throw new LoyaltyError(
    'STORE_FOREIGN',
    `The database has a table ${String(foreign)} that this package has not made`,
  );
}
