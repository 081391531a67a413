import { createLoyalty, unwrap } from '@loyalty-engine/core';
import { compareWithMemory, manualClock } from '@loyalty-engine/testing';
import type { Knex } from 'knex';
import { describe, expect, inject, it } from 'vitest';
import { freshSchema } from '../test/fresh-schema.ts';
import { award, hostKnex, openShop } from '../test/open-shop.ts';
import { member, program } from '../test/program.ts';
import { type Answers, expectedAnswers, usualCommands } from '../test/usual-commands.ts';
import { openPostgresStore } from './open-postgres-store.ts';

/** A host's Knex whose sessions start with settings as a database or a role would give them. */
function sessionsWith(settings: Record<string, string>): Knex {
  const options = Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/g, '\\$&')}`)
    .join(' ');
  return hostKnex({ connection: { connectionString: inject('postgresUrl'), options } });
}

async function answersOn(knex: Knex, text?: string): Promise<Answers> {
  const store = openPostgresStore({ knex, schema: freshSchema().schema });
  await store.migrate();
  return usualCommands(store, text);
}

const settings: Record<string, string>[] = [
  { TimeZone: 'Pacific/Chatham', DateStyle: 'SQL, DMY', IntervalStyle: 'postgres_verbose' },
  { TimeZone: 'America/St_Johns', DateStyle: 'German, DMY', IntervalStyle: 'sql_standard' },
  { extra_float_digits: '-15', bytea_output: 'escape', array_nulls: 'off', xmlbinary: 'hex' },
  { standard_conforming_strings: 'off', backslash_quote: 'off', quote_all_identifiers: 'on' },
  { default_transaction_isolation: 'serializable', default_transaction_deferrable: 'on' },
  { default_transaction_isolation: 'repeatable read' },
  { plan_cache_mode: 'force_custom_plan', jit: 'on', jit_above_cost: '0' },
  { plan_cache_mode: 'force_generic_plan', work_mem: '64kB', join_collapse_limit: '1' },
  { enable_indexscan: 'off', enable_bitmapscan: 'off', enable_nestloop: 'off' },
  { client_encoding: 'LATIN1', lc_messages: 'C', lc_numeric: 'C', client_min_messages: 'debug1' },
  { search_path: '', transform_null_equals: 'on', row_security: 'off', check_function_bodies: 'off' },
];

const expected = await expectedAnswers();
const everySetting = Object.assign({}, ...settings) as Record<string, string>;

describe('the answers of the memory store are given', () => {
  it.each(settings.map((one) => [JSON.stringify(one), one] as const))('with %s', async (_, one) => {
    const knex = sessionsWith(one);
    for (const [name, value] of Object.entries(one)) {
      const { rows } = await knex.raw('SELECT current_setting(?) AS value', [name]);
      if (name !== 'client_encoding') expect(rows).toEqual([{ value }]);
    }
    expect(await answersOn(knex)).toEqual(expected);
  });

  it('where tables of the same names come first in the search path', async () => {
    const { schema, knex } = freshSchema();
    const names = [
      'cards',
      'members',
      'entries',
      'lots',
      'holds',
      'orders',
      'receipts',
      'programs',
      'migrations',
    ];
    const tables = names.map((name) => `CREATE TABLE "${schema}".${name} (card_id int, name int)`);
    await knex().raw([`CREATE SCHEMA "${schema}"`, ...tables].join(';'));
    expect(await answersOn(sessionsWith({ search_path: schema }))).toEqual(expected);
    for (const name of names) expect(await knex().withSchema(schema).table(name)).toEqual([]);
  });

  it('where the host sets its sessions up as they are made', async () => {
    const knex = hostKnex({
      searchPath: ['pg_catalog', 'public'],
      pool: {
        min: 0,
        max: 2,
        afterCreate: (connection: { query: (sql: string, done: () => void) => void }, done: () => void) =>
          connection.query("SET TIME ZONE 'Asia/Kathmandu'; SET datestyle TO 'ISO, YMD'", () => done()),
      },
    });
    expect(await answersOn(knex)).toEqual(expected);
    expect((await knex.raw('SHOW TimeZone')).rows).toEqual([{ TimeZone: 'Asia/Kathmandu' }]);
  });

  it('in sessions that only read unless they are told otherwise', async () => {
    const { schema, knex } = freshSchema();
    await openPostgresStore({ knex: knex(), schema }).migrate();
    const store = openPostgresStore({ knex: sessionsWith({ default_transaction_read_only: 'on' }), schema });
    expect(await store.migrate()).toEqual([]);
    expect(await usualCommands(store)).toEqual(expected);
  });

  it('to random sequences of commands with all these settings at once', async () => {
    const knex = sessionsWith(everySetting);
    const open = async () => {
      const { schema, drop } = freshSchema();
      const store = openPostgresStore({ knex, schema });
      await store.migrate();
      return { store, remove: drop };
    };
    await compareWithMemory(open, { runs: 2 });
  }, 60_000);
});

/** So many different characters that nothing of it can be compressed away. */
function emoji(characters: number): string {
  return Array.from({ length: characters }, (_, index) =>
    String.fromCodePoint(0x1f300 + ((index * 389) % 0x300)),
  ).join('');
}

describe('texts', () => {
  it.each([
    ['quotes, braces and the like', `"'\\\\N{},;:%$1?*/-- \`[]() E'\\x41'`],
    ['NULL as a word', 'NULL'],
    ['an array as a word', '{}'],
    ['letters of every kind', 'Größe ñ é ﷽ 日本 🎁👩‍👩‍👧 \u200fעברית'],
    ['a decomposed letter', 'Zoe\u0308'],
    ['what only JSON escapes', 'a\u2028\u2029\u200b\ufeffx'],
    ['private and last characters', '\ue000\uffff\u{10ffff}'],
    ['as many characters of three bytes as fit', '漢'.repeat(197)],
    ['as many of four bytes as fit', emoji(197)],
  ])('come back as they were written: %s', async (_, text) => {
    const right = await expectedAnswers(text);
    expect(right).toMatchObject({
      'earn on lines': { ok: true },
      redeem: { ok: true },
      'award much': { ok: true },
    });
    expect(await answersOn(hostKnex(), text)).toEqual(right);
  });

  it('are refused before they reach the store where no text can be kept so', async () => {
    const knex = hostKnex();
    const [tooLong, loneSurrogate, nul, lineBreak] = [emoji(201), 'a\ud800b', 'a\0b', 'a\nb'];
    for (const text of [tooLong, loneSurrogate, nul, lineBreak]) {
      const right = await expectedAnswers(text);
      expect(right).toMatchObject({
        earn: { refused: 'customerId' },
        'last balance': { refused: 'customerId' },
      });
      expect(await answersOn(knex, text), JSON.stringify(text)).toEqual(right);
    }
  });
});

