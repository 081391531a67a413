import { setTimeout as sleep } from 'node:timers/promises';
import { LoyaltyError } from '@loyalty-engine/core';
import type { Database } from 'better-sqlite3';
import type { ProgramCache } from './program-cache.ts';
import type { RecordRows } from './record-rows.ts';
import type { Statements } from './statements.ts';
import { isBusy, storeError } from './store-errors.ts';
import type { WriteGate } from './write-gate.ts';

/** The store's one connection, with what it keeps beside it. */
export interface Connection {
  database: Database;
  statements: Statements;
  programs: ProgramCache;
  records: RecordRows;
  gate: WriteGate;
  busyTimeoutMs: number;
  /** The transaction that `transaction` has handed out, while it is open; each has an object of its own. */
  handedOut: object | null;
}

/** How a store reaches its connection: alone, or inside a transaction that is already open. */
export interface Access {
  write<T>(run: () => T): Promise<T>;
  read<T>(run: () => T): Promise<T>;
  /** Whether a write is committed by itself. */
  alone: boolean;
}

export async function writeAlone<T>(connection: Connection, run: () => T): Promise<T> {
  return retryBusy(connection, () => {
    connection.statements.beginImmediate.run();
    return commitOrRollBack(connection, run);
  });
}

/** Reads one snapshot, also where a reading takes several statements. */
export async function readAlone<T>(connection: Connection, run: () => T): Promise<T> {
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
export async function writeInside<T>(connection: Connection, transaction: object, run: () => T): Promise<T> {
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

export async function readInside<T>(connection: Connection, transaction: object, run: () => T): Promise<T> {
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

export async function openTransaction<T>(
  connection: Connection,
  run: (db: Database) => Promise<T>,
): Promise<T> {
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
