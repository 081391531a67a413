import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FreshSchema, newSchema } from '../test/fresh-schema.ts';
import { openPostgresStore } from './open-postgres-store.ts';
import { type Statements, statementsFor } from './statements.ts';

/** What a plan does in one place, as EXPLAIN gives it. */
interface Step {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Plans?: Step[];
}

// Read for `programs.list()` and for an expiry run, never by a command; there are as many programs as a host has ideas.
const readWhole = new Set<keyof Statements>(['programIds']);

/** The statements that have a plan, each with the name it has in the code. */
function planned(schema: string): { called: string; name: string; text: string }[] {
  return Object.entries(statementsFor(schema)).flatMap(([key, one]) => {
    if (readWhole.has(key as keyof Statements)) return [];
    const statements = Array.isArray(one) ? one : [one];
    return statements
      .filter(({ text }) => text.includes(`"${schema}"`) && !text.startsWith('LOCK'))
      .map(({ name, text }, index) => ({ called: `${key} ${index}`, name, text }));
  });
}

async function connectedTo({ url }: FreshSchema): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** Makes every statement known to the server under its own name, as a first run of it would. */
async function prepareAll(client: pg.Client, schema: string): Promise<void> {
  for (const { name, text } of planned(schema)) await client.query(`PREPARE ${name} AS ${text}`);
}

/** The plans as the store's own transactions get them, or as they are made in the caller's, for one card. */
async function plansOf(client: pg.Client, schema: string, transaction: 'own' | "caller's") {
  await client.query('BEGIN');
  const own = transaction === 'own';
  await client.query(own ? statementsFor(schema).byIndex.text : 'SET LOCAL plan_cache_mode = force_custom_plan');
  const plans: [called: string, steps: Step[]][] = [];
  for (const { called, name, text } of planned(schema)) {
    const values = valuesFor(text).map((value) => (own ? 'NULL' : `'${value}'`));
    const { rows } = await client.query(`EXPLAIN (FORMAT JSON) EXECUTE ${name} (${values.join(', ')})`);
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

/** The steps that read a table whole: as it lies, or along an index without looking for anything in it. */
function wholeReads(plans: readonly [called: string, steps: Step[]][]): string[] {
  return plans.flatMap(([called, steps]) =>
    steps
      .filter(
        (step) =>
          step['Node Type'] === 'Seq Scan' ||
          (/^(Bitmap )?Index/.test(step['Node Type']) && step['Index Cond'] === undefined),
      )
      .map((step) => `${called}: ${step['Node Type']} of ${step['Relation Name'] ?? step['Index Name']}`),
  );
}

/** Cards with 20 lots and 20 entries each, written by the server. */
async function fill(client: pg.Client, schema: string, cards: number): Promise<void> {
  await client.query(`
    SET search_path TO "${schema}";
    INSERT INTO programs SELECT 'p' || n, 1, 'epoch', 'epoch', '{}' FROM generate_series(1, 20) n;
    INSERT INTO cards SELECT 'c' || n, 'p' || n % 20 + 1, 'm' || n, 'active', 'epoch', 20, 100, 0, 0, 'epoch', 0, 1,
        0, 0, 0, 0, 0, NULL, 'epoch', 'epoch', timestamptz '2026-01-01' + n * interval '1 hour'
      FROM generate_series(1, ${cards}) n;
    INSERT INTO members SELECT program_id, customer_id, card_id FROM cards;
    INSERT INTO entries SELECT card_id, n, 'earn', 5, n * 5, 'epoch', 'epoch', 'epoch', 1, 'o' || n,
        CASE WHEN n % 10 = 0 THEN n - 1 END, NULL, NULL, '{}'
      FROM cards, generate_series(1, 20) n;
    INSERT INTO lots SELECT card_id, n, 5, n % 3, 0, 0, 'epoch', timestamptz '2026-01-01' + n * interval '1 month',
        CASE WHEN n % 7 = 0 THEN timestamptz '2026-01-01' END
      FROM cards, generate_series(1, 20) n;
    INSERT INTO holds SELECT card_id, 'h' || n, NULL, CASE n WHEN 1 THEN 'open' ELSE 'captured' END, 1, 1, 1, 'epoch',
        'epoch', 1, '[]'
      FROM cards, generate_series(1, 5) n;
    INSERT INTO orders SELECT card_id, 'o' || n, 1, 5, 5, n, 0, 0, 0, 0, '[]' FROM cards, generate_series(1, 10) n;
    INSERT INTO receipts SELECT card_id, 'key:' || n, '', n, 1, '{}' FROM cards, generate_series(1, 10) n;
    SET search_path TO DEFAULT`);
}

async function analyse(client: pg.Client, schema: string): Promise<void> {
  for (const table of ['programs', 'cards', 'members', 'entries', 'lots', 'holds', 'orders', 'receipts'])
    await client.query(`ANALYZE "${schema}".${table}`);
}

/** A connection on which every statement is prepared. */
async function preparedOn(schema: string, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const { name, text } of planned(schema)) await client.query(`PREPARE ${name} AS ${text}`);
  return client;
}

describe('no statement of the store reads a table whole', () => {
  const made = newSchema();
  const { schema, url } = made;
  /** Makes its plans while the tables are empty, and keeps them. */
  let early: pg.Client;
  let late: pg.Client;

  beforeAll(async () => {
    const knex = made.knex(1);
    await openPostgresStore({ knex, schema }).migrate();
    // Nothing but the test itself looks at the tables, and has plans made anew.
    for (const table of tables) await knex.raw(`ALTER TABLE "${schema}".${table} SET (autovacuum_enabled = off)`);
    early = await preparedOn(schema, url);
    late = await preparedOn(schema, url);
  }, 30_000);
  afterAll(async () => {
    await early.end();
    await late.end();
    await made.drop();
  });

  it('of any number of rows', async () => {
    const whileEmpty = await plansOf(early, schema, 'own');
    expect(whileEmpty.map(([called]) => called)).toEqual(expect.arrayContaining(['lockCards 0', 'receiptRows 1']));
    expect(wholeReads(whileEmpty), 'empty, never analysed').toEqual([]);

    await fill(late, schema, 5);
    await analyse(late, schema);
    expect(wholeReads(await plansOf(late, schema, 'own')), 'few rows').toEqual([]);
  });
});
