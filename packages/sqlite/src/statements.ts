import {
  type Cell,
  cardsTable,
  entriesTable,
  holdsTable,
  lotsTable,
  ordersTable,
  receiptsTable,
  type Table,
} from '@loyalty-engine/core';
import type { Database, Statement } from 'better-sqlite3';

// SQLite plans a statement anew on every run where the value of a parameter could change the plan, as it could with a
// partial index; that costs five times what the reading does. It does not look through a cast.
const text = 'CAST(? AS TEXT)';
const integer = 'CAST(? AS INTEGER)';

/** Every statement of the store, prepared once. Reading statements give rows as arrays, in the order of the columns. */
export type Statements = ReturnType<typeof prepareStatements>;

type Shape = Pick<Table<never>, 'name' | 'columns' | 'keys'>;

/** The columns of a card that every entry changes: all but who it is and when it expires next. */
const cardFigures = namesOf(cardsTable).slice(3, -1);

export function prepareStatements(database: Database) {
  const read = (sql: string): Statement<Cell[], Cell[]> =>
    database.prepare<Cell[], Cell[]>(sql).raw().safeIntegers(false);
  const write = (sql: string): Statement<unknown[]> => database.prepare<unknown[]>(sql);
  const cell = <Value extends Cell>(sql: string): Statement<Cell[], Value> =>
    database.prepare<Cell[], Value>(sql).pluck().safeIntegers(false);
  const select = (table: Shape, rest: string) =>
    read(`SELECT ${namesOf(table).join(', ')} FROM ${nameOf(table)} ${rest}`);
  const slice = 'WHERE card_id = ? AND seq > ? AND seq <= ? AND kind IN (SELECT value FROM json_each(?))';
  return {
    begin: write('BEGIN'),
    beginImmediate: write('BEGIN IMMEDIATE'),
    commit: write('COMMIT'),
    rollback: write('ROLLBACK'),

    cardById: select(cardsTable, 'WHERE card_id = ?'),
    cardOfMember: select(
      cardsTable,
      'WHERE card_id = (SELECT card_id FROM loyalty_members WHERE program_id = ? AND customer_id = ?)',
    ),
    cardsAfter: select(cardsTable, 'WHERE card_id > ? ORDER BY card_id LIMIT ?'),
    dueCards: select(
      cardsTable,
      'WHERE next_expiry_at <= ? AND (next_expiry_at, card_id) > (?, ?) ORDER BY next_expiry_at, card_id LIMIT ?',
    ),
    insertCard: insert(database, cardsTable),
    insertMember: write('INSERT INTO loyalty_members (program_id, customer_id, card_id) VALUES (?, ?, ?)'),
    updateCard: write(`UPDATE loyalty_cards SET ${assignments(cardFigures)} WHERE card_id = ?`),
    // Naming an indexed column in an UPDATE writes its index anew, changed or not.
    updateNextExpiry: write(
      'UPDATE loyalty_cards SET next_expiry_at = ? WHERE card_id = ? AND next_expiry_at IS NOT ?',
    ),

    lot: select(lotsTable, 'WHERE card_id = ? AND seq = ?'),
    lots: select(lotsTable, 'WHERE card_id = ?'),
    lotsInBurnOrder: select(
      lotsTable,
      `INDEXED BY loyalty_lots_burn WHERE card_id = ${text} AND burn_at > ${integer} AND burn_at <= ${integer}
       AND remaining > 0 ORDER BY burn_at, earned_at, seq LIMIT ? OFFSET ?`,
    ),
    lotsMaturing: select(
      lotsTable,
      `INDEXED BY loyalty_lots_pending WHERE card_id = ${text} AND available_at > ${integer}
       AND available_at <= ${integer} AND remaining > 0`,
    ),
    insertLot: insert(database, lotsTable),
    updateLot: write(
      'UPDATE loyalty_lots SET remaining = ?, expired = ?, held = ?, available_at = ? WHERE card_id = ? AND seq = ?',
    ),

    entry: select(entriesTable, 'WHERE card_id = ? AND seq = ?'),
    entriesAfter: select(entriesTable, `${slice} ORDER BY seq LIMIT ?`),
    entriesBefore: select(entriesTable, `${slice} ORDER BY seq DESC LIMIT ?`),
    reversalsOf: select(entriesTable, 'WHERE card_id = ? AND reverses = ?'),
    postedAt: cell<number>('SELECT posted_at FROM loyalty_entries WHERE card_id = ? AND seq = ?'),
    insertEntry: insert(database, entriesTable),

    orders: select(ordersTable, 'WHERE card_id = ?'),

    hold: select(holdsTable, 'WHERE card_id = ? AND hold_id = ?'),
    holds: select(holdsTable, 'WHERE card_id = ?'),
    openHolds: select(
      holdsTable,
      `INDEXED BY loyalty_holds_open WHERE card_id = ${text} AND status = 'open'`,
    ),
    putHold: upsert(database, holdsTable),

    order: select(ordersTable, 'WHERE card_id = ? AND order_id = ?'),
    putOrder: upsert(database, ordersTable),

    receipt: select(receiptsTable, 'WHERE card_id = ? AND key = ?'),
    putReceipt: upsert(database, receiptsTable),

    /** Changes whenever another connection has committed. */
    dataVersion: cell<number>('PRAGMA data_version'),
    versions: read(
      `SELECT version, effective_from, published_at, definition FROM loyalty_programs
       WHERE program_id = ? ORDER BY version`,
    ),
    programIds: cell<string>('SELECT DISTINCT program_id FROM loyalty_programs ORDER BY program_id'),
    insertVersion: write(
      `INSERT INTO loyalty_programs (program_id, version, effective_from, published_at, definition)
       VALUES (?, ?, ?, ?, ?)`,
    ),
  };
}

function insert(database: Database, table: Shape): Statement<unknown[]> {
  return database.prepare(insertSql(table));
}

/** Inserts a row, or replaces all but its key. */
function upsert(database: Database, table: Shape): Statement<unknown[]> {
  const columns = namesOf(table);
  const key = columns.slice(0, table.keys).join(', ');
  const values = columns.slice(table.keys).map((column) => `${column} = excluded.${column}`);
  return database.prepare(`${insertSql(table)} ON CONFLICT (${key}) DO UPDATE SET ${values.join(', ')}`);
}

function insertSql(table: Shape): string {
  const columns = namesOf(table);
  return `INSERT INTO ${nameOf(table)} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}

function nameOf({ name }: Shape): string {
  return `loyalty_${name}`;
}

function namesOf({ columns }: Pick<Shape, 'columns'>): string[] {
  return columns.map(([name]) => name);
}

function assignments(columns: readonly string[]): string {
  return columns.map((column) => `${column} = ?`).join(', ');
}
