import type { Loyalty, LoyaltyCommands } from '@loyalty-engine/core';

/** What both databases take for a `?` in a statement. Booleans are 0 and 1, instants epoch milliseconds, JSON is text. */
export type Value = string | number | null;

/** Statements on one connection. SQL with `?` for values, in the part of the language that both databases speak. */
export interface Queries {
  /** The rows of a SELECT, or of a statement with RETURNING. */
  all<Row>(sql: string, values?: readonly Value[]): Promise<Row[]>;
  /** Runs a statement that gives no rows and says how many rows it changed. */
  run(sql: string, values?: readonly Value[]): Promise<number>;
}

/**
 * A transaction: the shop's own rows and the engine's commands commit together, or not at all. Commands that are asked for at
 * once are settled together, which `loyalty.using` alone would not do.
 */
export interface ShopTransaction extends Queries {
  loyalty: LoyaltyCommands;
}

/** The shop's database, with the engine on it: SQLite in a file, or PostgreSQL. */
export interface ShopDatabase extends Queries {
  readonly dialect: 'sqlite' | 'postgres';
  readonly loyalty: Loyalty;
  /** Runs the callback in one transaction; it rolls back when the callback throws. Keep it short: no call to anybody else. */
  transaction<Result>(work: (transaction: ShopTransaction) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}