describe('at the edges of what a column holds', () => {
  const largest = Number.MAX_SAFE_INTEGER;

  it('points are exact at 2^53 - 1, also with every setting odd', async () => {
    const { loyalty, schema, knex } = await openShop({ knex: sessionsWith(everySetting) });
    await award(loyalty, 1);
    await knex.raw(`UPDATE "${schema}".cards SET balance = ${largest}, earned = earned + ${largest} - 1;
      UPDATE "${schema}".lots SET points = ${largest}, remaining = ${largest};
      UPDATE "${schema}".tallies SET points = ${largest};
      UPDATE "${schema}".entries SET points = ${largest}, balance_after = ${largest},
        rest = jsonb_set(rest::jsonb, '{lot,points}', '${largest}')::json`);
    expect(await loyalty.balance(member)).toMatchObject({ available: largest, total: largest });
    expect(await loyalty.verify()).toMatchObject({ ok: true, problems: [] });
    const source = { type: 'test', id: 'one more' };
    const more = await loyalty.award({ ...member, points: 1, source, reason: 'Test' });
    expect(more).toMatchObject({ ok: false, code: 'BALANCE_LIMIT' });
    unwrap(await loyalty.redeem({ ...member, points: 1 }));
    expect(await loyalty.statement(member)).toMatchObject({ opening: 0, closing: largest - 1 });
    expect(await loyalty.verify()).toMatchObject({ ok: true, entries: 2 });
  });

  it('an instant that someone wrote with microseconds is read as the nearest millisecond', async () => {
    const { store, schema, knex } = await openShop();
    const clock = manualClock('2026-01-15T10:00:00.123Z');
    const loyalty = createLoyalty({ store, clock });
    await loyalty.programs.publish({
      ...program,
      id: 'days',
      points: { ...program.points, expiry: { kind: 'after-earning', days: 1 } },
    });
    const days = { ...member, programId: 'days' };
    unwrap(await loyalty.earn({ ...days, order: { id: 'o1', total: '50' } }));
    const before = [await loyalty.statement(days), await loyalty.balance(days)];
    for (const micros of ['0.0004', '-0.0008']) {
      await knex.raw(`UPDATE "${schema}".entries SET (occurred_at, posted_at, recorded_at) =
          (occurred_at + ${micros} * interval '1s', posted_at + ${micros} * interval '1s', recorded_at);
        UPDATE "${schema}".lots SET burn_at = burn_at + ${micros} * interval '1s';
        UPDATE "${schema}".cards SET last_posted_at = last_posted_at + ${micros} * interval '1s'`);
      expect([await loyalty.statement(days), await loyalty.balance(days)]).toEqual(before);
      expect(await loyalty.verify()).toMatchObject({ ok: true, problems: [] });
    }
    clock.set('2026-01-16T10:00:00.123Z');
    expect((await loyalty.balance(days)).available).toBe(0);
  });
});
