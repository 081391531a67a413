import { unwrap } from '@loyalty-engine/core';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openShop } from '../test/open-shop.ts';
import { member } from '../test/program.ts';
import { type Call, forgetStatements, type PgConnection, runPipeline, type Statement } from './pipeline.ts';

async function connected(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  // A connection that is cut also emits what its queries reject with.
  client.on('error', () => {});
  onTestFinished(() => client.end().catch(() => {}));
  await client.connect();
  return client;
}

const call = (statement: Statement, ...values: Call['values']): Call => ({ statement, values });
const echo: Statement = { name: 'loyalty_test_echo', text: 'SELECT $1::text' };
const divide: Statement = { name: 'loyalty_test_divide', text: 'SELECT 12 / $1::int' };
const count: Statement = { name: 'loyalty_test_count', text: 'SELECT generate_series(1, $1::int)' };
const sql = (text: string): Call => call({ name: `loyalty_test_${text}`, text });

/** Names that the server knows on a connection, and how often it has planned each. */
async function prepared(client: pg.Client): Promise<Record<string, number>> {
  const { rows } = await client.query(
    "SELECT name, generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE name LIKE 'loyalty%'",
  );
  return Object.fromEntries(rows.map(({ name, runs }) => [name, Number(runs)]));
}

describe.each([
  ['with prepared statements', true],
  ['without', false],
])('a pipeline %s', (_, preparedStatements) => {
  const run = (client: PgConnection, ...calls: Call[]) => runPipeline(client, calls, preparedStatements);

  it('gives the rows of each call, as the server writes them', async () => {
    const client = await connected();
    const rows = await run(
      client,
      sql('BEGIN'),
      call(count, '3'),
      call(echo, null),
      call(echo, ''),
      call(count, '0'),
      sql("SELECT true, NULL::int, 1.50, '2026-01-15 10:00+00'::timestamptz AT TIME ZONE 'UTC', 'é'::text"),
      sql('COMMIT'),
    );
    expect(rows).toEqual([
      [],
      [['1'], ['2'], ['3']],
      [[null]],
      [['']],
      [],
      [['t', null, '1.50', '2026-01-15 10:00:00', 'é']],
      [],
    ]);
  });

  it('takes a statement several times, also one that changes rows', async () => {
    const client = await connected();
    const insert = { name: 'loyalty_test_insert', text: 'INSERT INTO facts VALUES ($1::int)' };
    await run(client, sql('CREATE TEMPORARY TABLE facts (number int)'));
    await run(client, call(insert, '1'), call(insert, '2'), call(insert, '3'));
    const [sum, doubled] = await run(
      client,
      sql('SELECT sum(number) FROM facts'),
      sql('UPDATE facts SET number = number * 2 RETURNING number'),
    );
    expect([sum, doubled]).toEqual([[['6']], [['2'], ['4'], ['6']]]);
  });

  it('that fails in the middle rejects, skips the rest, and the connection goes on after a rollback', async () => {
    const client = await connected();
    await client.query('CREATE TEMPORARY TABLE facts (number int)');
    const failing = run(
      client,
      sql('BEGIN'),
      sql('INSERT INTO facts VALUES (1)'),
      call(divide, '0'),
      sql('INSERT INTO facts VALUES (2)'),
      sql('COMMIT'),
    );
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    await expect(run(client, call(echo, 'a'))).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    expect(await run(client, call(echo, 'a'), sql('SELECT count(*) FROM facts'))).toEqual([[['a']], [['0']]]);
  });

  it('takes a statement again that was parsed before its run failed, or before it came to its run', async () => {
    const client = await connected();
    await expect(run(client, call(divide, '0'), call(echo, 'a'))).rejects.toMatchObject({ code: '22012' });
    expect(await run(client, call(divide, '4'), call(echo, 'a'))).toEqual([[['3']], [['a']]]);
    await expect(run(client, call(divide, '0'))).rejects.toMatchObject({ code: '22012' });
    expect(await run(client, call(divide, '3'))).toEqual([[['4']]]);
  });

  it('that the server does not understand rejects, and the connection goes on', async () => {
    const client = await connected();
    await expect(run(client, sql('SELEC 1'), call(echo, 'a'))).rejects.toMatchObject({ code: '42601' });
    await expect(run(client, call(divide, 'twelve'))).rejects.toMatchObject({ code: '22P02' });
    expect(await run(client, call(echo, 'a'))).toEqual([[['a']]]);
  });

  it('waits its turn behind and before other queries of its connection', async () => {
    const client = await connected();
    const [first, pipeline, other, second] = await Promise.all([
      client.query('SELECT pg_sleep(0.02), 1 AS one'),
      run(client, call(echo, 'a'), call(count, '2')),
      run(client, call(echo, 'b')),
      client.query('SELECT 2 AS two'),
    ]);
    expect([first.rows[0].one, pipeline, other, second.rows]).toEqual([
      1,
      [[['a']], [['1'], ['2']]],
      [[['b']]],
      [{ two: 2 }],
    ]);
  });

  it('rejects when the connection is cut, and from then on', async () => {
    const [client, other] = [await connected(), await connected()];
    const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
    const sleeping = run(client, call(echo, 'a'), sql('SELECT pg_sleep(30)'));
    const cut = expect(sleeping).rejects.toMatchObject({ code: '57P01' });
    await other.query('SELECT pg_sleep(0.05), pg_terminate_backend($1)', [rows[0].pid]);
    await cut;
    await expect(run(client, call(echo, 'a'))).rejects.toThrow();
  });

  it('takes five thousand rows of parameters, and gives as many back', async () => {
    const client = await connected();
    const cells = Array.from({ length: 5_000 }, (_, index) => [`näme ${index}`, index, -index]);
    const text = 'SELECT * FROM unnest($1::text[], $2::integer[], $3::bigint[])';
    const [rows] = await run(
      client,
      call(
        { name: 'loyalty_test_many', text },
        { type: 'text', rows: cells, index: 0 },
        { type: 'count', rows: cells, index: 1 },
        { type: 'amount', rows: cells, index: 2 },
      ),
    );
    expect(rows).toEqual(cells.map((row) => row.map((cell) => String(Object.is(cell, -0) ? 0 : cell))));
  });
});

