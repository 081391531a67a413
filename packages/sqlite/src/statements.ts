import {
  type Cell,
  cardIdentityColumns,
  cardsTable,
  endRanges,
  entriesTable,
  holdsTable,
  locationsTable,
  lotsTable,
  merchantsTable,
  ordersTable,
  receiptsTable,
  rewardsTable,
  talliesTable,
  vouchersTable,
} from '@loyalty-engine/core';
import type { Database, Statement } from 'better-sqlite3';
import { addSql, assignments, insertSql, namesOf, type Shape, selectSql, upsertSql } from './sql.ts';

// SQLite plans a statement anew on every run where the value of a parameter could change the plan, as it could with a
// partial index; that costs five times what the reading does. It does not look through a cast.
const text = 'CAST(? AS TEXT)';
const integer = 'CAST(? AS INTEGER)';

/** Every statement of the store, prepared once. Reading statements give rows as arrays, in the order of the columns. */
export type Statements = ReturnType<typeof prepareStatements>;

/** The columns of a card that can change who it is. */
const cardIdentity = namesOf(cardsTable).slice(2, cardIdentityColumns);
/** The columns of a card that every entry changes: all but who it is and when it expires next. */
const cardFigures = namesOf(cardsTable).slice(cardIdentityColumns, -1);

