import { setTimeout as sleep } from 'node:timers/promises';
import {
  entryKinds,
  foldWork,
  LoyaltyError,
  type LoyaltyStore,
  type ProgramVersion,
  type Settled,
  type Work,
} from '@loyalty-engine/core';
import type { Database } from 'better-sqlite3';
import { CardLoader } from './load-cards.ts';
import { holdsTable, ordersTable } from './order-rows.ts';
import { ProgramCache } from './program-cache.ts';
import { type Cell, cardsTable, entriesTable, lotsTable } from './rows.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { isBusy, isConstraint, storeError } from './store-errors.ts';
import { writeChanges } from './write-changes.ts';
import { WriteGate } from './write-gate.ts';

/** A LoyaltyStore on SQLite, with the transaction that the host's own rows can share. */
export interface SqliteStore extends LoyaltyStore {
  /** The connection. Write to it only inside `transaction`. */
  readonly database: Database;
  /**
   * Runs the callback in one transaction (BEGIN IMMEDIATE) on the store's connection: the host's own statements on `db`
   * and `loyalty.using(db)` commit together, and roll back together when it throws. The store's other work waits
   * meanwhile, so keep it short.
   *
   * @throws what the callback throws; LoyaltyError STORE_BUSY when another process holds the database too long.
   * @example
   * await store.transaction(async (db) => {
   *   db.prepare('INSERT INTO orders (id, total) VALUES (?, ?)').run('ORDER123', '500.00')
   *   unwrap(await loyalty.using(db).earn({ ...member, order: { id: 'ORDER123', total: '500' } }))
   * })
   */
  transaction<T>(run: (db: Database) => Promise<T>): Promise<T>;
}

interface Connection {
  database: Database;
  statements: Statements;
  programs: ProgramCache;
  gate: WriteGate;
  busyTimeoutMs: number;
  /** The transaction that `transaction` has handed out, while it is open; each has an object of its own. */
  handedOut: object | null;
}

export function sqliteStore(database: Database, busyTimeoutMs: number, onClose: () => void): SqliteStore {
  const statements = prepareStatements(database);
  const connection: Connection = {
    database,
    statements,
    programs: new ProgramCache(statements),
    gate: new WriteGate(busyTimeoutMs),
    busyTimeoutMs,
    handedOut: null,
  };
  return {
    ...storeOn(connection, {
      write: (run) => writeAlone(connection, run),
      read: (run) => readAlone(connection, run),
    }),
    database,
    using(transaction) {
      const { handedOut } = connection;
      if (transaction !== database || !handedOut) {
        throw new LoyaltyError(
          'NOT_A_TRANSACTION',
          'using takes the db that store.transaction hands to its callback, while the callback runs',
        );
      }
      return storeOn(connection, {
        write: (run) => writeInside(connection, handedOut, run),
        read: (run) => readInside(connection, handedOut, run),
      });
    },
    transaction: (run) => openTransaction(connection, run),
    async close() {
      await connection.gate.idle();
      onClose();
    },
  };
}

/** How a store reaches its connection: alone, or inside a transaction that is already open. */
interface Access {
  write<T>(run: () => T): Promise<T>;
  read<T>(run: () => T): Promise<T>;
}

function storeOn({ statements, programs }: Connection, { write, read }: Access): LoyaltyStore {
  return {
    settle: (work) => settleBatch(write, work, (some) => settle(statements, programs, some)),
    using() {
      throw new LoyaltyError('NOT_A_TRANSACTION', 'This store is inside a transaction already');
    },
    load: (touch) =>
      read(() => {
        const loader = new CardLoader(statements, (programId) => programs.versions(programId));
        loader.load([touch]);
        const state = loader.stateOf(touch);
        return state?.exists ? state : null;
      }),
    entries: (cardId, { after, upTo, limit, descending, kinds = entryKinds }) =>
      read(() => {
        const statement = descending ? statements.entriesBefore : statements.entriesAfter;
        return statement.all(cardId, after, upTo, JSON.stringify(kinds), limit).map(entriesTable.fromRow);
      }),
    lastEntryBefore: (cardId, instant) => read(() => lastEntryBefore(statements, cardId, instant)),
    everything: (cardId) =>
      read(() => ({
        lots: statements.lots.all(cardId).map(lotsTable.fromRow),
        holds: statements.holds.all(cardId).map(holdsTable.fromRow),
        orders: statements.orders.all(cardId).map(ordersTable.fromRow),
      })),
    dueCards: (now, limit, after) =>
      read(() =>
        statements.dueCards
          .all(now, after?.nextExpiryAt ?? -1, after?.cardId ?? '', limit)
          .map(cardsTable.fromRow),
      ),
    cards: (limit, after) =>
      read(() => statements.cardsAfter.all(after ?? '', limit).map(cardsTable.fromRow)),
    versions: (programId) => read(() => [...programs.versions(programId)]),
    programIds: () => read(() => statements.programIds.all()),
    publish: (programId, next) => write(() => publish(programs, programId, next)),
    close: async () => {},
  };
}

function settle(statements: Statements, programs: ProgramCache, work: readonly Work[]): Settled[] {
  const versions = new Map<string, readonly ProgramVersion[]>();
  const loader = new CardLoader(statements, (programId) => {
    const known = versions.get(programId) ?? programs.versions(programId);
    versions.set(programId, known);
    return known;
  });
  loader.load(work.flatMap(({ touches }) => touches));
  const { settled, changes } = foldWork(work, loader.stateOf);
  writeChanges(statements, changes);
  return settled;
}

