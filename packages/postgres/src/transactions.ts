import { LoyaltyError } from '@loyalty-engine/core';
import type { Knex } from 'knex';
import { type Call, forgetStatements, type PgConnection, type Rows, runPipeline } from './pipeline.ts';
import type { Statements } from './statements.ts';
import { isConnectionLoss, isOfNewCard, isStaleStatement, stateOf, storeError } from './store-errors.ts';

/** What a store's transactions need to know. */
export interface Database {
  knex: Knex;
  statements: Statements;
  preparedStatements: boolean;
}

/**
 * A transaction on a connection. What opens it travels with the first calls, and what ends it with the last, so that the
 * shortest one is a single round trip.
 */
export class Transaction {
  private readonly connection: PgConnection;
  private opening: readonly Call[];
  private readonly ending: readonly Call[];
  private readonly preparedStatements: boolean;
  /** Of the store's own: a snapshot of its own, and settings that touch nobody else's statements. */
  readonly isOwn: boolean;
  ended = false;

  constructor(
    connection: PgConnection,
    opening: readonly Call[],
    ending: readonly Call[],
    preparedStatements: boolean,
    isOwn: boolean,
  ) {
    this.isOwn = isOwn;
    this.connection = connection;
    this.opening = opening;
    this.ending = ending;
    this.preparedStatements = preparedStatements;
  }

  async run(calls: readonly Call[]): Promise<Rows[]> {
    const { opening } = this;
    this.opening = [];
    const all = [...opening, ...calls];
    if (all.length === 0) return [];
    const rows = await runPipeline(this.connection, all, this.preparedStatements);
    return rows.slice(opening.length, opening.length + calls.length);
  }

  /** Runs the last calls and ends the transaction. */
  async end(calls: readonly Call[] = []): Promise<Rows[]> {
    this.ended = true;
    const rows = await this.run([...calls, ...this.ending]);
    return rows.slice(0, calls.length);
  }
}

/** How a store reaches the database: in transactions of its own, or inside the caller's. */
export interface Access {
  /** The callback ends the transaction itself, with its last calls. */
  write<T>(run: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** One snapshot for all that the callback reads. */
  read<T>(run: (transaction: Transaction) => Promise<T>): Promise<T>;
}

const call = (statement: Call['statement']): Call => ({ statement, values: [] });

/** Transactions of the store's own, each on a connection of the pool. */
export function ownTransactions(database: Database): Access {
  const { begin, beginReading, byIndex, commit } = database.statements;
  const run = async <T>(opening: Call['statement'], work: (transaction: Transaction) => Promise<T>) => {
    const connection = await acquire(database.knex);
    const transaction = new Transaction(
      connection,
      [call(opening), call(byIndex)],
      [call(commit)],
      database.preparedStatements,
      true,
    );
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
  return { write: (work) => run(begin, work), read: (work) => run(beginReading, work) };
}

async function acquire(knex: Knex): Promise<PgConnection> {
  if (!knex.client.pool) throw new LoyaltyError('CLOSED', 'The pool of connections is closed');
  try {
    return await knex.client.acquireConnection();
  } catch (error) {
    throw storeError(error);
  }
}

/** Leaves the connection clean for whoever gets it next, or ends it; Knex drops what has ended. */
async function rollBack(connection: PgConnection, cause: unknown): Promise<void> {
  try {
    if (isConnectionLoss(cause)) await connection.end();
    else await connection.query('ROLLBACK');
  } catch {
    await connection.end().catch(() => {});
  }
}

/** Transactions of the caller's that commands wait in line for: two at once would read the same balance. */
const lines = new WeakMap<PgConnection, Promise<unknown>>();

/**
 * Work inside the caller's transaction, between savepoints, so that a statement of ours that breaks leaves the caller's
 * own as they were. Reading locks cards as writing does: what was read can be spent.
 */
export function insideTransaction(database: Database, transaction: Knex.Transaction): Access {
  const { savepoint, releaseSavepoint } = database.statements;
  const run = async <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    if (transaction.isCompleted()) {
      throw new LoyaltyError(
        'NOT_A_TRANSACTION',
        'The transaction is over; use the engine itself, or open another one',
      );
    }
    const connection: PgConnection = await transaction.client.acquireConnection();
    const attempt = async () => {
      // Not under names: their plans would be made without the settings that a transaction of ours has.
      const inner = new Transaction(connection, [call(savepoint)], [call(releaseSavepoint)], false, false);
      try {
        const result = await work(inner);
        if (!inner.ended) await inner.end();
        return result;
      } catch (error) {
        // Where a statement of the caller's has broken the transaction, it is the caller's to end.
        if (!isConnectionLoss(error) && stateOf(error) !== '25P02')
          await connection.query('ROLLBACK TO SAVEPOINT loyalty; RELEASE SAVEPOINT loyalty').catch(() => {});
        throw storeError(error);
      }
    };
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
  return { write: run, read: run };
}
