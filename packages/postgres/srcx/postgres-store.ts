import {
  cardsTable,
  type DueCursor,
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
  type Touch,
  type Work,
} from '@loyalty-engine/core';
import type { Knex } from 'knex';
import { CardLoader } from './load-cards.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import type { Call, Statement } from './pipeline.ts';
import { ProgramCache } from './program-cache.ts';
import { retry } from './retry.ts';
import { arrayParameter, columnParameters, readRows } from './rows.ts';
import { statementsFor, versionColumns } from './statements.ts';
import { isRefusedRow, isStandby, storeError } from './store-errors.ts';
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
  const database: Database = { knex, statements: statementsFor(schema), preparedStatements };
  const programs = new ProgramCache();
  const own = ownTransactions(database);
  const retrying: Access = {
    isOwn: true,
    write: (run) => retry(retryForMs, () => own.write(run)),
    read: (run) => retry(retryForMs, () => own.read(run)),
  };
  return {
    ...storeOn(database, programs, retrying),
    settlesAtOnce,
    knex,
    using(transaction) {
      if (!isKnexTransaction(transaction)) {
        throw new LoyaltyError(
          'NOT_A_TRANSACTION',
          'using takes a transaction of Knex on PostgreSQL: knex.transaction(async (trx) => ...)',
        );
      }
      return storeOn(database, programs, insideTransaction(database, transaction));
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

function storeOn(database: Database, programs: ProgramCache, { isOwn, write, read }: Access): LoyaltyStore {
  const { statements } = database;
  const rowsOf = (statement: Statement, values: Call['values'] = []) =>
    read(async (transaction) => {
      const [rows = []] = await transaction.end([{ statement, values }]);
      return rows;
    });
  return {
    settle: (work) =>
      settleBatch(write, work, (some, transaction) => settle(database, programs, some, transaction)),
    using() {
      throw new LoyaltyError('NOT_A_TRANSACTION', 'This store is inside a transaction already');
    },
    load: async (touch) => {
      const loadAs = (cards: 'lock' | 'read') =>
        read(async (transaction) => {
          const loader = new CardLoader(statements, programs);
          await load(loader, [touch], transaction, cards);
          const state = loader.stateOf(touch);
          return state?.exists ? state : null;
        });
      if (isOwn) return loadAs('read');
      // In the caller's transaction reading locks as writing does: what was read can be spent. Not so where nothing can
      // be written anyway.
      return loadAs('lock').catch((error: unknown) =>
        isStandby(error) ? loadAs('read') : Promise.reject(error),
      );
    },
    entries: async (cardId, { after, upTo, limit, descending, kinds = entryKinds }) =>
      readRows(
        entriesTable,
        await rowsOf(descending ? statements.entriesBefore : statements.entriesAfter, [
          cardId,
          wholeText(after),
          wholeText(upTo),
          arrayParameter('text', kinds),
          String(limit),
        ]),
      ),
    lastEntryBefore: async (cardId, instant) => {
      const rows = await rowsOf(statements.lastEntryBefore, [cardId, { instant }]);
      return readRows(entriesTable, rows)[0] ?? null;
    },
    everything: (cardId) =>
      read(async (transaction) => {
        const { lotsOfCard, holdsOfCard, ordersOfCard } = statements;
        const calls = [lotsOfCard, holdsOfCard, ordersOfCard].map((statement) => ({
          statement,
          values: [cardId],
        }));
        const [lots = [], holds = [], orders = []] = await transaction.end(calls);
        return {
          lots: readRows(lotsTable, lots),
          holds: readRows(holdsTable, holds),
          orders: readRows(ordersTable, orders),
        };
      }),
    dueCards: async (now, limit, after) =>
      readRows(cardsTable, await rowsOf(statements.dueCards, dueValues(now, limit, after))),
    cards: async (limit, after) =>
      readRows(cardsTable, await rowsOf(statements.cardsAfter, [after ?? '', String(limit)])),
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
  programs: ProgramCache,
  work: readonly Work[],
  transaction: Transaction,
): Promise<Settled[]> {
  const loader = new CardLoader(statements, programs);
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
  cards: 'lock' | 'read',
): Promise<void> {
  let requests = loader.first(touches, cards);
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
  const row = [programId, number, effectiveFrom, publishedAt, JSON.stringify(definition)];
  await transaction.end([
    { statement: statements.insertVersion, values: columnParameters(versionColumns, [row]) },
  ]);
  return version;
}

function dueValues(now: number, limit: number, after: DueCursor | null): Call['values'] {
  return [{ instant: now }, { instant: after?.nextExpiryAt ?? -1 }, after?.cardId ?? '', String(limit)];
}

const largestCount = 2 ** 31 - 1;

/** A number of an entry as a parameter; a limit that stands for "all" is beyond what an integer holds. */
function wholeText(value: number): string {
  return String(Math.min(value, largestCount));
}
