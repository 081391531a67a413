import { LoyaltyError } from '@loyalty-engine/core';
import type { Knex } from 'knex';
import { type Call, forgetStatements, type PgConnection, type Rows, runPipeline } from './pipeline.ts';
import type { recordStatementsFor } from './record-statements.ts';
import type { Statements } from './statements.ts';
import {
  isConnectionLoss,
  isOfNewCard,
  isStaleStatement,
  isStandby,
  stateOf,
  storeError,
} from './store-errors.ts';

/** What a store's transactions need to know. */
export interface Database {
  knex: Knex;
  statements: Statements;
  recordStatements: ReturnType<typeof recordStatementsFor>;
  preparedStatements: boolean;
}

/** A transaction that calls are sent in. */
export interface Transaction {
  ended: boolean;
  run(calls: readonly Call[]): Promise<Rows[]>;
  /** Runs the last calls and ends what we began. */
  end(calls?: readonly Call[]): Promise<Rows[]>;
}

/**
 * A transaction of the store's own. What opens it travels with the first calls, and what ends it with the last, so that
 * the shortest one is a single round trip.
 */
class OwnTransaction implements Transaction {
  ended = false;
  private readonly connection: PgConnection;
  private readonly preparedStatements: boolean;
  private opening: readonly Call[];
  private readonly ending: readonly Call[];

  constructor(
    connection: PgConnection,
    preparedStatements: boolean,
    opening: readonly Call[],
    ending: readonly Call[],
  ) {
    this.connection = connection;
    this.preparedStatements = preparedStatements;
    this.opening = opening;
    this.ending = ending;
  }

  async run(calls: readonly Call[]): Promise<Rows[]> {
    const { opening } = this;
    this.opening = [];
    const rows = await runPipeline(this.connection, [...opening, ...calls], this.preparedStatements);
    return rows.slice(opening.length);
  }

  async end(calls: readonly Call[] = []): Promise<Rows[]> {
    this.ended = true;
    const rows = await this.run([...calls, ...this.ending]);
    return rows.slice(0, calls.length);
  }
}

/**
 * The caller's transaction. Each pipeline is between a savepoint and its release, so that a statement of ours that breaks
 * leaves the caller's own as they were; nothing of the caller's comes between the two, since they are sent as one.
 */
class CallersTransaction implements Transaction {
  ended = false;
  private readonly connection: PgConnection;
  private readonly transaction: Knex.Transaction;
  private readonly around: readonly [before: Call, after: Call];

  constructor(
    connection: PgConnection,
    transaction: Knex.Transaction,
    around: readonly [before: Call, after: Call],
  ) {
    this.connection = connection;
    this.transaction = transaction;
    this.around = around;
  }

  async run(calls: readonly Call[]): Promise<Rows[]> {
    if (calls.length === 0) return [];
    // Right before each sending: once the caller has ended it, the connection is somebody else's.
    mustBeOpen(this.transaction);
    const [before, after] = this.around;
    try {
      // Not under names: their plans would be made without the settings that a transaction of ours has.
      const rows = await runPipeline(this.connection, [before, ...calls, after], false);
      return rows.slice(1, -1);
    } catch (error) {
      await this.restore(error);
      throw storeError(error);
    }
  }

  /** Where a statement of the caller's has broken the transaction before (25P02), it is the caller's to end. */
  private async restore(cause: unknown): Promise<void> {
    if (this.transaction.isCompleted() || isConnectionLoss(cause) || stateOf(cause) === '25P02') return;
    await this.connection.query('ROLLBACK TO SAVEPOINT loyalty; RELEASE SAVEPOINT loyalty').catch(() => {});
  }

  async end(calls: readonly Call[] = []): Promise<Rows[]> {
    this.ended = true;
    return this.run(calls);
  }
}

function mustBeOpen(transaction: Knex.Transaction): void {
  if (!transaction.isCompleted()) return;
  throw new LoyaltyError(
    'NOT_A_TRANSACTION',
    'The transaction is over; use the engine itself, or open another one',
  );
}

/** How a store reaches the database: in transactions of its own, or inside the caller's. */
export interface Access {
  /** In transactions of its own, which have a snapshot of their own. */
  isOwn: boolean;
  /** The callback ends the transaction itself, with its last calls. */
  write<T>(run: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** One snapshot for all that the callback reads. */
  read<T>(run: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** The same, for what goes over many rows. */
  survey<T>(run: (transaction: Transaction) => Promise<T>): Promise<T>;
}

const call = (statement: Call['statement']): Call => ({ statement, values: [] });

/** Transactions of the store's own, each on a connection of the pool. */
export function ownTransactions(database: Database): Access {
  const { begin, beginReading, byIndex, byChoice, commit } = database.statements;
  const run = async <T>(
    opening: readonly Call['statement'][],
    work: (transaction: Transaction) => Promise<T>,
  ) => {
    const connection = await acquire(database.knex);
    const transaction = new OwnTransaction(connection, database.preparedStatements, opening.map(call), [
      call(commit),
    ]);
    let ending: Promise<unknown> = Promise.resolve();
    try {
      const result = await work(transaction);
      // A reader has its answer: nobody waits for the end of its snapshot.
      if (!transaction.ended) ending = transaction.end();
      return result;
    } catch (error) {
      if (isStaleStatement(error)) forgetStatements(connection);
      ending = rollBack(connection, error);
      throw error;
    } finally {
      ending
        .catch((error: unknown) => rollBack(connection, error))
        .finally(() => database.knex.client.releaseConnection(connection))
        .catch(() => {});
    }
  };
  return {
    isOwn: true,
    write: (work) => run([begin, byIndex], work),
    read: (work) => run([beginReading, byIndex], work),
    survey: (work) => run([beginReading, byChoice], work),
  };
}

async function acquire(knex: Knex): Promise<PgConnection> {
  if (!knex.client.pool) throw closed();
  try {
    return await knex.client.acquireConnection();
  } catch (error) {
    // The pool was closed while we waited for a connection.
    if (!knex.client.pool) throw closed(error);
    throw storeError(error);
  }
}

function closed(cause?: unknown): LoyaltyError {
  return new LoyaltyError('CLOSED', 'The pool of connections is closed', { cause });
}

/** Leaves the connection clean for whoever gets it next, or ends it; Knex drops what has ended. */
async function rollBack(connection: PgConnection, cause: unknown): Promise<void> {
  try {
    if (isConnectionLoss(cause) || isStandby(cause)) await connection.end();
    else await connection.query('ROLLBACK');
  } catch {
    await connection.end().catch(() => {});
  }
}

/** Transactions of the caller's that commands wait in line for: two at once would read the same balance. */
const lines = new WeakMap<PgConnection, Promise<unknown>>();

/** Work inside the caller's transaction. */
export function insideTransaction(database: Database, transaction: Knex.Transaction): Access {
  const { savepoint, releaseSavepoint } = database.statements;
  const run = async <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    mustBeOpen(transaction);
    const connection: PgConnection = await transaction.client.acquireConnection();
    const attempt = () =>
      work(new CallersTransaction(connection, transaction, [call(savepoint), call(releaseSavepoint)]));
    const turn = (lines.get(connection) ?? Promise.resolve()).then(() =>
      // The card that another one made meanwhile is there now, unless this transaction only sees what was there before.
      attempt().catch((error: unknown) => (isOfNewCard(error) ? attempt() : Promise.reject(error))),
    );
    lines.set(
      connection,
      turn.catch(() => {}),
    );
    return turn;
  };
  return { isOwn: false, write: run, read: run, survey: run };
}
