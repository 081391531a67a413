import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { freshSchema } from './fresh-schema.ts';
import { startPgBouncer } from './pgbouncer.ts';
import { startProxy } from './tcp-proxy.ts';
import { startServer } from './test-server.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  // A connection that is cut also emits what its queries reject with.
  client.on('error', () => {});
  onTestFinished(() => client.end().catch(() => {}));
  await client.connect();
  return client;
}

describe('the server of the run', () => {
  it('answers', async () => {
    const client = await connected(inject('postgresUrl'));
    const { rows } = await client.query('SELECT version()');
    expect(rows[0].version).toMatch(/^PostgreSQL \d+/);
  });

  it('keeps schemas apart, and drops them', async () => {
    const schemas = [freshSchema(), freshSchema()];
    for (const [number, { schema, knex }] of schemas.entries()) {
      const database = knex(1);
      await database.schema.createSchema(schema);
      await database.schema.withSchema(schema).createTable('facts', (table) => table.integer('number'));
      await database.withSchema(schema).table('facts').insert({ number });
    }
    for (const [number, { schema, knex }] of schemas.entries()) {
      expect(await knex().withSchema(schema).table('facts')).toEqual([{ number }]);
    }
    for (const { drop } of schemas) await drop();
    const names = schemas.map(({ schema }) => schema);
    const left = await freshSchema().knex()('information_schema.schemata').whereIn('schema_name', names);
    expect(left).toEqual([]);
  });

  let left: string;
  it('has a schema as long as its test runs', async () => {
    const { schema, knex } = freshSchema();
    await knex().schema.createSchema(schema);
    left = schema;
  });
  it('has it no longer afterwards', async () => {
    const client = await connected(inject('postgresUrl'));
    expect((await client.query('SELECT to_regnamespace($1) AS found', [left])).rows).toEqual([
      { found: null },
    ]);
  });
});

describe('a server of a test', () => {
  it.each(['SIGQUIT', 'SIGKILL'] as const)(
    'keeps what was committed, and only that, over %s and a restart',
    async (signal) => {
      const server = await startServer();
      onTestFinished(server.stop);
      const before = await connected(server.url());
      expect((await before.query('SHOW fsync')).rows).toEqual([{ fsync: 'on' }]);
      await before.query('CREATE TABLE facts (number int)');
      await before.query('INSERT INTO facts VALUES (1)');
      await before.query('BEGIN');
      await before.query('INSERT INTO facts VALUES (2)');
      const { pid } = server;
      await server.kill(signal);
      await expect(before.query('COMMIT')).rejects.toThrow();
      await server.restart();
      expect(server.pid).not.toBe(pid);
      const after = await connected(server.url());
      expect((await after.query('SELECT number FROM facts')).rows).toEqual([{ number: 1 }]);
    },
    20_000,
  );

  it('is gone with its data when the process that started it is killed', async () => {
    const script = fileURLToPath(new URL('orphaned-server.worker.ts', import.meta.url));
    const worker = fork(script, { cwd: repository, execArgv: ['--import', 'tsx'] });
    const [url] = (await once(worker, 'message')) as [string];
    const { rows } = await (await connected(url)).query('SHOW data_directory');
    const data: string = rows[0].data_directory;
    expect(existsSync(data)).toBe(true);
    worker.kill('SIGKILL');
    await vi.waitFor(() => expect(existsSync(data)).toBe(false), { timeout: 10_000, interval: 50 });
    await expect(connected(url)).rejects.toThrow('ECONNREFUSED');
  }, 20_000);
});

