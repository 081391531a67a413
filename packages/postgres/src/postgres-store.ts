import {
  foldWork,
  LoyaltyError,
  type LoyaltyStore,
  type ProgramVersion,
  type Settled,
  type Touch,
  type Work,
} from '@loyalty-engine/core';
import type { Knex } from 'knex';
import { gatheredLoads } from './gathered-loads.ts';
import { listsOn } from './lists.ts';
import { CardLoader } from './load-cards.ts';
import { MerchantCache } from './merchant-cache.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import type { Call, Statement } from './pipeline.ts';
import { ProgramCache } from './program-cache.ts';
import { recordStatementsFor } from './record-statements.ts';
import { recordsOn } from './records.ts';
import type { Reading } from './request.ts';
import { retry } from './retry.ts';
import { arrayParameter, writeRows } from './rows.ts';
import { statementsFor, versionColumns } from './statements.ts';
import { isRefusedRow, isStandby, storeError } from './store-errors.ts';
import { sumsOn, tidy } from './sums.ts';
import type { Caches } from './terms-loader.ts';
import {
  type Access,
  type Database,
  insideTransaction,
  ownTransactions,
  type Transaction,
} from './transactions.ts';
import { writeCalls } from './write-changes.ts';

/** A store on PostgreSQL. */
export interface PostgresStore extends LoyaltyStore {
  /** The host's Knex instance, or the one that was opened for the connection string. */
  knex: Knex;
  /**
   * Brings the schema up to date and gives the names of the migrations that it ran. Safe when several processes start
   * at once.
   *
   * @throws LoyaltyError STORE_NEWER, STORE_NO_PERMISSION, STORE_UNAVAILABLE.
   */
  migrate(): Promise<string[]>;
  /** The names of migrations that `migrate` would run. Changes nothing. */
  pendingMigrations(): Promise<string[]>;
  /**
   * The same store inside a transaction of Knex, for `loyalty.using(trx)`.
   *
   * @throws LoyaltyError NOT_A_TRANSACTION for anything else.
   */
  using(transaction: unknown): LoyaltyStore;
}

/** The options of `openPostgresStore`, resolved. */
export interface StoreSettings {
  knex: Knex;
  schema: string;
  preparedStatements: boolean;
  retryForMs: number;
  onClose(): Promise<void>;
}

// One batch is worked on here while the server writes another; a third finds both busy.
const settlesAtOnce = 2;

export function postgresStore(settings: StoreSettings): PostgresStore {
  const { knex, schema, preparedStatements, retryForMs, onClose } = settings;
  const database: Database = {
    knex,
    statements: statementsFor(schema),
    recordStatements: recordStatementsFor(schema),
    preparedStatements,
  };
  const caches: Caches = { programs: new ProgramCache(), merchants: new MerchantCache() };
  const own = ownTransactions(database);
  const retrying: Access = {
    isOwn: true,
    write: (run) => retry(retryForMs, () => own.write(run)),
    read: (run) => retry(retryForMs, () => own.read(run)),
    survey: (run) => retry(retryForMs, () => own.survey(run)),
  };
  return {
    ...storeOn(database, caches, retrying),
    tidy: (now) => tidy(database, retrying, now),
    settlesAtOnce,
    knex,
    using(transaction) {
      if (!isKnexTransaction(transaction)) {
        throw new LoyaltyError(
          'NOT_A_TRANSACTION',
          'using takes a transaction of Knex on PostgreSQL: knex.transaction(async (trx) => ...)',
        );
      }
      return storeOn(database, caches, insideTransaction(database, transaction));
    },
    migrate: () => migrate(knex, schema).catch(rethrow),
    pendingMigrations: () => pendingMigrations(knex, schema).catch(rethrow),
    close: onClose,
  };
}

function rethrow(error: unknown): never {
  throw storeError(error);
}

function isKnexTransaction(transaction: unknown): transaction is Knex.Transaction {
  if (typeof transaction !== 'function') return false;
  const { isTransaction, client } = transaction as Partial<Knex.Transaction>;
  return isTransaction === true && client?.driverName === 'pg';
}

