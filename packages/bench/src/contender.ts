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

/** What a store has to reach: ratios of commands a second, each at least. */
export interface Targets {
  /** Mixed load, 256 callers, to the write ceiling and to the hand-written one. */
  mixedToCeiling: number;
  mixedToHand: number;
  /** 256 callers on one hot card, to spread ones, and to the hand-written one on a hot card. */
  hotToSpread: number;
  hotToHand?: number;
  /** One caller, to the hand-written one; and its p99, at most so many times the hand-written one's. */
  aloneToHand: number;
  aloneP99ToHand?: number;
  /** Mixed load, 256 callers, to the transactions a second of pgbench. */
  mixedToPgbench?: number;
}

/** One kind of database to measure on. Whatever it opens is fresh, has the enrolled cards, and is gone once closed. */
export interface Arena {
  readonly targets: Targets;
  /** A line for the head of the report: version and settings. */
  describe(): string;
  /** Enrols the cards once; everything opened later starts from copies. */
  prepare(cards: number): Promise<void>;
  /** A store of ours, as durable as users get it. */
  store(): Promise<LoyaltyStore>;
  /** The same with no durability, for work that is not measured. */
  scratchStore(): Promise<LoyaltyStore>;
  /** The hand-written one, set up for so many callers. */
  handWritten(callers: number): Promise<Contender>;
  /** The write ceiling, with so many batches at once. */
  ceiling(recorded: readonly Changes[], atOnce: number): Promise<Ceiling>;
  /** How many batches the store writes at once, where that is more than one. */
  readonly ceilingAtOnce?: number;
  /** Throughput that does not depend on us, measured on the same server now: the title and transactions a second. */
  reference?(seconds: number): Promise<{ title: string; rate: number } | { missing: string }>;
  /** Where a new, empty database is. */
  emptyDatabase?(): Promise<string>;
  /** Where other processes reach the database of a store that `store` has opened. */
  urlOf?(store: LoyaltyStore): string;
  /** Bytes that the databases now open take on disk. */
  bytes(): Promise<number>;
  close(): Promise<void>;
}
