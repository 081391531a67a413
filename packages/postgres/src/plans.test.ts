import {
  changesTable,
  locationsTable,
  merchantsTable,
  pinAttemptsTable,
  requestsTable,
  rewardsTable,
  staffTable,
} from '@loyalty-engine/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type FreshSchema, freshSchema, newSchema } from '../test/fresh-schema.ts';
import { openPostgresStore } from './open-postgres-store.ts';
import type { Statement } from './pipeline.ts';
import { recordStatementsFor } from './record-statements.ts';
import { type Statements, statementsFor } from './statements.ts';

const books = [
  merchantsTable,
  locationsTable,
  staffTable,
  pinAttemptsTable,
  requestsTable,
  changesTable,
  rewardsTable,
];
const tables = [
  ...['programs', 'cards', 'members', 'names', 'entries', 'lots', 'holds', 'orders', 'receipts', 'vouchers'],
  ...['tallies', 'tally_sums'],
  ...books.map(({ name }) => name),
];

/** What a plan does in one place, as EXPLAIN gives it. */
interface Step {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Step[];
}

// Never read by a command. Programs are listed for `programs.list()` and for an expiry run, and there are as many as a host
// has ideas; the others go over many rows, and their plans are the server's choice.
const readWhole = new Set<keyof Statements>([
  ...([
    'programIds',
    'talliesBy',
    'cardSums',
    'sumTallies',
    'forgetAttempts',
    'forgetRequests',
    'entriesAcross',
    'entriesOfCard',
    'cardsOfPrograms',
    'ordersOfPrograms',
  ] as const),
]);

/** Statements, each with the name it has in the code. */
function named(statements: object, called = ''): { called: string; name: string; text: string }[] {
  return Object.entries(statements).flatMap(([key, one]) =>
    'text' in one
      ? [{ called: `${called}${key}`, ...(one as Statement) }]
      : named(one, `${called}${Array.isArray(one) ? key : `${key} `}`),
  );
}

/** The statements that have a plan. */
function planned(schema: string) {
  const ofBooks = recordStatementsFor(schema);
  const own = Object.entries(statementsFor(schema)).filter(
    ([key]) => !readWhole.has(key as keyof Statements),
  );
  const all = [
    ...named(Object.fromEntries(own)),
    ...books.flatMap((table) => named(ofBooks(table), `${table.name} `)),
  ];
  return all.filter(({ text }) => text.includes(`"${schema}"`) && !text.startsWith('LOCK'));
}

type Plans = [called: string, steps: Step[]][];

async function migrated({ schema, knex }: FreshSchema): Promise<void> {
  const pool = knex(1);
  await openPostgresStore({ knex: pool, schema }).migrate();
  // Nobody but the test looks into the tables, and has plans made anew by that.
  for (const table of tables)
    await pool.raw(`ALTER TABLE "${schema}".${table} SET (autovacuum_enabled = off)`);
}

/** A connection to which every statement is known under its own name, as after a first run. */
async function preparedOn({ schema, url }: FreshSchema): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const { name, text } of planned(schema)) await client.query(`PREPARE ${name} AS ${text}`);
  return client;
}