describe('names', () => {
  const run = (client: PgConnection, ...calls: Call[]) => runPipeline(client, calls, true);

  it('are known to the server from the first run on, each once', async () => {
    const client = await connected();
    await run(client, call(echo, 'a'), call(echo, 'b'));
    await run(client, call(echo, 'c'), call(divide, '1'));
    expect(await prepared(client)).toEqual({ [echo.name]: 3, [divide.name]: 1 });
  });

  it('are not used without prepared statements', async () => {
    const client = await connected();
    await runPipeline(client, [call(echo, 'a'), call(divide, '1')], false);
    expect(await prepared(client)).toEqual({});
  });

  it('are those of each connection', async () => {
    const [first, second] = [await connected(), await connected()];
    await run(first, call(echo, 'a'));
    expect(await run(second, call(echo, 'b'))).toEqual([[['b']]]);
    forgetStatements(first);
    await run(second, call(echo, 'b'));
    expect([await prepared(first), await prepared(second)]).toEqual([{ [echo.name]: 1 }, { [echo.name]: 2 }]);
  });

  it('may be taken already: what they stood for is closed first', async () => {
    const client = await connected();
    await client.query(`PREPARE ${echo.name} AS SELECT 'of someone else'`);
    expect(await run(client, call(echo, 'a'))).toEqual([[['a']]]);
  });

  it.each(['DISCARD ALL', 'DEALLOCATE ALL'])(
    'that %s has taken away are made anew once forgotten',
    async (loss) => {
      const client = await connected();
      await run(client, call(echo, 'a'), call(divide, '1'));
      await client.query(loss);
      await expect(run(client, call(echo, 'b'))).rejects.toMatchObject({ code: '26000' });
      forgetStatements(client);
      expect(await run(client, call(echo, 'b'), call(divide, '2'))).toEqual([[['b']], [['6']]]);
    },
  );

  it.each(['DISCARD ALL', 'DEALLOCATE ALL'])(
    'that %s has taken away are not missed by a store',
    async (loss) => {
      const { loyalty, knex } = await openShop({ poolMax: 1 });
      unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: '50' } }));
      await knex.raw(loss);
      expect((await loyalty.balance(member)).available).toBe(50);
      await knex.raw(loss);
      unwrap(await loyalty.redeem({ ...member, points: 20 }));
      await knex.raw(loss);
      expect(await loyalty.verify()).toMatchObject({ ok: true, entries: 2 });
      expect((await loyalty.balance(member)).available).toBe(30);
    },
  );

  it('outlive a change of the tables by the host', async () => {
    const { loyalty, knex, schema } = await openShop({ poolMax: 1 });
    unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: '50' } }));
    await loyalty.statement(member);
    for (const table of ['cards', 'lots', 'entries', 'orders', 'receipts'])
      await knex.raw(`ALTER TABLE "${schema}".${table} ADD COLUMN note text DEFAULT 'of the host'`);
    unwrap(await loyalty.redeem({ ...member, points: 20, order: { id: 'o2', total: '20' } }));
    expect((await loyalty.statement(member)).closing).toBe(30);
    expect(await loyalty.verify()).toMatchObject({ ok: true, entries: 2 });
  });
});