describe('a proxy before the server', () => {
  /** A client by way of a proxy, and a table of numbers that is also looked at directly. */
  async function proxied() {
    const url = inject('postgresUrl');
    const { schema } = freshSchema();
    const direct = await connected(url);
    await direct.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.facts (number int)`);
    const proxy = await startProxy(Number(new URL(url).port || 5432));
    onTestFinished(proxy.stop);
    const client = await connected(proxy.url(url));
    const { rows: backend } = await client.query('SELECT pg_backend_pid() AS pid');
    const insert = `INSERT INTO ${schema}.facts VALUES`;
    /** What is there in the end: once the server has noticed that the client was cut off. */
    const numbers = async () => {
      const living = { text: 'SELECT FROM pg_stat_activity WHERE pid = $1', values: [backend[0].pid] };
      await vi.waitFor(async () => expect((await direct.query(living)).rowCount).toBe(0), { timeout: 5_000 });
      const { rows } = await direct.query(`SELECT number FROM ${schema}.facts ORDER BY number`);
      return rows.map((row) => row.number);
    };
    return { proxy, client, insert, numbers };
  }

  it('counts and cuts nothing unless told to', async () => {
    const { proxy, client } = await proxied();
    proxy.cutAfter({ direction: 'to-server', message: Number.POSITIVE_INFINITY });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    // Query; RowDescription, DataRow, CommandComplete, ReadyForQuery.
    expect(proxy.counts()).toEqual({ 'to-server': 1, 'to-client': 4 });
    proxy.cutAfter({ direction: 'to-server', message: 2 });
    proxy.disarm();
    for (let round = 0; round < 3; round += 1) await client.query('SELECT 1');
  });

  it.each([
    { message: 4, reached: 'Execute without its Sync', stays: [] },
    { message: 5, reached: 'Sync', stays: [7] },
  ])('lets the server have what reached it: $reached', async ({ message, stays }) => {
    const { proxy, client, insert, numbers } = await proxied();
    proxy.cutAfter({ direction: 'to-server', message });
    // Parse, Bind, Describe, Execute, Sync.
    await expect(client.query(`${insert} ($1)`, [7])).rejects.toThrow('Connection terminated');
    expect(proxy.counts()['to-server']).toBe(message);
    expect(await numbers()).toEqual(stays);
  });

  it('cuts after later queries as well, and only once', async () => {
    const { proxy, client, insert, numbers } = await proxied();
    const other = await connected(proxy.url(inject('postgresUrl')));
    proxy.cutAfter({ direction: 'to-server', message: 2 });
    await client.query(`${insert} (1)`);
    await expect(client.query(`${insert} (2)`)).rejects.toThrow('Connection terminated');
    await other.query(`${insert} (3)`);
    const late = await connected(proxy.url(inject('postgresUrl')));
    await late.query(`${insert} (4)`);
    expect(await numbers()).toEqual([1, 2, 3, 4]);
  });

  it('lets the client have so many messages, of a server that did all it was asked', async () => {
    const { proxy, client, insert, numbers } = await proxied();
    proxy.cutAfter({ direction: 'to-client', message: 4 });
    const rows: number[] = [];
    // RowDescription, and then a DataRow for each number.
    const query = client.query(new pg.Query(`${insert} (1), (2), (3), (4), (5) RETURNING number`));
    query.on('row', (row) => rows.push(row.number));
    const [error] = await once(query, 'error');
    expect(error.message).toContain('Connection terminated');
    expect(rows).toEqual([1, 2, 3]);
    expect(await numbers()).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('PgBouncer before the server', () => {
  it('answers, with one connection to the server for two clients', async ({ skip }) => {
    const bouncer = await startPgBouncer(inject('postgresUrl'), { poolMode: 'transaction', poolSize: 1 });
    if ('missing' in bouncer) {
      if (process.env.CI) throw new Error(bouncer.missing);
      return skip(bouncer.missing);
    }
    onTestFinished(bouncer.stop);
    const clients = [await connected(bouncer.url), await connected(bouncer.url)];
    const backends = await Promise.all(
      clients.map(async (client) => (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid),
    );
    expect(backends[0]).toBe(backends[1]);
  });

  it('finds a server again that was restarted', async ({ skip }) => {
    const server = await startServer();
    onTestFinished(server.stop);
    const bouncer = await startPgBouncer(server.url(), { poolMode: 'transaction', poolSize: 2 });
    if ('missing' in bouncer) return skip(bouncer.missing);
    onTestFinished(bouncer.stop);
    await (await connected(bouncer.url)).query('SELECT 1');
    await server.kill();
    await server.restart();
    const client = await connected(bouncer.url);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});
