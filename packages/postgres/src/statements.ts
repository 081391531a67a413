import { createHash } from 'node:crypto';
import {
  type ColumnType,
  cardsTable,
  entriesTable,
  holdsTable,
  lotsTable,
  ordersTable,
  receiptsTable,
  type Table,
} from '@loyalty-engine/core';
import { pgTypes } from './message-writer.ts';
import type { Statement } from './pipeline.ts';
import { selectList } from './rows.ts';

/** Every statement of the store. */
export type Statements = ReturnType<typeof statementsFor>;

type Columns = readonly (readonly [name: string, type: ColumnType])[];
type Shape = Pick<Table<never>, 'name' | 'columns' | 'keys'>;

/** What a card is asked for by: its id, or else its member. */
export const refColumns = [
  ['card_id', 'text'],
  ['program_id', 'text'],
  ['customer_id', 'text'],
] as const satisfies Columns;

export const memberColumns = [
  ['program_id', 'text'],
  ['customer_id', 'text'],
  ['card_id', 'text'],
] as const satisfies Columns;

export const versionColumns = [
  ['program_id', 'text'],
  ['version', 'count'],
  ['effective_from', 'instant'],
  ['published_at', 'instant'],
  ['definition', 'json'],
] as const satisfies Columns;

/** The columns of a card that every entry changes. */
export const cardFigures: Columns = [...cardsTable.columns.slice(0, 1), ...cardsTable.columns.slice(3)];

/** The columns of a lot that change once it is there. */
export const lotFigures: Columns = lotsTable.columns.filter(([name]) =>
  ['card_id', 'seq', 'remaining', 'expired', 'held', 'available_at'].includes(name),
);

export const scanColumns = [
  ['scan', 'count'],
  ['after', 'instant'],
  ['up_to', 'instant'],
  ['skip', 'count'],
  ['most', 'count'],
] as const satisfies Columns;