export function prepareStatements(database: Database) {
  const read = (sql: string): Statement<Cell[], Cell[]> =>
    database.prepare<Cell[], Cell[]>(sql).raw().safeIntegers(false);
  const write = (sql: string): Statement<unknown[]> => database.prepare<unknown[]>(sql);
  const cell = <Value extends Cell>(sql: string): Statement<Cell[], Value> =>
    database.prepare<Cell[], Value>(sql).pluck().safeIntegers(false);
  const select = (table: Shape, rest: string) => read(selectSql(table, rest));
  return {
    begin: write('BEGIN'),
    beginImmediate: write('BEGIN IMMEDIATE'),
    commit: write('COMMIT'),
    rollback: write('ROLLBACK'),
    /** Changes whenever another connection has committed. */
    dataVersion: cell<number>('PRAGMA data_version'),

    cardById: select(cardsTable, 'WHERE card_id = ?'),
    cardOfMember: select(
      cardsTable,
      'WHERE card_id = (SELECT card_id FROM loyalty_members WHERE program_id = ? AND customer_id = ?)',
    ),
    cardNamed: select(cardsTable, 'WHERE card_id = (SELECT card_id FROM loyalty_names WHERE name = ?)'),
    dueCards: select(
      cardsTable,
      'WHERE next_expiry_at <= ? AND (next_expiry_at, card_id) > (?, ?) ORDER BY next_expiry_at, card_id LIMIT ?',
    ),
    insertCard: write(insertSql(cardsTable)),
    insertMember: write('INSERT INTO loyalty_members (program_id, customer_id, card_id) VALUES (?, ?, ?)'),
    insertName: write('INSERT INTO loyalty_names (name, card_id) VALUES (?, ?)'),
    deleteName: write('DELETE FROM loyalty_names WHERE name = ?'),
    renameMember: write(
      'UPDATE loyalty_members SET customer_id = ? WHERE program_id = ? AND customer_id = ?',
    ),
    renameCard: write(`UPDATE loyalty_cards SET ${assignments(cardIdentity)} WHERE card_id = ?`),
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
    insertLot: write(insertSql(lotsTable)),
    updateLot: write(
      'UPDATE loyalty_lots SET remaining = ?, expired = ?, held = ?, available_at = ? WHERE card_id = ? AND seq = ?',
    ),

    entry: select(entriesTable, 'WHERE card_id = ? AND seq = ?'),
    reversalsOf: select(entriesTable, 'WHERE card_id = ? AND reverses = ?'),
    postedAt: cell<number>('SELECT posted_at FROM loyalty_entries WHERE card_id = ? AND seq = ?'),
    insertEntry: write(insertSql(entriesTable)),

    hold: select(holdsTable, 'WHERE card_id = ? AND hold_id = ?'),
    holds: select(holdsTable, 'WHERE card_id = ?'),
    openHolds: select(
      holdsTable,
      `INDEXED BY loyalty_holds_open WHERE card_id = ${text} AND status = 'open'`,
    ),
    putHold: write(upsertSql(holdsTable)),

    order: select(ordersTable, 'WHERE card_id = ? AND order_id = ?'),
    orders: select(ordersTable, 'WHERE card_id = ?'),
    putOrder: write(upsertSql(ordersTable)),

    receipt: select(receiptsTable, 'WHERE card_id = ? AND key = ?'),
    putReceipt: write(upsertSql(receiptsTable)),

    voucher: select(vouchersTable, 'WHERE card_id = ? AND code = ?'),
    vouchersOfReward: select(vouchersTable, 'WHERE card_id = ? AND reward_id = ?'),
    putVoucher: write(upsertSql(vouchersTable)),

    reward: select(rewardsTable, 'WHERE program_id = ? AND reward_id = ?'),
    updateRedeemed: write('UPDATE loyalty_rewards SET redeemed = ? WHERE program_id = ? AND reward_id = ?'),

    addTally: write(addSql(talliesTable)),

    forgetAttempts: write(
      'DELETE FROM loyalty_pin_attempts WHERE since < ? AND (locked_until IS NULL OR locked_until <= ?)',
    ),

    forgetRequests: write('DELETE FROM loyalty_requests WHERE at < ?'),

    merchant: select(merchantsTable, 'WHERE merchant_id = ?'),
    locations: select(locationsTable, 'WHERE merchant_id = ? ORDER BY location_id'),

    versions: read(
      `SELECT version, effective_from, published_at, definition FROM loyalty_programs
       WHERE program_id = ? ORDER BY version`,
    ),
    programIds: cell<string>('SELECT DISTINCT program_id FROM loyalty_programs ORDER BY program_id'),
    insertVersion: write(
      `INSERT INTO loyalty_programs (program_id, version, merchant_id, effective_from, published_at, definition)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),

    ...pageStatements(database),
    ...acrossStatements(database),
    ...statisticsStatements(database),
  };
}

/** A reading statement with named parameters. */
type NamedReading = Statement<[Record<string, Cell>], Cell[]>;

function readNamed(database: Database, sql: string): NamedReading {
  return database.prepare<[Record<string, Cell>], Cell[]>(sql).raw().safeIntegers(false);
}

/** Lists, page by page, each in the order of an index. */
function pageStatements(database: Database) {
  const select = (table: Shape, rest: string) => readNamed(database, selectSql(table, rest));
  const orderColumns = namesOf(ordersTable).map((column) => `o.${column}`);
  const slice = `WHERE card_id = :cardId AND seq > :after AND seq <= :upTo
    AND kind IN (SELECT value FROM json_each(:kinds))`;
  const filter = `(:status IS NULL OR status = :status)
    AND (:enrolledLocationId IS NULL OR enrolled_location_id = :enrolledLocationId)
    AND (:activeSince IS NULL OR last_activity_at >= :activeSince)
    AND (:idleSince IS NULL OR last_activity_at < :idleSince OR last_activity_at IS NULL)
    ORDER BY card_id LIMIT :limit`;
  return {
    entriesAfter: select(entriesTable, `${slice} ORDER BY seq LIMIT :limit`),
    entriesBefore: select(entriesTable, `${slice} ORDER BY seq DESC LIMIT :limit`),
    cardsAfter: select(cardsTable, `WHERE card_id > :after AND ${filter}`),
    cardsOfProgram: select(
      cardsTable,
      `INDEXED BY loyalty_cards_program WHERE program_id = :programId AND card_id > :after AND ${filter}`,
    ),
    ordersOfCard: select(
      ordersTable,
      'WHERE card_id = :cardId AND order_id > :orderId ORDER BY order_id LIMIT :limit',
    ),
    vouchersOfCard: select(
      vouchersTable,
      `WHERE card_id = :cardId AND seq < :before AND (:status IS NULL OR status = :status)
       ORDER BY seq DESC LIMIT :limit`,
    ),
    ordersOfProgram: readNamed(
      database,
      `SELECT ${orderColumns.join(', ')} FROM loyalty_cards c INDEXED BY loyalty_cards_program
       CROSS JOIN loyalty_orders o ON o.card_id = c.card_id
       WHERE c.program_id = :programId AND c.card_id >= :cardId AND (c.card_id > :cardId OR o.order_id > :orderId)
       ORDER BY c.card_id, o.order_id LIMIT :limit`,
    ),
  };
}

/** Entries of all cards, by when they were recorded: a page of the ledger, of one card, and of one order. */
function acrossStatements(database: Database) {
  const columns = [
    ...namesOf(entriesTable).map((name) => `e.${name}`),
    'c.program_id',
    'c.customer_id',
    'c.number',
  ];
  const select = (index: string, rest: string) =>
    readNamed(
      database,
      `SELECT ${columns.join(', ')} FROM loyalty_entries e ${index}
       CROSS JOIN loyalty_cards c ON c.card_id = e.card_id WHERE ${rest} LIMIT :limit`,
    );
  const page = `(e.recorded_at, e.card_id, e.seq) < (:recordedAt, :placeCard, :placeSeq) AND e.recorded_at >= :from`;
  const filter = `(:programIds IS NULL OR c.program_id IN (SELECT value FROM json_each(:programIds)))
    AND (:kinds IS NULL OR e.kind IN (SELECT value FROM json_each(:kinds)))
    AND (:locationId IS NULL OR e.location_id = :locationId) AND (:staffId IS NULL OR e.staff_id = :staffId)
    AND (:actor IS NULL OR e.actor = :actor)`;
  const lastFirst = 'ORDER BY e.recorded_at DESC, e.card_id DESC, e.seq DESC';
  return {
    entriesAcross: select('INDEXED BY loyalty_entries_recorded', `${page} AND ${filter} ${lastFirst}`),
    /** A card's entries are recorded in the order of their numbers. */
    entriesOfCard: select(
      '',
      `e.card_id = :cardId AND e.seq < :beforeSeq AND ${page} AND ${filter}
       AND (:orderId IS NULL OR e.order_id = :orderId) ORDER BY e.seq DESC`,
    ),
    entriesOfOrder: select(
      'INDEXED BY loyalty_entries_order',
      `e.order_id = CAST(:orderId AS TEXT) AND ${page} AND ${filter} ${lastFirst}`,
    ),
  };
}

const programs = 'program_id IN (SELECT value FROM json_each(:programIds))';

/** Sums over whole programs. */
function statisticsStatements(database: Database) {
  const read = (sql: string) => readNamed(database, sql);
  const tallies = (group: string) =>
    read(`SELECT ${group}, kind, sum(entries), sum(points), sum(stamps) FROM loyalty_tallies
          WHERE ${programs} AND (:from IS NULL OR day >= :from) AND (:to IS NULL OR day <= :to)
          GROUP BY 1, 2 ORDER BY 1, 2`);
  return {
    talliesByKind: tallies("''"),
    talliesByDay: tallies('day'),
    talliesByLocation: tallies('location_id'),
    cardSums: read(
      `SELECT count(*), total(status = 'active'), total(last_activity_at >= :activeSince),
         coalesce(sum(balance + debt), 0), coalesce(sum(debt), 0), coalesce(sum(stamps), 0)
       FROM loyalty_cards WHERE ${programs}`,
    ),
    /** Points of lots that have ended, and what of the debts they repay: expiry takes them, and debts with them. */
    dueSums: read(
      `SELECT coalesce(sum(due), 0), coalesce(sum(min(debt, due)), 0) FROM (
         SELECT c.debt, (
           SELECT coalesce(sum(remaining - held), 0) FROM loyalty_lots l
           WHERE l.card_id = c.card_id AND remaining > 0
             AND (burn_at <= :now OR (burn_at = ${endRanges.byInactivity.upTo} AND c.deadline <= :now))
         ) AS due
         FROM loyalty_cards c WHERE next_expiry_at <= :now AND ${programs}
       )`,
    ),
  };
}