/** Settles a batch; where one command's rows break a constraint of the database, each alone, so that only it fails. */
async function settleBatch(
  write: Access['write'],
  work: readonly Work[],
  run: (work: readonly Work[]) => Settled[],
) {
  try {
    return await write(() => run(work));
  } catch (error) {
    if (work.length === 1 || !isConstraint(error)) throw error;
    const settled: Settled[] = [];
    for (const one of work) {
      settled.push(
        ...(await write(() => run([one])).catch((cause: unknown): Settled[] => [{ error: cause }])),
      );
    }
    return settled;
  }
}

function publish(
  programs: ProgramCache,
  programId: string,
  next: (existing: readonly ProgramVersion[]) => ProgramVersion,
): ProgramVersion {
  const existing = programs.versions(programId);
  const version = next(existing);
  if (!existing.includes(version)) programs.add(version);
  return version;
}

/** Entries are posted in the order of their numbers, so the place of an instant is found by halving. */
function lastEntryBefore(statements: Statements, cardId: string, instant: number) {
  const card = statements.cardById.get(cardId);
  let low = 0;
  let high = card ? cardsTable.fromRow(card).seq : 0;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const posted = statements.postedAt.get(cardId, middle);
    if (posted !== undefined && posted < instant) low = middle;
    else high = middle - 1;
  }
  const row: Cell[] | undefined = low === 0 ? undefined : statements.entry.get(cardId, low);
  return row ? entriesTable.fromRow(row) : null;
}

async function writeAlone<T>(connection: Connection, run: () => T): Promise<T> {
  return retryBusy(connection, () => {
    connection.statements.beginImmediate.run();
    return commitOrRollBack(connection, run);
  });
}

/** Reads one snapshot, also where a reading takes several statements. */
async function readAlone<T>(connection: Connection, run: () => T): Promise<T> {
  return retryBusy(connection, () => {
    connection.statements.begin.run();
    return commitOrRollBack(connection, run);
  });
}

function commitOrRollBack<T>(connection: Connection, run: () => T): T {
  try {
    const result = run();
    connection.statements.commit.run();
    return result;
  } catch (error) {
    rollBack(connection);
    throw error;
  }
}

function rollBack({ database, statements, programs }: Connection): void {
  if (database.inTransaction) statements.rollback.run();
  programs.forget();
}

/** A savepoint, so that a broken statement of ours leaves the caller's transaction as it was. */
async function writeInside<T>(connection: Connection, transaction: object, run: () => T): Promise<T> {
  const { database } = connection;
  mustBeOpen(connection, transaction);
  database.exec('SAVEPOINT loyalty');
  try {
    const result = run();
    database.exec('RELEASE loyalty');
    return result;
  } catch (error) {
    // A full disk ends the whole transaction by itself; the caller's own COMMIT will say so.
    if (database.inTransaction) database.exec('ROLLBACK TO loyalty; RELEASE loyalty');
    throw storeError(error);
  }
}

async function readInside<T>(connection: Connection, transaction: object, run: () => T): Promise<T> {
  mustBeOpen(connection, transaction);
  return run();
}

function mustBeOpen({ database, handedOut }: Connection, transaction: object): void {
  if (handedOut === transaction && database.inTransaction) return;
  throw new LoyaltyError(
    'NOT_A_TRANSACTION',
    'The transaction is over; use the engine itself, or open another one',
  );
}

async function openTransaction<T>(connection: Connection, run: (db: Database) => Promise<T>): Promise<T> {
  const { database, gate, statements } = connection;
  return gate.alone(async () => {
    await retryBusy(connection, () => statements.beginImmediate.run(), 'inside the gate');
    connection.handedOut = {};
    try {
      const result = await run(database);
      if (!database.inTransaction) {
        throw new LoyaltyError('NOT_A_TRANSACTION', 'The callback ended the transaction itself');
      }
      commit(connection);
      return result;
    } catch (error) {
      rollBack(connection);
      throw error;
    } finally {
      connection.handedOut = null;
    }
  });
}

function commit({ statements, database }: Connection): void {
  try {
    statements.commit.run();
  } catch (error) {
    throw storeError(error, database.name);
  }
}

/**
 * Tries again while another process, or a transaction that the host opened on the connection by hand, is in the way;
 * with growing, jittered pauses, at most `busyTimeoutMs`.
 */
async function retryBusy<T>(connection: Connection, run: () => T, gate?: 'inside the gate'): Promise<T> {
  const until = Date.now() + connection.busyTimeoutMs;
  for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
    if (!gate) await connection.gate.idle();
    if (!connection.database.open) throw new LoyaltyError('CLOSED', 'The database is closed');
    try {
      if (!connection.database.inTransaction) return run();
    } catch (error) {
      if (!isBusy(error) || Date.now() >= until) throw storeError(error, connection.database.name);
    }
    if (Date.now() >= until) {
      throw new LoyaltyError(
        'STORE_BUSY',
        'The connection has been inside a transaction of the host for too long',
      );
    }
    await sleep(pause * (0.5 + Math.random()));
  }
}
