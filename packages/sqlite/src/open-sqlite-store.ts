import { LoyaltyError } from '@loyalty-engine/core';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { migrate } from './migrate.ts';
import { type SqliteStore, sqliteStore } from './sqlite-store.ts';
import { storeError } from './store-errors.ts';

/** `file`: the store opens and owns the connection; `':memory:'` keeps nothing. `database`: the host's own connection. */
export type SqliteStoreOptions = (
  | { file: string; database?: never }
  | { database: Database; file?: never }
) & {
  /** How long to wait for another process that writes, in milliseconds. Default 10,000. */
  busyTimeoutMs?: number;
};

const oldestNode = 22;

/**
 * Opens a store on SQLite and brings its tables (all named `loyalty_...`) up to date. With `file` the database runs in
 * WAL mode with synchronous=FULL: what was acknowledged survives a crash and a power cut. With `database` the connection
 * keeps the host's settings, and `close` leaves it open.
 *
 * @throws LoyaltyError STORE_NEEDS_NODE on a Node older than 22, INVALID_OPTIONS, STORE_CANNOT_OPEN,
 * STORE_NOT_A_DATABASE, STORE_READ_ONLY, STORE_FOREIGN, STORE_NEWER, STORE_CORRUPT, STORE_FULL, STORE_BUSY, STORE_IO.
 * @example
 * const store = openSqliteStore({ file: 'loyalty.sqlite' })
 * const loyalty = createLoyalty({ store })
 */
export function openSqliteStore(options: SqliteStoreOptions): SqliteStore {
  refuseOldNode();
  const { busyTimeoutMs = 10_000 } = options;
  if (!Number.isInteger(busyTimeoutMs) || busyTimeoutMs < 0) {
    throw new LoyaltyError('INVALID_OPTIONS', 'busyTimeoutMs: expected whole milliseconds of zero or more');
  }
  if (options.database) return openOn(options.database, busyTimeoutMs);
  if (typeof options.file !== 'string' || options.file === '') {
    throw new LoyaltyError(
      'INVALID_OPTIONS',
      'file: expected the path of a database file, or give a database',
    );
  }
  return openFile(options.file, busyTimeoutMs);
}

function openOn(database: Database, busyTimeoutMs: number): SqliteStore {
  try {
    migrate(database);
    if (!database.inTransaction) refuseReadOnly(database);
    return sqliteStore(database, busyTimeoutMs, () => {});
  } catch (error) {
    throw storeError(error, database.name);
  }
}

function openFile(file: string, busyTimeoutMs: number): SqliteStore {
  let database: Database | undefined;
  try {
    // Migrating waits for other processes that start at the same time; later waiting is asynchronous.
    const opened = new BetterSqlite3(file, { timeout: busyTimeoutMs });
    database = opened;
    opened.pragma('journal_mode = WAL');
    opened.pragma('synchronous = FULL');
    opened.pragma('foreign_keys = ON');
    migrate(opened);
    refuseReadOnly(opened);
    // 4 MiB of pages in memory (more made nothing faster), and a log of up to 64 MiB: a page that many commands change is
    // copied back once.
    opened.pragma('cache_size = -4096');
    opened.pragma('wal_autocheckpoint = 16000');
    opened.pragma('busy_timeout = 20');
    return sqliteStore(opened, busyTimeoutMs, () => opened.close());
  } catch (error) {
    database?.close();
    throw openingError(error, file);
  }
}

/** What cannot be written opens and reads, and even begins to write; better to say so now than at the first command. */
function refuseReadOnly(database: Database): void {
  const version = Number(database.pragma('user_version', { simple: true }));
  database.exec('BEGIN');
  try {
    database.pragma(`user_version = ${version}`);
  } finally {
    database.exec('ROLLBACK');
  }
}

function openingError(error: unknown, file: string): unknown {
  if (error instanceof TypeError) {
    return new LoyaltyError('STORE_CANNOT_OPEN', `${error.message} (${file})`, { cause: error });
  }
  return storeError(error, file);
}

/** better-sqlite3 13 crashes the process on Node 20 when its native part is loaded, which is when a database is opened. */
function refuseOldNode(): void {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= oldestNode) return;
  throw new LoyaltyError(
    'STORE_NEEDS_NODE',
    `@loyalty-engine/sqlite needs Node ${oldestNode} or newer, this is ${process.versions.node}`,
  );
}
