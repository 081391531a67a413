import type { Cell, ColumnType } from '@loyalty-engine/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { MessageWriter, type Parameter, pgTypes } from './message-writer.ts';
import { type Rows, runPipeline } from './pipeline.ts';
import { readRow, selectList } from './rows.ts';

let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
});
afterAll(() => client.end());

async function rowsOf(text: string, ...values: Parameter[]): Promise<Rows> {
  const [rows = []] = await runPipeline(client, [{ statement: { name: '', text }, values }], false);
  return rows;
}

/** Sends cells as one array, and gives what the server has: its own words for each, and what is read of it here. */
async function sent(type: ColumnType, cells: readonly Cell[]) {
  const columns = [['cell', type]] as const;
  const rows = await rowsOf(
    `SELECT ${selectList({ columns }, 't')}, t.cell::text
     FROM unnest($1::${pgTypes[type].name}[]) WITH ORDINALITY AS t (cell, place) ORDER BY t.place`,
    { type, rows: cells.map((cell) => ['before', cell, 'after']), index: 1 },
  );
  const one = {
    name: 'one',
    columns,
    keys: 1,
    toRow: () => [],
    fromRow: ([cell = null]: readonly Cell[]) => cell,
  };
  return { words: rows.map((row) => row[1]), read: rows.map((row) => readRow(one, row)) };
}

const largest = Number.MAX_SAFE_INTEGER;
const never = 1e15 + 2;
// The last instant whose microseconds since 2000 are a safe integer, and the first that has to do without.
const lastSafe = Date.UTC(2000, 0, 1) + Math.floor(largest / 1000);

const cells: Record<ColumnType, Cell[]> = {
  text: [
    '',
    ' ',
    'NULL',
    'null',
    '{}',
    '{a,"b"}',
    `'"\\,;{}()[]<>%$1?:`,
    '\\N',
    'tab\tline\nreturn\r',
    '\u0001\u001f\u007f\u0080',
    'é',
    'e\u0301',
    '漢字',
    '🎁👩‍👩‍👧',
    '\uffff\u{10ffff}',
    'x'.repeat(100_000),
    '漢'.repeat(50_000),
  ],
  json: ['null', '0', '""', '"NULL"', '[]', '{ "a" : [1, null, "\\u00e9é\\"\\\\"] }', '{"a":1,"a":2}'],
  count: [0, 1, -1, 255, 256, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31)],
  amount: [0, 1, -1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1].flatMap((amount) => [amount, -amount || 0]),
  instant: [0, 1, -1, Date.UTC(2000, 0, 1), Date.UTC(2026, 0, 15, 10, 0, 0, 123), -62_135_596_800_000],
};
cells.amount.push(2 ** 40 + 1, -(2 ** 40) - 1, largest, largest - 1, -largest, 1 - largest);
cells.instant.push(253_402_300_799_999, 1e15 - 1, 1e15, 1e15 + 1, never);
for (const around of [Date.UTC(2000, 0, 1), lastSafe])
  cells.instant.push(around - 1, around, around + 1, around + 2);

const types = Object.keys(cells) as ColumnType[];

describe.each(types)('an array of %s', (type) => {
  it('arrives cell by cell', async () => {
    expect((await sent(type, cells[type])).read).toEqual(cells[type]);
  });

  it('may have nulls in it, first, last and alone', async () => {
    const [one, two] = cells[type] as [Cell, Cell];
    for (const some of [[null], [null, null], [null, one], [one, null], [one, null, two, null, null, two]]) {
      expect((await sent(type, some)).read).toEqual(some);
    }
  });

  it('may be empty', async () => {
    const [row] = await rowsOf(
      `SELECT cardinality($1::${pgTypes[type].name}[]), $1::${pgTypes[type].name}[] IS NULL`,
      { type, rows: [], index: 0 },
    );
    expect(row).toEqual(['0', 'f']);
  });

  it('is one that the server finds equal to its own', async () => {
    const own = type === 'json' ? 'text' : pgTypes[type].name;
    const literals = (await sent(type, cells[type])).words.map((word) => pg.escapeLiteral(String(word)));
    const equal = `$1::${pgTypes[type].name}[]::text[] = ARRAY[${literals.join(', ')}]::${own}[]::text[]`;
    const rows = cells[type].map((cell) => [cell]);
    expect(await rowsOf(`SELECT ${equal}`, { type, rows, index: 0 })).toEqual([['t']]);
  });
});

it('numbers have the digits they should have', async () => {
  expect((await sent('amount', cells.amount)).words).toEqual(cells.amount.map(String));
  expect((await sent('count', cells.count)).words).toEqual(cells.count.map(String));
});

it('json is kept as it was written', async () => {
  expect((await sent('json', cells.json)).words).toEqual(cells.json);
});

it('an instant is exact to the microsecond, alone as well', async () => {
  for (const instant of cells.instant as number[]) {
    const [row] = await rowsOf('SELECT (extract(epoch FROM $1::timestamptz) * 1000000)::bigint', { instant });
    expect(row).toEqual([String(BigInt(instant) * 1000n)]);
  }
});

it('texts and nulls go beside arrays, in their places', async () => {
  const rows = [['a'], [null]];
  const [row] = await rowsOf(
    'SELECT $1::text, $2::text[], $3::text, $4::bigint, $5::timestamptz IS NULL',
    "it's",
    { type: 'text', rows, index: 0 },
    null,
    '-9007199254740991',
    null,
  );
  expect(row).toEqual(["it's", '{a,NULL}', null, '-9007199254740991', 't']);
});

it('random numbers and texts arrive, thousands at once', async () => {
  const random = randomNumbers(20_260_115);
  const whole = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const rows = Array.from({ length: 4_000 }, () => {
    const bits = whole(0, 53);
    const amount = Math.floor(random() * 2 ** bits) * (random() < 0.5 ? -1 : 1) || 0;
    const codes = Array.from({ length: whole(0, 12) }, () => whole(1, 2 ** whole(1, 20)));
    const text = String.fromCodePoint(...codes.map((code) => (code >= 0xd800 && code < 0xe000 ? 63 : code)));
    return [random() < 0.1 ? null : text, amount, whole(-62_135_596_800_000, 2 * 1e15)];
  });
  for (const [index, type] of (['text', 'amount', 'instant'] as const).entries()) {
    const column = rows.map((row) => row[index] ?? null);
    expect((await sent(type, column)).read).toEqual(column);
  }
});

/** Numbers from 0 to 1 that look random, the same for the same seed: a linear congruential generator. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

it('a buffer that is too small at first holds the same bytes as one that is not', () => {
  const bytes = (capacity: number) => {
    const writer = new MessageWriter(capacity);
    writer.close('name');
    writer.parse('name', 'SELECT $1::text[], $2::bigint[]');
    writer.bind('name', [
      { type: 'text', rows: cells.text.map((cell) => [cell]), index: 0 },
      { type: 'amount', rows: cells.amount.map((cell) => [cell]), index: 0 },
    ]);
    writer.execute();
    writer.sync();
    return writer.bytes();
  };
  expect(bytes(0).equals(bytes(2_000_000))).toBe(true);
});
