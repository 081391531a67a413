import {
  cardBeyondPoints,
  cardIdentityColumns,
  cardsTable,
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
import { listStatements } from './list-statements.ts';
import { loadStatements } from './load-statements.ts';
import { selectList } from './rows.ts';
import {
  type Columns,
  insert,
  quoteIdentifier,
  rowStatements,
  statement,
  update,
  writing,
} from './statement.ts';
import { sumStatements } from './sum-statements.ts';

/** Every statement of the store but those for a merchant's books, which are made for each of their tables. */
export type Statements = ReturnType<typeof statementsFor>;

export const memberColumns = [
  ['program_id', 'text'],
  ['customer_id', 'text'],
  ['card_id', 'text'],
] as const satisfies Columns;

/** A member, and the customer that it becomes. */
export const renamedMemberColumns = [
  ['program_id', 'text'],
  ['customer_id', 'text'],
  ['renamed', 'text'],
] as const satisfies Columns;

export const nameColumns = [
  ['name', 'text'],
  ['card_id', 'text'],
] as const satisfies Columns;

export const versionColumns = [
  ['program_id', 'text'],
  ['version', 'count'],
  ['merchant_id', 'text'],
  ['effective_from', 'instant'],
  ['published_at', 'instant'],
  ['definition', 'json'],
] as const satisfies Columns;

/** The columns of a card that entries change. */
export const cardFigures: Columns = [
  ...cardsTable.columns.slice(0, 1),
  ...cardsTable.columns.slice(cardIdentityColumns),
];

const beyondPoints: ReadonlySet<string> = new Set(Object.values(cardBeyondPoints));

/** Those of them that points change: nearly every command changes no others, and each column costs the server. */
export const cardPoints: Columns = cardFigures.filter(([name]) => !beyondPoints.has(name));

/** The columns of a lot that change once it is there. */
export const lotFigures: Columns = lotsTable.columns.filter(([name]) =>
  ['card_id', 'seq', 'remaining', 'expired', 'held', 'available_at'].includes(name),
);

/** The columns of a reward that commands change. */
export const rewardFigures: Columns = rewardsTable.columns.filter(([name]) =>
  ['program_id', 'reward_id', 'redeemed'].includes(name),
);

export function statementsFor(schemaName: string) {
  const schema = quoteIdentifier(schemaName);
  const of = ({ name }: { name: string }) => `${schema}.${name}`;
  const [members, names, programs] = [`${schema}.members`, `${schema}.names`, `${schema}.programs`];

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
    /**
     * For this transaction only. What goes over many rows, sums and pages by a filter, has the plan of the server's choice,
     * for these values and as the tables are now. It is not compiled, which takes longer than it saves.
     */
    byChoice: statement(
      `SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('jit', 'off', true)`,
    ),

    byMember: loadStatements(schema, 'byMember'),
    byName: loadStatements(schema, 'byName'),
    cardsNamed: statement(`SELECT name, card_id FROM ${names} WHERE name = ANY ($1::text[])`),
    versions: statement(`SELECT ${selectList({ columns: versionColumns }, 'p')}
      FROM ${programs} p WHERE p.program_id = ANY ($1::text[]) ORDER BY p.program_id, p.version`),
    merchants: statement(
      `SELECT ${selectList(merchantsTable, 'm')} FROM ${of(merchantsTable)} m WHERE m.merchant_id = ANY ($1::text[])`,
    ),
    locations: statement(
      `SELECT ${selectList(locationsTable, 'l')} FROM ${of(locationsTable)} l WHERE l.merchant_id = ANY ($1::text[])`,
    ),
    lockPrograms: statement(`LOCK TABLE ${programs} IN SHARE ROW EXCLUSIVE MODE`),
    insertVersion: insert(programs, versionColumns),
    programIds: statement(`SELECT DISTINCT program_id FROM ${programs} ORDER BY program_id`),

    insertCards: insert(of(cardsTable), cardsTable.columns),
    insertMembers: insert(members, memberColumns),
    renameMembers: writing(
      renamedMemberColumns,
      (rows) => `UPDATE ${members} r SET customer_id = t.renamed FROM ${rows}
        WHERE r.program_id = t.program_id AND r.customer_id = t.customer_id`,
    ),
    insertNames: insert(names, nameColumns),
    deleteNames: statement(`DELETE FROM ${names} WHERE name = ANY ($1::text[])`),
    updateCards: update(of(cardsTable), cardFigures, 1),
    updatePoints: update(of(cardsTable), cardPoints, 1),
    renameCards: update(of(cardsTable), cardsTable.columns, 1),
    insertEntries: insert(of(entriesTable), entriesTable.columns),
    insertLots: insert(of(lotsTable), lotsTable.columns),
    updateLots: update(of(lotsTable), lotFigures, 2),
    holdRows: rowStatements(of(holdsTable), holdsTable),
    orderRows: rowStatements(of(ordersTable), ordersTable),
    receiptRows: rowStatements(of(receiptsTable), receiptsTable),
    voucherRows: rowStatements(of(vouchersTable), vouchersTable),
    updateRewards: update(of(rewardsTable), rewardFigures, 2),
    insertTallies: insert(of(talliesTable), talliesTable.columns),

    ...listStatements(schema),
    ...sumStatements(schema),
  };
}