function storeOn(database: Database, caches: Caches, access: Access): LoyaltyStore {
  const { statements } = database;
  const { programs } = caches;
  const { isOwn, write, read } = access;
  const rowsOf = (statement: Statement, values: Call['values'] = []) =>
    read(async (transaction) => {
      const [rows = []] = await transaction.end([{ statement, values }]);
      return rows;
    });
  const loadAs = (touches: readonly Touch[], reading: Reading) =>
    read(async (transaction) => {
      const loader = new CardLoader(statements, caches);
      await load(loader, touches, transaction, reading);
      return touches.map((touch) => {
        const state = loader.stateOf(touch);
        return state?.exists ? state : null;
      });
    });
  const loadTogether = gatheredLoads((touches) => loadAs(touches, 'read'));
  return {
    ...recordsOn(database, access),
    ...listsOn(database, access),
    ...sumsOn(database, access),
    settle: (work) =>
      settleBatch(write, work, (some, transaction) => settle(database, caches, some, transaction)),
    using() {
      throw new LoyaltyError('NOT_A_TRANSACTION', 'This store is inside a transaction already');
    },
    load: async (touch) => {
      if (isOwn) return loadTogether(touch);
      // In the caller's transaction reading locks as writing does: what was read can be spent. Not so where nothing can
      // be written anyway.
      const [state = null] = await loadAs([touch], 'lock').catch((error: unknown) =>
        isStandby(error) ? loadAs([touch], 'read') : Promise.reject(error),
      );
      return state;
    },
    versions: async (programId) => {
      programs.take([programId], await rowsOf(statements.versions, [arrayParameter('text', [programId])]));
      return [...programs.versions(programId)];
    },
    programIds: async () => (await rowsOf(statements.programIds)).map(([programId]) => programId as string),
    publish: (programId, next) =>
      write((transaction) => publish(database, programs, transaction, programId, next)),
    close: async () => {},
  };
}

async function settle(
  { statements }: Database,
  caches: Caches,
  work: readonly Work[],
  transaction: Transaction,
): Promise<Settled[]> {
  const loader = new CardLoader(statements, caches);
  await load(
    loader,
    work.flatMap(({ touches }) => touches),
    transaction,
    'lock',
  );
  const { settled, changes } = foldWork(work, loader.stateOf);
  await transaction.end(writeCalls(statements, changes));
  return settled;
}

async function load(
  loader: CardLoader,
  touches: readonly Touch[],
  transaction: Transaction,
  reading: Reading,
): Promise<void> {
  let requests = loader.first(touches, reading);
  while (requests.length > 0) {
    const rows = await transaction.run(requests.map(({ call }) => call));
    for (const [index, request] of requests.entries()) request.take(rows[index] ?? []);
    requests = loader.next();
  }
}

/** Settles a batch; where the database refuses one command's rows, in halves, until that command is alone. */
async function settleBatch(
  write: Access['write'],
  work: readonly Work[],
  run: (work: readonly Work[], transaction: Transaction) => Promise<Settled[]>,
): Promise<Settled[]> {
  try {
    return await write((transaction) => run(work, transaction));
  } catch (error) {
    if (!isRefusedRow(error)) throw error;
    if (work.length === 1) return [{ error }];
    const half = Math.ceil(work.length / 2);
    const first = await settleBatch(write, work.slice(0, half), run);
    return [...first, ...(await settleBatch(write, work.slice(half), run))];
  }
}

async function publish(
  { statements }: Database,
  programs: ProgramCache,
  transaction: Transaction,
  programId: string,
  next: (existing: readonly ProgramVersion[]) => ProgramVersion,
): Promise<ProgramVersion> {
  const [, rows = []] = await transaction.run([
    { statement: statements.lockPrograms, values: [] },
    { statement: statements.versions, values: [arrayParameter('text', [programId])] },
  ]);
  programs.take([programId], rows);
  const existing = programs.versions(programId);
  const version = next(existing);
  if (existing.includes(version)) {
    await transaction.end();
    return version;
  }
  const { version: number, effectiveFrom, publishedAt, ...definition } = version;
  const row = [
    programId,
    number,
    definition.merchantId,
    effectiveFrom,
    publishedAt,
    JSON.stringify(definition),
  ];
  await transaction.end(writeRows(statements.insertVersion, versionColumns, [row]));
  return version;
}