/** The plans as the store's own transactions get them, or as they are made in the caller's for one card. */
async function plansOf(
  client: pg.Client,
  schema: string,
  transaction: 'own' | "caller's",
  statements = planned(schema),
): Promise<Plans> {
  const own = transaction === 'own';
  await client.query('BEGIN');
  await client.query(
    own ? statementsFor(schema).byIndex.text : 'SET LOCAL plan_cache_mode = force_custom_plan',
  );
  const plans: Plans = [];
  for (const { called, name, text } of statements) {
    const values = valuesFor(text).map((value) => (own ? 'NULL' : `'${value}'`));
    const execute = values.length > 0 ? `EXECUTE ${name} (${values.join(', ')})` : `EXECUTE ${name}`;
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) ${execute}`);
    plans.push([called, stepsOf(rows[0]['QUERY PLAN'][0].Plan)]);
  }
  await client.query('ROLLBACK');
  return plans;
}

/** A value of one row for each parameter: an array where it is one, and a time where it is one. */
function valuesFor(text: string): string[] {
  const values: string[] = [];
  for (const [, place, type = '', array] of text.matchAll(/\$(\d+)(?:::([a-z]+)(\[\])?)?/g)) {
    const value = type === 'timestamptz' ? '2026-01-15' : '1';
    values[Number(place) - 1] ??= array ? `{${value}}` : value;
  }
  return values;
}

function stepsOf(step: Step): Step[] {
  return [step, ...(step.Plans ?? []).flatMap(stepsOf)];
}

/** The steps that read a table as it lies. */
function tableScans(plans: Plans): string[] {
  return stepsThat((step) => step['Node Type'] === 'Seq Scan', plans);
}

/** The steps that go along a whole index and look for nothing in it, which is no better once there are many rows. */
function indexScans(plans: Plans): string[] {
  return stepsThat(
    (step) => /^(Bitmap )?Index/.test(step['Node Type']) && step['Index Cond'] === undefined,
    plans,
  );
}

function stepsThat(match: (step: Step) => boolean, plans: Plans): string[] {
  return plans.flatMap(([called, steps]) =>
    steps
      .filter(match)
      .map((step) => `${called}: ${step['Node Type']} of ${step['Relation Name'] ?? step['Index Name']}`),
  );
}

/** Cards with 20 lots and 20 entries each, written by the server. */
async function fill(client: pg.Client, schema: string, cards: number): Promise<void> {
  await client.query(`
    SET search_path TO "${schema}";
    INSERT INTO programs SELECT 'p' || n, 1, 'm', 'epoch', 'epoch', '{}' FROM generate_series(1, ${cards}) n;
    INSERT INTO cards (card_id, program_id, customer_id, number, qr_token, enrolled_at, status, seq, balance, debt,
        pending, pending_as_of, held, open_holds, earned, redeemed, expired, adjusted, reversed, last_posted_at,
        last_recorded_at, stamps, stamps_earned, rewards_redeemed, next_expiry_at)
      SELECT 'c' || n, 'p' || n % 20 + 1, 'm' || n, 'n' || n, 'q' || n, 'epoch', 'active', 20, 100, 0,
        0, 'epoch', 0, 1, 0, 0, 0, 0, 0, 'epoch',
        'epoch', 0, 0, 0, timestamptz '2026-01-01' + n * interval '1 hour'
      FROM generate_series(1, ${cards}) n;
    INSERT INTO names SELECT 'number:' || number, card_id FROM cards;
    INSERT INTO members SELECT program_id, customer_id, card_id FROM cards;
    INSERT INTO entries SELECT card_id, n, 'earn', 5, n * 5, 'epoch', 'epoch', 'epoch', 1, 'o' || n,
        CASE WHEN n % 10 = 0 THEN n - 1 END, NULL, NULL, NULL, 0, '{}'
      FROM cards, generate_series(1, 20) n;
    INSERT INTO lots SELECT card_id, n, 5, n % 3, 0, 0, 'epoch', timestamptz '2026-01-01' + n * interval '1 month',
        CASE WHEN n % 7 = 0 THEN timestamptz '2026-01-01' END
      FROM cards, generate_series(1, 20) n;
    INSERT INTO holds SELECT card_id, 'h' || n, NULL, CASE n WHEN 1 THEN 'open' ELSE 'captured' END, 1, 1, 1, 'epoch',
        'epoch', 1, '[]'
      FROM cards, generate_series(1, 5) n;
    INSERT INTO orders SELECT card_id, 'o' || n, 1, 5, 5, n, 0, 0, 0, 0, '[]' FROM cards, generate_series(1, 10) n;
    INSERT INTO receipts SELECT card_id, 'key:' || n, '', n, 1, '{}' FROM cards, generate_series(1, 10) n;
    INSERT INTO vouchers SELECT card_id, 'v' || n, n, 'r' || n, 'issued', 'epoch', 'epoch', NULL, NULL, NULL, '{}'
      FROM cards, generate_series(1, 5) n;
    INSERT INTO rewards SELECT 'p' || n % 20, 'r' || n, 'Tea', 'active', NULL, 0, '{}' FROM generate_series(1, ${cards}) n;
    INSERT INTO merchants SELECT 'm' || n, 'Cathay', '{}', 1, 1, 'epoch' FROM generate_series(1, ${cards}) n;
    INSERT INTO locations SELECT merchant_id, 'l' || n, 'Mall', 'UTC', 'open' FROM merchants, generate_series(1, 5) n;
    INSERT INTO staff SELECT merchant_id, 's' || n, 'Asha', 'till', NULL, 'active', '', 'epoch', NULL, 'epoch'
      FROM merchants, generate_series(1, 5) n;
    INSERT INTO pin_attempts SELECT merchant_id, 'staff:s' || n, 1, 'epoch', NULL FROM merchants, generate_series(1, 5) n;
    INSERT INTO requests SELECT merchant_id, 'k' || n, 'f', 'epoch', 'c' || n FROM merchants, generate_series(1, 5) n;
    INSERT INTO merchant_changes SELECT merchant_id, n, 'epoch', 'admin', 'staff', 's', 'changed', NULL, NULL
      FROM merchants, generate_series(1, 5) n;
    INSERT INTO tallies SELECT 'p' || n % 20, '2026-01-' || 10 + n % 20, 'l' || n % 3, 'earn', 1, 1, 0
      FROM generate_series(1, ${cards} * 5) n;
    INSERT INTO tally_sums SELECT 'p' || p, '2026-01-' || d, 'l' || l, 'earn', 1, 1, 0
      FROM generate_series(1, 20) p, generate_series(10, 30) d, generate_series(1, ${cards} / 100) l;
    SET search_path TO DEFAULT`);
}

async function analyse(client: pg.Client, schema: string): Promise<void> {
  for (const table of tables) await client.query(`ANALYZE "${schema}".${table}`);
}

const made = newSchema();
const { schema } = made;
/** Made its plans while the tables were empty, and keeps them. */
let early: pg.Client;
let whileEmpty: Plans;
let late: pg.Client;

beforeAll(async () => {
  await migrated(made);
  early = await preparedOn(made);
  whileEmpty = await plansOf(early, schema, 'own');
  late = await preparedOn(made);
  await fill(late, schema, 3_000);
}, 30_000);
afterAll(async () => {
  await early.end();
  await late.end();
  await made.drop();
});

describe('no statement of the store reads a table whole', () => {
  it('where the tables are empty and were never analysed', () => {
    expect(whileEmpty.map(([called]) => called)).toEqual(
      expect.arrayContaining([
        'byMember lockCards',
        'byName lotsInBurnOrder',
        'updateCards one',
        'updateCards many',
        'dueCards',
      ]),
    );
    expect(tableScans(whileEmpty)).toEqual([]);
  });

  it('where the tables have few rows, and the server knows it', async () => {
    const few = freshSchema();
    await migrated(few);
    const client = await preparedOn(few);
    onTestFinished(() => client.end());
    await fill(client, few.schema, 5);
    await analyse(client, few.schema);
    expect(tableScans(await plansOf(client, few.schema, 'own'))).toEqual([]);
  });

  it('where the tables have many rows, and the plans were made when they had none', async () => {
    expect(tableScans(await plansOf(early, schema, 'own'))).toEqual([]);
  });

  it('nor an index where there are many rows, before and after the server knows it', async () => {
    for (const know of [async () => {}, () => analyse(late, schema)]) {
      await know();
      const plans = await plansOf(late, schema, 'own');
      expect([...tableScans(plans), ...indexScans(plans)]).toEqual([]);
    }
  });

  it("nor for a card of many in the caller's own transaction, where the plans are the server's choice", async () => {
    await analyse(late, schema);
    const plans = await plansOf(late, schema, "caller's");
    expect([...tableScans(plans), ...indexScans(plans)]).toEqual([]);
  });
});

it('pages are read in the order of an index, and no further than they go', () => {
  const plans = new Map(whileEmpty);
  for (const [called, index] of [
    ['byMember lotsInBurnOrder', 'lots_burn'],
    ['byName lotsInBurnOrder', 'lots_burn'],
    ['entriesAfter', 'entries_pkey'],
    ['entriesBefore', 'entries_pkey'],
    ['cardsAfter', 'cards_pkey'],
    ['dueCards', 'cards_due'],
    ['ordersAfter', 'orders_pkey'],
    ['merchants page', 'merchants_pkey'],
    ['locations page', 'locations_pkey'],
  ] as const) {
    const steps = plans.get(called) ?? [];
    const limit = steps.findIndex((step) => step['Node Type'] === 'Limit');
    expect(steps[limit + 1], called).toMatchObject({ 'Node Type': 'Index Scan', 'Index Name': index });
  }
});

it('a page of the entries of a card with many is read by their numbers, backwards, and not sorted', async () => {
  await late.query(`INSERT INTO "${schema}".entries
    SELECT 'c1', n, 'earn', 5, n * 5, 'epoch', 'epoch', 'epoch', 1, NULL, NULL, NULL, NULL, NULL, 0, '{}'
    FROM generate_series(21, 5000) n`);
  await analyse(late, schema);
  const { byChoice, entriesOfCard } = statementsFor(schema);
  await late.query('BEGIN');
  await late.query(byChoice.text);
  for (const filter of [Array(5).fill(null), ['{p1}', '{earn}', null, null, null]]) {
    const values = ['51', '2026-01-15', '', '0', '1970-01-01', ...filter, 'c1', '4000', null];
    const { rows } = await late.query(`EXPLAIN (FORMAT JSON) ${entriesOfCard.text}`, values);
    const steps = stepsOf(rows[0]['QUERY PLAN'][0].Plan);
    expect(steps.map((step) => step['Node Type'])).not.toContain('Sort');
    expect(steps.map((step) => step['Index Name'])).toContain('entries_pkey');
  }
  await late.query('ROLLBACK');
});

it('pages of a program and of all entries, and the tallies of one of many, are read by index where the choice is the server’s', async () => {
  await analyse(late, schema);
  const { byChoice, entriesAcross, cardsOfPrograms, ordersOfPrograms, talliesBy } = statementsFor(schema);
  const newest = ['51', '2026-01-15', '', '0', '1970-01-01', ...Array<string | null>(5).fill(null)];
  await late.query('BEGIN');
  await late.query(byChoice.text);
  for (const [{ text }, values, indexes] of [
    [cardsOfPrograms, ['', '5', '{p1}', ...Array(4).fill(null)], ['cards_of_program']],
    [cardsOfPrograms, ['c5', '5', '{p1,p2}', 'active', ...Array(3).fill(null)], ['cards_of_program']],
    [entriesAcross, newest, ['cards_pkey', 'entries_recorded']],
    [entriesAcross, newest.with(5, '{p1,p2}').with(6, '{earn}'), ['cards_pkey', 'entries_recorded']],
    [ordersOfPrograms, ['c5', 'o1', '5', '{p1}'], ['cards_of_program', 'orders_pkey']],
    [talliesBy.day, ['{p1}', '2026-01-05', '2026-01-06'], ['tallies_of_day', 'tally_sums_pkey']],
  ] as const) {
    const { rows } = await late.query(`EXPLAIN (FORMAT JSON) ${text}`, [...values]);
    const plans: Plans = [['page', stepsOf(rows[0]['QUERY PLAN'][0].Plan)]];
    expect([...tableScans(plans), ...indexScans(plans)], text).toEqual([]);
    const used = new Set(plans.flatMap(([, steps]) => steps.flatMap((step) => step['Index Name'] ?? [])));
    expect([...used].sort(), text).toEqual([...indexes].sort());
  }
  await late.query('ROLLBACK');
});

it('a table or an index that is read whole is noticed', async () => {
  const [table, index] = [
    { called: 'table', name: 'loyalty_test_table', text: `SELECT max(held) FROM "${schema}".cards` },
    {
      called: 'index',
      name: 'loyalty_test_index',
      text: `SELECT held FROM "${schema}".cards ORDER BY card_id`,
    },
  ];
  for (const { name, text } of [table, index]) await late.query(`PREPARE ${name} AS ${text}`);
  const plans = await plansOf(late, schema, 'own', [table, index]);
  expect(tableScans(plans)).toEqual(['table: Seq Scan of cards']);
  expect(indexScans(plans)).toEqual(['index: Index Scan of cards']);
});