export function statementsFor(schemaName: string) {
  const schema = quoteIdentifier(schemaName);
  const of = ({ name }: Pick<Shape, 'name'>) => `${schema}.${name}`;
  const members = `${schema}.members`;
  const programs = `${schema}.programs`;

  /** Rows of parameters, each for a card that is asked for by its id or by its member. */
  const asked = (more: Columns = []) =>
    `${unnest([...refColumns, ...more], 't')}
     LEFT JOIN LATERAL (
       SELECT card_id FROM ${members} x
       WHERE t.card_id IS NULL AND x.program_id = t.program_id AND x.customer_id = t.customer_id OFFSET 0
     ) m ON true`;
  const cardId = 'coalesce(t.card_id, m.card_id)';
  const cards = `SELECT ${selectList(cardsTable, 'c')}
    FROM ${of(cardsTable)} c
    WHERE c.card_id = ANY (ARRAY(SELECT ${cardId} FROM ${asked()})) ORDER BY c.card_id`;
  const byKey = (table: Shape, key: readonly [string, ColumnType], column = key[0]) =>
    statement(`SELECT ${selectList(table, 'r')} FROM ${asked([key])}
      CROSS JOIN LATERAL (
        SELECT * FROM ${of(table)} x WHERE x.card_id = ${cardId} AND x.${column} = t.${key[0]} OFFSET 0
      ) r`);
  const ofCard = (table: Shape, rest = '') =>
    statement(`SELECT ${selectList(table, 'r')} FROM ${of(table)} r WHERE r.card_id = $1 ${rest}`);
  /** Inserts rows; replaces rows. */
  const rowStatements = (table: Shape) =>
    [insert(of(table), table.columns), update(of(table), table.columns, table.keys)] as const;
  const slice = 'AND r.seq > $2 AND r.seq <= $3 AND r.kind = ANY ($4::text[])';

  return {
    begin: statement('BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE'),
    beginReading: statement('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'),
    commit: statement('COMMIT'),
    savepoint: statement('SAVEPOINT loyalty'),
    releaseSavepoint: statement('RELEASE SAVEPOINT loyalty'),
    /**
     * For this transaction only. Every statement here reaches its rows by an index; a plan that was made while the tables
     * were small, and is kept, must not read them whole once they are large. And it is kept: for a single command the
     * server would find planning anew worth its while every time, which takes longer than the command.
     */
    byIndex: statement(
      `SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)`,
    ),

    lockCards: statement(`${cards} FOR NO KEY UPDATE OF c`),
    readCards: statement(cards),
    receipts: byKey(receiptsTable, ['key', 'text']),
    orders: byKey(ordersTable, ['order_id', 'text']),
    holds: byKey(holdsTable, ['hold_id', 'text']),
    entries: byKey(entriesTable, ['seq', 'count']),
    reversals: byKey(entriesTable, ['seq', 'count'], 'reverses'),
    lots: byKey(lotsTable, ['seq', 'count']),
    openHolds: statement(`SELECT ${selectList(holdsTable, 'r')} FROM ${asked()}
      CROSS JOIN LATERAL (
        SELECT * FROM ${of(holdsTable)} x WHERE x.card_id = ${cardId} AND x.status = 'open' OFFSET 0
      ) r`),
    lotsMaturing: statement(`SELECT ${selectList(lotsTable, 'r')} FROM ${asked([
      ['after', 'instant'],
      ['up_to', 'instant'],
    ])}
      CROSS JOIN LATERAL (
        SELECT * FROM ${of(lotsTable)} x WHERE x.card_id = ${cardId} AND x.available_at > t.after
          AND x.available_at <= t.up_to AND x.remaining > 0 OFFSET 0
      ) r`),
    lotsInBurnOrder: statement(`SELECT ${selectList(lotsTable, 'r')}, t.scan FROM ${asked(scanColumns)}
      CROSS JOIN LATERAL (
        SELECT * FROM ${of(lotsTable)} l
        WHERE l.card_id = ${cardId} AND l.live AND l.burn_at > t.after AND l.burn_at <= t.up_to
        ORDER BY l.burn_at, l.earned_at, l.seq OFFSET t.skip LIMIT t.most
      ) r ORDER BY t.scan, r.burn_at, r.earned_at, r.seq`),

    newestVersions: statement(`SELECT w.program_id, p.version, extract(epoch FROM p.published_at) FROM (
        SELECT unnest($1::text[]) AS program_id
        UNION SELECT c.program_id FROM ${of(cardsTable)} c WHERE c.card_id = ANY ($2::text[])
      ) w CROSS JOIN LATERAL (
        SELECT version, published_at FROM ${programs} v WHERE v.program_id = w.program_id ORDER BY version DESC LIMIT 1
      ) p`),
    versions: statement(`SELECT ${selectList({ columns: versionColumns }, 'p')}
      FROM ${programs} p WHERE p.program_id = ANY ($1::text[]) ORDER BY p.program_id, p.version`),
    lockPrograms: statement(`LOCK TABLE ${programs} IN SHARE ROW EXCLUSIVE MODE`),
    insertVersion: insert(programs, versionColumns),
    programIds: statement(`SELECT DISTINCT program_id FROM ${programs} ORDER BY program_id`),

    insertCards: insert(of(cardsTable), cardsTable.columns),
    insertMembers: insert(members, memberColumns),
    updateCards: update(of(cardsTable), cardFigures, 1),
    insertEntries: insert(of(entriesTable), entriesTable.columns),
    insertLots: insert(of(lotsTable), lotsTable.columns),
    updateLots: update(of(lotsTable), lotFigures, 2),
    holdRows: rowStatements(holdsTable),
    orderRows: rowStatements(ordersTable),
    receiptRows: rowStatements(receiptsTable),

    entriesAfter: ofCard(entriesTable, `${slice} ORDER BY r.seq LIMIT $5`),
    entriesBefore: ofCard(entriesTable, `${slice} ORDER BY r.seq DESC LIMIT $5`),
    /** Entries are posted in the order of their numbers, so the place of an instant is found by halving. */
    lastEntryBefore: statement(`WITH RECURSIVE halving (low, high) AS (
        SELECT 0, c.seq FROM ${of(cardsTable)} c WHERE c.card_id = $1
        UNION ALL
        SELECT CASE WHEN probe.earlier THEN probe.middle ELSE halving.low END,
               CASE WHEN probe.earlier THEN halving.high ELSE probe.middle - 1 END
        FROM halving CROSS JOIN LATERAL (
          SELECT e.seq AS middle, e.posted_at < $2::timestamptz AS earlier FROM ${of(entriesTable)} e
          WHERE e.card_id = $1 AND e.seq = (halving.low + halving.high + 1) / 2
        ) probe WHERE halving.low < halving.high
      )
      SELECT ${selectList(entriesTable, 'r')} FROM halving JOIN ${of(entriesTable)} r
        ON r.card_id = $1 AND r.seq = halving.low WHERE halving.low = halving.high`),
    lotsOfCard: ofCard(lotsTable),
    holdsOfCard: ofCard(holdsTable),
    ordersOfCard: ofCard(ordersTable),
    cardsAfter: statement(
      `SELECT ${selectList(cardsTable, 'c')} FROM ${of(cardsTable)} c WHERE c.card_id > $1 ORDER BY c.card_id LIMIT $2`,
    ),
    dueCards: statement(`SELECT ${selectList(cardsTable, 'c')} FROM ${of(cardsTable)} c
      WHERE c.next_expiry_at <= $1::timestamptz
        AND (c.next_expiry_at, c.card_id) > ($2::timestamptz, $3)
      ORDER BY c.next_expiry_at, c.card_id LIMIT $4`),
  };
}

/** A name of the host's choice as SQL. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Named by its text, so that two copies of this package on one connection agree on what a name means. */
function statement(text: string): Statement {
  return { name: `loyalty_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`, text };
}

function unnest(columns: Columns, alias: string, first = 1): string {
  const parameters = columns.map(([, type], index) => `$${first + index}::${pgTypes[type].name}[]`);
  return `unnest(${parameters.join(', ')}) AS ${alias} (${namesOf(columns).join(', ')})`;
}

function insert(table: string, columns: Columns): Statement {
  return statement(
    `INSERT INTO ${table} (${namesOf(columns).join(', ')}) SELECT * FROM ${unnest(columns, 't')}`,
  );
}

function update(table: string, columns: Columns, keys: number): Statement {
  const names = namesOf(columns);
  const values = names.slice(keys).map((name) => `${name} = t.${name}`);
  const matches = names.slice(0, keys).map((name) => `r.${name} = t.${name}`);
  return statement(
    `UPDATE ${table} r SET ${values.join(', ')} FROM ${unnest(columns, 't')} WHERE ${matches.join(' AND ')}`,
  );
}

function namesOf(columns: Columns): string[] {
  return columns.map(([name]) => name);
}
