import { createLoyalty, type LoyaltyOptions } from '@loyalty-engine/core';
import { openSqliteStore } from '@loyalty-engine/sqlite';
import BetterSqlite3, { type Database, type Statement } from 'better-sqlite3';
import type { Queries, ShopDatabase, Value } from './shop-database.ts';

/**
 * The shop on one SQLite file. Writes go through the store's connection, one transaction at a time; reads through a second,
 * read-only one, so that they see only what was committed and never wait.
 *
 * @example
 * const database = openSqlite({ file: 'cathay-shop.sqlite' })
 */
export function openSqlite({
  file,
  ...options
}: { file: string } & Omit<LoyaltyOptions, 'store'>): ShopDatabase {
  const store = openSqliteStore({ file });
  const reader = new BetterSqlite3(file, { readonly: true });
  const loyalty = createLoyalty({ ...options, store });
  const writing = queriesOn(store.database);
  return {
    dialect: 'sqlite',
    loyalty,
    all: queriesOn(reader).all,
    run: (sql, values) => store.transaction(() => writing.run(sql, values)),
    transaction: (work) =>
      store.transaction((db) =>
        work({ ...writing, loyalty: createLoyalty({ ...options, store: store.using(db) }) }),
      ),
    async close() {
      // The writer goes last: only it can take the write-ahead log away.
      reader.close();
      await loyalty.close();
    },
  };
}

/** Statements on a connection, each prepared once. */
function queriesOn(database: Database): Queries {
  const prepared = new Map<string, Statement<Value[]>>();
  const prepare = (sql: string): Statement<Value[]> => {
    let statement = prepared.get(sql);
    if (!statement) {
      statement = database.prepare<Value[]>(sql);
      prepared.set(sql, statement);
    }
    return statement;
  };
  return {
    all: async <Row>(sql: string, values: readonly Value[] = []) => prepare(sql).all(...values) as Row[],
    run: async (sql, values = []) => prepare(sql).run(...values).changes,
  };
}
