import {
  type Cell,
  LoyaltyError,
  type LoyaltyStore,
  type RecordKey,
  type RecordRow,
  type Table,
} from '@loyalty-engine/core';
import type { Call, Rows } from './pipeline.ts';
import { beforeAll } from './record-statements.ts';
import { columnParameters, readRow, readRows, writeRows } from './rows.ts';
import { isUniqueViolation } from './store-errors.ts';
import type { Access, Database, Transaction } from './transactions.ts';

type Records = Pick<LoyaltyStore, 'records' | 'recordsIn' | 'changeRecords'>;

/** A row that may be of any table. */
// biome-ignore lint/suspicious/noExplicitAny: rows of several tables are read and written together
type AnyTable = Table<any>;

/** Merchants' books: rows of any of their tables, read and changed by their keys. */
export function recordsOn(database: Database, { isOwn, read, write }: Access): Records {
  const { recordStatements } = database;
  return {
    records: (table, keys) =>
      read(async (transaction) => {
        const call = { statement: recordStatements(table).byKey, values: keyValues(table, keys) };
        const [rows = []] = await transaction.end([call]);
        return inPlace(table, keys.length, rows);
      }),
    recordsIn: (table, within, after, limit) =>
      read(async (transaction) => {
        const [, type] = table.columns[table.keys - 1] as AnyTable['columns'][number];
        const values = [after === null ? (beforeAll[type] ?? null) : String(after), String(limit)];
        if (within !== null) values.push(within);
        const [rows = []] = await transaction.end([{ statement: recordStatements(table).page, values }]);
        return readRows(table, rows);
      }),
    changeRecords: async (keys, change) => {
      if (!isOwn) {
        throw new LoyaltyError(
          'NOT_IN_A_TRANSACTION',
          "A merchant's books are changed in a transaction of their own: what is counted there must not be rolled back",
        );
      }
      return write(async (transaction) => {
        const { rows, result } = change(await lock(database, transaction, keys));
        try {
          await transaction.end(writeCalls(database, rows));
        } catch (error) {
          if (!isUniqueViolation(error)) throw error;
          throw new LoyaltyError('STORE_CONFLICT', 'Another transaction has made the row; run it again', {
            cause: error,
          });
        }
        return result;
      });
    },
  };
}

/** Locks the rows of all keys, table by table and in order of the keys, so that nobody waits in a circle. */
async function lock(
  { recordStatements }: Database,
  transaction: Transaction,
  keys: readonly RecordKey[],
): Promise<unknown[]> {
  const groups = [...byTable(keys)].sort(([{ name: a }], [{ name: b }]) => (a < b ? -1 : 1));
  const rows = await transaction.run(
    groups.map(([table, asked]) => ({
      statement: recordStatements(table).lock,
      values: keyValues(
        table,
        asked.map(({ key }) => key),
      ),
    })),
  );
  const found = new Map<RecordKey, unknown>();
  for (const [index, [table, asked]] of groups.entries()) {
    const inOrder = inPlace(table, asked.length, rows[index] ?? []);
    for (const [place, key] of asked.entries()) found.set(key, inOrder[place]);
  }
  return keys.map((key) => found.get(key));
}

/** Tables in the order in which they are named, so that rows can refer to rows before them; their rows by their keys. */
function writeCalls({ recordStatements }: Database, rows: readonly RecordRow[]): Call[] {
  const calls: Call[] = [];
  for (const [table, changed] of byTable(rows)) {
    const statements = recordStatements(table);
    for (const isNew of [true, false]) {
      const cells = changed.filter((one) => one.isNew === isNew).map(({ row }) => table.toRow(row, ''));
      cells.sort((a, b) => compareKeys(a, b, table.keys));
      calls.push(...writeRows(isNew ? statements.insert : statements.update, table.columns, cells));
    }
  }
  return calls;
}

function byTable<Of extends { table: AnyTable }>(items: readonly Of[]): Map<AnyTable, Of[]> {
  const groups = new Map<AnyTable, Of[]>();
  for (const item of items) {
    const group = groups.get(item.table);
    if (group) group.push(item);
    else groups.set(item.table, [item]);
  }
  return groups;
}

/** Keys, each with its place, as parameters. */
function keyValues(table: AnyTable, keys: readonly (readonly Cell[])[]): Call['values'] {
  return columnParameters(
    [...table.columns.slice(0, table.keys), ['place', 'count']],
    keys.map((key, place) => [...key, place]),
  );
}

/** Rows that end with their place, as many as there are places; null where there is none. */
function inPlace<Row>(table: Table<Row>, places: number, rows: Rows): (Row | null)[] {
  const found = Array<Row | null>(places).fill(null);
  for (const row of rows) found[Number(row.at(-1))] = readRow(table, row);
  return found;
}

function compareKeys(a: readonly Cell[], b: readonly Cell[], keys: number): number {
  for (let index = 0; index < keys; index += 1) {
    const [one, other] = [a[index] ?? '', b[index] ?? ''];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}
