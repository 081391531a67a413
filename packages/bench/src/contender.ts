import type { Changes, LoyaltyStore } from '@loyalty-engine/core';
import type { BenchCommand } from './workload.ts';

/** Something that settles commands on a database of its own. */
export interface Contender {
  /** Settles one command and resolves to the points it moved; rejects where it was refused. */
  run(command: BenchCommand): Promise<number>;
  /** Rejects unless the books of these customers add up. */
  check(customerIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The write ceiling: recorded rows by our own statements, one transaction a batch, no reading and no logic. */
export interface Ceiling {
  /** Writes all that was recorded. */
  write(): Promise<void>;
  /** The same database as a store, to compare what was written. */
  store: LoyaltyStore;
}

/** One kind of database to measure on. Whatever it opens is fresh, has the enrolled cards, and is gone once closed. */
export interface Arena {
  /** A line for the head of the report: version and settings. */
  describe(): string;
  /** Enrols the cards once; everything opened later starts from copies. */
  prepare(cards: number): Promise<void>;
  /** A store of ours, as durable as users get it. */
  store(): Promise<LoyaltyStore>;
  /** The same with no durability, for work that is not measured. */
  scratchStore(): Promise<LoyaltyStore>;
  handWritten(): Promise<Contender>;
  ceiling(recorded: readonly Changes[]): Promise<Ceiling>;
  /** Bytes that the databases now open take on disk. */
  bytes(): number;
  close(): Promise<void>;
}
