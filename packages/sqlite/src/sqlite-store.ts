import {
  type Cell,
  cardsTable,
  claimsForgottenBefore,
  entriesTable,
  foldWork,
  forgottenBefore,
  holdsTable,
  LoyaltyError,
  type LoyaltyStore,
  lotsTable,
  ordersTable,
  type ProgramVersion,
  type RecordKey,
  type RecordRow,
  type Settled,
  type Touch,
  type Work,
} from '@loyalty-engine/core';
import type { Database } from 'better-sqlite3';
import { gatheredLoads } from './gathered-loads.ts';
import { CardLoader } from './load-cards.ts';
import { ProgramCache } from './program-cache.ts';
import { readCards, readEntries, readEntriesAcross, readOrders, readVouchers } from './read-pages.ts';
import { readCardSums, readTallies } from './read-sums.ts';
import { RecordRows } from './record-rows.ts';
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
    records: new RecordRows(database),
    gate: new WriteGate(busyTimeoutMs),
    busyTimeoutMs,
    handedOut: null,
  };
  return {
    ...storeOn(connection, {
      write: (run) => writeAlone(connection, run),
      read: (run) => readAlone(connection, run),
      alone: true,
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
        alone: false,
      });
    },
    tidy: (now) =>
      writeAlone(connection, () => {
        statements.forgetAttempts.run(forgottenBefore(now), now);
        statements.forgetRequests.run(claimsForgottenBefore(now));
      }),
    transaction: (run) => openTransaction(connection, run),
    async close() {
      await connection.gate.idle();
      onClose();
    },
  };
}

function storeOn(
  { statements, programs, records }: Connection,
  { write, read, alone }: Access,
): LoyaltyStore {
  const loadAll = (touches: readonly Touch[]) =>
    read(() => {
      const loader = new CardLoader(statements, programs);
      loader.load(touches);
      return touches.map((touch) => {
        const state = loader.stateOf(touch);
        return state?.exists ? state : null;
      });
    });
  return {
    settle: (work) => settleBatch(write, work, (some) => settle(statements, programs, some)),
    using() {
      throw new LoyaltyError('NOT_A_TRANSACTION', 'This store is inside a transaction already');
    },
    load: alone ? gatheredLoads(loadAll) : async (touch) => (await loadAll([touch]))[0] ?? null,
    entries: (cardId, slice) => read(() => readEntries(statements, cardId, slice)),
    entriesAcross: (filter, limit, before) =>
      read(() => readEntriesAcross(statements, filter, limit, before)),
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
    cards: (limit, after, filter) => read(() => readCards(statements, limit, after, filter)),
    orders: (of, limit, after) => read(() => readOrders(statements, of, limit, after)),
    vouchers: (cardId, limit, before, status) =>
      read(() => readVouchers(statements, cardId, limit, before, status)),
    tallies: (query) => read(() => readTallies(statements, query)),
    cardSums: (programIds, now, activeSince) =>
      read(() => readCardSums(statements, programIds, now, activeSince)),
    records: (table, keys) => read(() => keys.map((key) => records.find(table, key))),
    recordsIn: (table, within, after, limit) => read(() => records.within(table, within, after, limit)),
    async changeRecords(keys, change) {
      if (!alone) {
        throw new LoyaltyError(
          'NOT_IN_A_TRANSACTION',
          "A merchant's books and PIN counters must outlive a rollback: change them on the engine itself",
        );
      }
      return write(() => changeRecords(records, programs, keys, change));
    },
    versions: (programId) => read(() => [...programs.versions(programId)]),
    programIds: () => read(() => statements.programIds.all()),
    publish: (programId, next) => write(() => publish(programs, programId, next)),
    close: async () => {},
  };
}

function settle(statements: Statements, programs: ProgramCache, work: readonly Work[]): Settled[] {
  const loader = new CardLoader(statements, programs);
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

function changeRecords<Result>(
  records: RecordRows,
  programs: ProgramCache,
  keys: readonly RecordKey[],
  change: (rows: readonly unknown[]) => { rows: readonly RecordRow[]; result: Result },
): Result {
  const { rows, result } = change(keys.map(({ table, key }) => records.find<unknown>(table, key)));
  for (const row of rows) records.write(row);
  programs.merchantsChanged();
  return result;
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
