import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { createLoyalty, type LoyaltyCommands, LoyaltyError, unwrap } from '@loyalty-engine/core';
import knexOf from 'knex';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { freePort } from '../test/free-port.ts';
import { freshSchema } from '../test/fresh-schema.ts';
import { award, hostKnex, openShop } from '../test/open-shop.ts';
import { member, program } from '../test/program.ts';
import { expectedAnswers, usualCommands } from '../test/usual-commands.ts';
import { openPostgresStore, type PostgresStoreOptions } from './open-postgres-store.ts';

const order = (id: string) => ({ ...member, order: { id, total: '50' } });

function refusal(options: unknown): string {
  try {
    openPostgresStore(options as PostgresStoreOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(LoyaltyError);
    const { code, message } = error as LoyaltyError;
    return `${code} ${message}`;
  }
  return 'opened';
}

describe('openPostgresStore', () => {
  it('refuses options that make no sense, and names them', async () => {
    const knex = hostKnex();
    const sqlite = knexOf({
      client: 'better-sqlite3',
      connection: { filename: ':memory:' },
      useNullAsDefault: true,
    });
    onTestFinished(() => sqlite.destroy());
    const trx = await knex.transaction();
    const refused: [field: string, options: object][] = [
      ['connectionString', {}],
      ['connectionString', { connectionString: '' }],
      ['connectionString', { connectionString: { host: 'localhost' } }],
      ['knex', { knex: {} }],
      ['knex', { knex: new pg.Client() }],
      ['knex', { knex: sqlite }],
      ['knex', { knex: trx }],
      ['schema', { knex, schema: '' }],
      ['schema', { knex, schema: 'ä'.repeat(32) }],
      ['schema', { knex, schema: 'a\0b' }],
      ['schema', { knex, schema: 5 }],
      ['schema', { knex, schema: 'pg_loyalty' }],
      ['schema', { knex, schema: 'a\\?' }],
      ['preparedStatements', { knex, preparedStatements: 'no' }],
      ['retryForMs', { knex, retryForMs: -1 }],
      ['retryForMs', { knex, retryForMs: 0.5 }],
      ['retryForMs', { knex, retryForMs: '5000' }],
      ['retryForMs', { knex, retryForMs: Number.POSITIVE_INFINITY }],
    ];
    for (const [field, options] of refused) {
      expect(refusal(options), JSON.stringify(field)).toMatch(
        new RegExp(`^INVALID_OPTIONS ${field}: expected`),
      );
    }
    expect(refusal({ knex, schema: 'ä'.repeat(31) })).toBe('opened');
    await trx.rollback();
  });

  it('opens no connection yet', () => {
    const store = openPostgresStore({ connectionString: inject('postgresUrl') });
    onTestFinished(() => store.close());
    expect(store.knex.client.pool.numUsed() + store.knex.client.pool.numFree()).toBe(0);
  });

  it('closes the pool that it opened, also right after a reading', async () => {
    const { schema, knex } = await openShop();
    const connectionString = urlWith((url) => url.searchParams.set('application_name', schema));
    const store = openPostgresStore({ connectionString, schema });
    const connections = async () => {
      const found = await knex('pg_stat_activity').where({ application_name: schema }).count();
      return Number(found[0]?.count);
    };
    const loyalty = createLoyalty({ store });
    await Promise.all([loyalty.earn(order('o1')), loyalty.balance(member), loyalty.balance(member)]);
    expect(await connections()).toBeGreaterThan(0);
    await loyalty.balance(member);
    await loyalty.close();
    await expect.poll(connections).toBe(0);
    await expect(loyalty.earn(order('o2'))).rejects.toMatchObject({ code: 'CLOSED' });
    await expect(loyalty.balance(member)).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it("leaves the host's own Knex open", async () => {
    const { loyalty, knex } = await openShop();
    await loyalty.close();
    expect((await knex.raw('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('keeps two schemas of one database apart, also on the same connections', async () => {
    const { knex, loyalty } = await openShop({ poolMax: 1 });
    const other = createLoyalty({ store: (await openShop({ knex })).store });
    unwrap(await loyalty.earn(order('o1')));
    expect((await other.balance(member)).total).toBe(0);
    await other.programs.publish({ ...program, name: 'Two', effectiveFrom: '2021-01-01T00:00:00Z' });
    expect(unwrap(await other.earn({ ...member, order: { id: 'o1', total: '7' } })).points).toBe(7);
    expect([(await loyalty.balance(member)).total, (await other.balance(member)).total]).toEqual([50, 7]);
    expect([(await loyalty.programs.versions('miles')).length, (await loyalty.verify()).cards]).toEqual([
      1, 1,
    ]);
  });
});

describe("the host's settings of its driver change nothing, and stay", () => {
  // All but texts, without which Knex does not get far itself.
  const types = [16, 20, 21, 23, 114, 701, 1082, 1114, 1184, 1700, 3802];

  it('global type parsers', async () => {
    const before = types.map((type) => [type, pg.types.getTypeParser(type)] as const);
    const odd = () => ({ odd: true });
    onTestFinished(() => {
      for (const [type, parser] of before) pg.types.setTypeParser(type, parser);
    });
    for (const type of types) pg.types.setTypeParser(type, odd);
    const store = openPostgresStore({
      connectionString: inject('postgresUrl'),
      schema: freshSchema().schema,
    });
    onTestFinished(() => store.close());
    expect(await store.migrate()).toHaveLength(1);
    expect(await store.migrate()).toEqual([]);
    expect(await usualCommands(store)).toEqual(await expectedAnswers());
    for (const type of types) expect(pg.types.getTypeParser(type)).toBe(odd);
  });

  it('type parsers of its connections, and results in binary', async () => {
    const knex = hostKnex({
      connection: {
        connectionString: inject('postgresUrl'),
        types: { getTypeParser: (type: number) => (text: string) => (types.includes(type) ? 'odd' : text) },
        binary: true,
      } as object,
    });
    const store = openPostgresStore({ knex, schema: freshSchema().schema });
    await store.migrate();
    expect(await usualCommands(store)).toEqual(await expectedAnswers());
    expect((await knex.raw('SELECT 1 AS one')).rows).toEqual([{ one: 'odd' }]);
  });

  it('mappers of names and rows', async () => {
    const knex = hostKnex({
      wrapIdentifier: (name, wrap) => wrap(name.toUpperCase()),
      postProcessResponse: () => 'odd',
    });
    const store = openPostgresStore({ knex, schema: freshSchema().schema });
    await store.migrate();
    expect(await usualCommands(store)).toEqual(await expectedAnswers());
    expect(await knex.raw('SELECT 1 AS one')).toBe('odd');
    expect(knex('sales').toString()).toBe('select * from "SALES"');
  });
});

it('without prepared statements the answers are the same, and none are left on the connections', async () => {
  const knex = hostKnex({ pool: { min: 0, max: 1 } });
  const store = openPostgresStore({ knex, schema: freshSchema().schema, preparedStatements: false });
  await store.migrate();
  expect(await usualCommands(store)).toEqual(await expectedAnswers());
  expect((await knex.raw('SELECT name FROM pg_prepared_statements')).rows).toEqual([]);
});

describe("on connections that pg pipelines by itself (its option 'pipeline')", () => {
  const pipelining = (max: number) =>
    hostKnex({
      connection: { connectionString: inject('postgresUrl'), pipeline: true } as object,
      pool: { min: 0, max },
    });

  it.each([true, false])(
    'the answers are the same, with prepared statements: %s',
    async (preparedStatements) => {
      const store = openPostgresStore({
        knex: pipelining(4),
        schema: freshSchema().schema,
        preparedStatements,
      });
      await store.migrate();
      expect(await usualCommands(store)).toEqual(await expectedAnswers());
    },
  );

  it('a command that the database refuses fails alone, in a batch and in a transaction', async () => {
    const { loyalty, knex, schema } = await openShop({ knex: pipelining(4) });
    await knex.raw(`ALTER TABLE "${schema}".receipts ADD CHECK (key <> 'key:cursed')`);
    const earn = (on: LoyaltyCommands, id: string, key: string) =>
      on.earn({ ...order(id), idempotencyKey: key }).then(
        ({ ok }) => ok,
        ({ code }) => code,
      );
    const batch = ['a', 'cursed', 'b'].map((key) => earn(loyalty, key, key));
    expect(await Promise.all(batch)).toEqual([true, 'STORE_CONSTRAINT', true]);
    await knex.transaction(async (trx) => {
      const inside = ['c', 'cursed', 'd'].map((key) => earn(loyalty.using(trx), key, key));
      expect(await Promise.all(inside)).toEqual([true, 'STORE_CONSTRAINT', true]);
    });
    expect((await loyalty.balance(member)).available).toBe(200);
    expect(await loyalty.verify()).toMatchObject({ ok: true, entries: 4 });
  });

  it('prepared statements that DISCARD ALL has taken away are not missed', async () => {
    const { loyalty, knex } = await openShop({ knex: pipelining(1) });
    unwrap(await loyalty.earn(order('o1')));
    await knex.raw('DISCARD ALL');
    expect((await loyalty.balance(member)).available).toBe(50);
    await knex.raw('DISCARD ALL');
    unwrap(await loyalty.redeem({ ...member, points: 20 }));
    expect((await loyalty.balance(member)).available).toBe(30);
  });
});

/** The URL of the run's server with something changed. */
function urlWith(change: (url: URL) => void): string {
  const url = new URL(inject('postgresUrl'));
  change(url);
  return url.href;
}

/** A place to connect to that lets the first connections fail, counts all, and leads the others to the server. */
async function shakyServer(failing: number) {
  const { hostname, port } = new URL(inject('postgresUrl'));
  let connections = 0;
  const listener = createServer((client) => {
    connections += 1;
    if (connections <= failing) return client.destroy();
    const server = connect(Number(port || 5432), hostname);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
    client.pipe(server).pipe(client);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => void listener.close());
  const url = urlWith((url) => {
    url.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  });
  return { url, connections: () => connections };
}

function engineOn(connectionString: string, options: { schema: string; retryForMs?: number }) {
  const store = openPostgresStore({ connectionString, ...options });
  onTestFinished(() => store.close());
  return { store, loyalty: createLoyalty({ store }) };
}

describe('errors are clear', () => {
  it('tables that are not there', async () => {
    const { knex, schema } = freshSchema();
    const store = openPostgresStore({ knex: knex(), schema });
    const loyalty = createLoyalty({ store });
    for (const run of [
      () => loyalty.earn(order('o1')),
      () => loyalty.balance(member),
      () => loyalty.statement(member),
      () => loyalty.verify(),
      () => loyalty.programs.publish(program),
      () => loyalty.programs.list(),
      () => loyalty.jobs.expirePoints(),
      () => knex().transaction((trx) => loyalty.using(trx).earn(order('o1'))),
    ]) {
      await expect(run()).rejects.toMatchObject({ code: 'STORE_NOT_MIGRATED' });
    }
    await store.migrate();
    await loyalty.programs.publish(program);
    unwrap(await loyalty.earn(order('o1')));
  });

  it('a server that is away', async () => {
    const port = String(await freePort());
    const away = urlWith((url) => {
      url.host = `127.0.0.1:${port}`;
    });
    const { store, loyalty } = engineOn(away, { schema: 'any', retryForMs: 0 });
    for (const run of [
      () => loyalty.earn(order('o1')),
      () => loyalty.balance(member),
      () => store.migrate(),
      () => store.pendingMigrations(),
    ]) {
      await expect(run()).rejects.toMatchObject({ name: 'LoyaltyError', code: 'STORE_UNAVAILABLE' });
    }
  });

  it('a server that stays away is tried again for as long as retryForMs says', async () => {
    const { url, connections } = await shakyServer(Number.POSITIVE_INFINITY);
    const once = engineOn(url, { schema: 'any', retryForMs: 0 });
    await expect(once.loyalty.balance(member)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(connections()).toBe(1);
    const often = engineOn(url, { schema: 'any', retryForMs: 300 });
    const started = performance.now();
    await expect(often.loyalty.balance(member)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(performance.now() - started).toBeGreaterThan(290);
    expect(connections()).toBeGreaterThan(3);
  });

  it('a server that comes back in time is not noticed', async () => {
    const { schema, loyalty: direct } = await openShop();
    const { url, connections } = await shakyServer(4);
    const { loyalty } = engineOn(url, { schema });
    expect(unwrap(await loyalty.earn(order('o1'))).points).toBe(50);
    expect(connections()).toBe(5);
    expect((await direct.statement(member)).entries).toHaveLength(1);
  });

  it('a wrong password, an unknown user, a database that is not there', async () => {
    const wrongPassword = urlWith((url) => {
      url.password = 'wrong';
    });
    const unknownUser = urlWith((url) => {
      url.username = 'nobody_of_that_name';
    });
    const noDatabase = urlWith((url) => {
      url.pathname = '/no_such_database';
    });
    for (const [connectionString, code] of [
      [wrongPassword, 'STORE_NO_PERMISSION'],
      [unknownUser, 'STORE_NO_PERMISSION'],
      [noDatabase, 'STORE_CANNOT_OPEN'],
    ] as const) {
      const { store, loyalty } = engineOn(connectionString, { schema: 'any' });
      await expect(loyalty.balance(member)).rejects.toMatchObject({ name: 'LoyaltyError', code });
      await expect(store.migrate()).rejects.toMatchObject({ name: 'LoyaltyError', code });
    }
  });

  it('a user that may not read the tables', async () => {
    const { schema, knex } = await openShop();
    const role = `loyalty_${crypto.randomUUID().replaceAll('-', '')}`;
    await knex.raw(`CREATE ROLE ${role}`);
    onTestFinished(async () => {
      await hostKnex().raw(`DROP ROLE ${role}`);
    });
    const limited = hostKnex({
      connection: { connectionString: inject('postgresUrl'), options: `-c role=${role}` },
    });
    const loyalty = createLoyalty({ store: openPostgresStore({ knex: limited, schema }) });
    await expect(loyalty.balance(member)).rejects.toMatchObject({ code: 'STORE_NO_PERMISSION' });
  });

  it('migrations of a database that only reads', async () => {
    const knex = hostKnex({
      connection: {
        connectionString: inject('postgresUrl'),
        options: '-c default_transaction_read_only=on',
      },
    });
    const store = openPostgresStore({ knex, schema: freshSchema().schema });
    await expect(store.migrate()).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
  });
});

/** A shop with 100 points, a second way to it with settings of the host's, and a transaction that holds the card. */
async function heldCard(settings: object) {
  const { loyalty: direct, schema, knex } = await openShop();
  await award(direct, 100);
  const host = hostKnex({
    connection: { connectionString: inject('postgresUrl'), ...settings },
    pool: { min: 0, max: 1 },
  });
  const holder = await knex.transaction();
  await direct.using(holder).balance(member);
  return { direct, schema, host, release: () => holder.commit() };
}

describe("the host's own timeouts", () => {
  it.each([
    ['statement_timeout', 'The statement took too long'],
    ['lock_timeout', 'A lock was not free'],
  ])('%s ends a command that waits for a card, and the connection goes on', async (name, message) => {
    const { schema, host, release } = await heldCard({ [name]: 200 });
    const loyalty = createLoyalty({ store: openPostgresStore({ knex: host, schema }) });
    const waiting = loyalty.redeem({ ...member, points: 60 });
    await expect(waiting).rejects.toMatchObject({
      code: 'STORE_BUSY',
      message: expect.stringContaining(message),
    });
    await release();
    expect(await loyalty.redeem({ ...member, points: 60 })).toMatchObject({
      ok: true,
      balance: { available: 40 },
    });
  });

  it('query_timeout ends a command that waits for a card where nothing is tried again, and its connection', async () => {
    const { schema, host, release } = await heldCard({ query_timeout: 200 });
    const loyalty = createLoyalty({ store: openPostgresStore({ knex: host, schema, retryForMs: 0 }) });
    const backend = async () => (await host.raw('SELECT pg_backend_pid() AS pid')).rows[0].pid;
    const before = await backend();
    const waiting = loyalty.redeem({ ...member, points: 60 });
    await expect(waiting).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await backend()).not.toBe(before);
    await release();
    const again = await loyalty.redeem({ ...member, points: 60 });
    expect(again).toMatchObject({ ok: true, balance: { available: 40 } });
  });

  it('query_timeout is overcome by trying again, and the command happens once', async () => {
    const { direct, schema, host, release } = await heldCard({ query_timeout: 200 });
    const loyalty = createLoyalty({ store: openPostgresStore({ knex: host, schema }) });
    const waiting = loyalty.redeem({ ...member, points: 60 });
    setTimeout(release, 300);
    expect(await waiting).toMatchObject({ ok: true, balance: { available: 40 } });
    expect(await direct.balance(member)).toMatchObject({ available: 40 });
    expect((await direct.verify()).ok).toBe(true);
  });
});
