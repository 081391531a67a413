import {
  type Cell,
  cardsTable,
  entriesTable,
  entryKinds,
  foldWork,
  holdsTable,
  LoyaltyError,
  type LoyaltyStore,
  lotsTable,
  ordersTable,
  type ProgramVersion,
  type Settled,
  type Work,
} from '@loyalty-engine/core';
import type { Database } from 'better-sqlite3';
import { CardLoader } from './load-cards.ts';
import { ProgramCache } from './program-cache.ts';
import { prepareStatements, type Statements } from './statements.ts';
import { isConstraint } from './store-errors.ts';
import {
  type Access,
  type Connection,
  openTransaction,
  readAlone,
  readInside,
  writeAlone,
  writeInside,
} from './transactions.ts';
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
