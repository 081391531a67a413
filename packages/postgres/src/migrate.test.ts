import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createLoyalty, unwrap } from '@loyalty-engine/core';
import type { Knex } from 'knex';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { freshSchema } from '../test/fresh-schema.ts';
import { hostKnex, openShop } from '../test/open-shop.ts';
import { member, program } from '../test/program.ts';
import { schemaSteps } from './migrations.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const every = schemaSteps.map(({ name }) => name);

async function tablesIn(knex: Knex, schema: string): Promise<string[]> {
  const { rows } = await knex.raw('SELECT tablename FROM pg_tables WHERE schemaname = ?', [schema]);
  return (rows as { tablename: string }[]).map(({ tablename }) => tablename).sort();
}

async function schemaIsThere(knex: Knex, schema: string): Promise<boolean> {
  return (await knex('pg_namespace').where({ nspname: schema })).length === 1;
}

describe('migrate', () => {
  it('makes the schema and its tables, and tells what it ran; the second time there is nothing to do', async () => {
    const { schema, knex } = freshSchema();
    const pool = knex();
    const store = openPostgresStore({ knex: pool, schema });
    expect(await store.migrate()).toEqual(every);
    const tables = await tablesIn(pool, schema);
    expect(tables).toEqual(
      expect.arrayContaining([
        ...['programs', 'cards', 'members', 'names', 'entries', 'lots', 'holds', 'orders', 'receipts'],
        ...['vouchers', 'rewards', 'merchants', 'locations', 'staff', 'pin_attempts', 'merchant_changes'],
        ...['requests', 'tallies', 'tally_sums'],
      ]),
    );
    expect(await store.migrate()).toEqual([]);
    expect(await tablesIn(pool, schema)).toEqual(tables);
  });

  it('pendingMigrations tells what it would run, and changes nothing', async () => {
    const { schema, knex } = freshSchema();
    const pool = knex();
    const store = openPostgresStore({ knex: pool, schema });
    expect(await store.pendingMigrations()).toEqual(every);
    expect(await schemaIsThere(pool, schema)).toBe(false);
    await store.migrate();
    expect(await store.pendingMigrations()).toEqual([]);
  });

  it('keeps its record as Knex does', async () => {
    const { knex, schema } = await openShop();
    const record = await knex.withSchema(schema).table('migrations').orderBy('id');
    expect(record.map(({ name, batch }) => [name, batch])).toEqual(every.map((name) => [name, 1]));
  });

  it('works with a pool of one connection', async () => {
    const { schema, knex } = freshSchema();
    const store = openPostgresStore({ knex: knex(1), schema });
    expect(await store.migrate()).toEqual(every);
    expect(await store.migrate()).toEqual([]);
  });

  it('leaves nothing behind when it fails half-way', async () => {
    const { schema } = freshSchema();
    const pool = hostKnex();
    await pool.raw(`CREATE SCHEMA "${schema}"; CREATE TABLE "${schema}".receipts (id int)`);
    const store = openPostgresStore({ knex: pool, schema });
    await expect(store.migrate()).rejects.toMatchObject({ code: 'STORE_FOREIGN' });
    expect(await tablesIn(pool, schema)).toEqual(['migrations_gate', 'receipts']);
    await pool.raw(`DROP TABLE "${schema}".receipts`);
    expect(await store.migrate()).toEqual(every);
  });

  it('refuses a schema that a newer version has migrated, and so does pendingMigrations', async () => {
    const { knex, schema, store } = await openShop();
    await knex.withSchema(schema).table('migrations').insert({ name: '9999-from-the-future', batch: 2 });
    await expect(store.migrate()).rejects.toMatchObject({
      code: 'STORE_NEWER',
      message: expect.stringContaining('9999-from-the-future'),
    });
    await expect(store.pendingMigrations()).rejects.toMatchObject({ code: 'STORE_NEWER' });
  });
});

describe('many that migrate one new schema at once', () => {
  it('ten pools: all succeed, one of them ran it', async () => {
    const { schema, knex } = freshSchema();
    const stores = Array.from({ length: 10 }, () => openPostgresStore({ knex: knex(1), schema }));
    const ran = await Promise.all(stores.map((store) => store.migrate()));
    expect(ran.filter((names) => names.length > 0)).toEqual([every]);
  });

  it('ten pools whose transactions are serializable: the same', async () => {
    const { schema, url } = freshSchema();
    const options = '-c default_transaction_isolation=serializable';
    const stores = Array.from({ length: 10 }, () =>
      openPostgresStore({
        knex: hostKnex({ connection: { connectionString: url, options }, pool: { min: 0, max: 1 } }),
        schema,
      }),
    );
    const ran = await Promise.all(stores.map((store) => store.migrate()));
    expect(ran.filter((names) => names.length > 0)).toEqual([every]);
  });

  it('four processes: all succeed, one of them ran it', async () => {
    const { schema, url } = freshSchema();
    const workers = Array.from({ length: 4 }, () => startWorker(url, schema));
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const answers = workers.map(async (worker) => (await once(worker, 'message'))[0] as string[]);
    for (const worker of workers) worker.send('go');
    const ran = await Promise.all(answers);
    expect(ran.filter((names) => names.length > 0)).toEqual([every]);
    const ends = workers.map((worker) => worker.exitCode ?? once(worker, 'exit').then(([code]) => code));
    expect(await Promise.all(ends)).toEqual([0, 0, 0, 0]);
  }, 30_000);
});

function startWorker(...parameters: string[]): ChildProcess {
  const file = fileURLToPath(new URL('../test/migrate.worker.ts', import.meta.url));
  const worker = fork(file, parameters, {
    cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    execArgv: ['--import', 'tsx'],
  });
  onTestFinished(() => void worker.kill());
  return worker;
}

/** A role that can log in and has no rights but those given; gone after the test, with what it owns. */
async function roleWith(grants: (role: string) => string) {
  const admin = hostKnex();
  const role = `loyalty_${crypto.randomUUID().replaceAll('-', '')}`;
  await admin.raw(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'; ${grants(role)}`);
  onTestFinished(async () => {
    await admin.raw(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  const url = new URL(inject('postgresUrl'));
  url.username = role;
  url.password = 'secret';
  return hostKnex({ connection: url.href });
}

describe('a database user', () => {
  it('without the right to make schemas migrates one that is there', async () => {
    const { schema, knex } = freshSchema();
    const pool = knex();
    await pool.raw(`CREATE SCHEMA "${schema}"`);
    const limited = await roleWith((role) => `GRANT CREATE, USAGE ON SCHEMA "${schema}" TO ${role}`);
    const store = openPostgresStore({ knex: limited, schema });
    expect(await store.migrate()).toEqual(every);
    const loyalty = createLoyalty({ store });
    await loyalty.programs.publish(program);
    unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: '50' } }));
    // It owns the tables, and is dropped with them before the schema is.
    expect((await loyalty.balance(member)).available).toBe(50);
  });

  it('without the right to make schemas is told so where there is none', async () => {
    const { schema } = freshSchema();
    const store = openPostgresStore({ knex: await roleWith(() => ''), schema });
    await expect(store.migrate()).rejects.toMatchObject({ code: 'STORE_NO_PERMISSION' });
  });

  it('who may only read, insert and update, and delete names and tallies, runs the engine', async () => {
    const { schema, loyalty } = await openShop();
    const limited = await roleWith(
      (role) => `GRANT USAGE ON SCHEMA "${schema}" TO ${role};
        GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA "${schema}" TO ${role};
        GRANT DELETE ON "${schema}".names, "${schema}".pin_attempts, "${schema}".requests, "${schema}".tallies
          TO ${role}`,
    );
    const store = openPostgresStore({ knex: limited, schema });
    expect(await store.migrate()).toEqual([]);
    const till = createLoyalty({ store });
    await till.programs.publish({ ...program, id: 'other' });
    unwrap(await till.earn({ ...member, order: { id: 'o1', total: '50' } }));
    unwrap(await till.redeem({ ...member, points: 20 }));
    unwrap(await till.refund({ ...member, orderId: 'o1', reason: 'Test' }));
    unwrap(await till.cards.rotateQr({ ...member, reason: 'lost', actor: 'clerk' }));
    await till.merchants.register({ id: program.merchantId, name: 'Cathay' });
    await store.tidy?.(Date.now());
    expect(await till.statement(member)).toEqual(await loyalty.statement(member));
    await expect(limited.raw(`DELETE FROM "${schema}".entries`)).rejects.toMatchObject({ code: '42501' });
  });
});

describe("the host's own Knex", () => {
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const camelRow = (row: object) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [camel(name), cell]));

  it('keeps its mappers and its own migrations, which go on as before', async () => {
    const [ours, hosts] = [freshSchema(), freshSchema()];
    const schema = oddSchema(`${ours.schema}_Miles`);
    await ours.knex().schema.createSchema(hosts.schema);
    const hooks: string[] = [];
    const knex = hostKnex({
      wrapIdentifier: (name, wrap) => wrap(snake(name)),
      postProcessResponse: (result) =>
        Array.isArray(result) ? result.map(camelRow) : (result?.rows?.map(camelRow) ?? result),
      migrations: {
        schemaName: hosts.schema,
        tableName: 'hostMigrations',
        beforeAll: async () => void hooks.push('before'),
        afterEach: async () => void hooks.push('after'),
        migrationSource: {
          getMigrations: async () => ['first'],
          getMigrationName: (name) => name as string,
          getMigration: async () => ({
            up: (trx) =>
              trx.schema
                .withSchema(hosts.schema)
                .createTable('hostOrders', (table) => table.text('orderId').primary()),
            down: async () => {},
          }),
        },
      } as Knex.MigratorConfig,
    });
    const store = openPostgresStore({ knex, schema });
    expect([await store.pendingMigrations(), await store.migrate()]).toEqual([every, every]);
    expect(hooks).toEqual([]);
    const mapped = knex.withSchema(hosts.schema).table('hostOrders').select('orderId').toString();
    expect(mapped).toBe(`select "order_id" from "${hosts.schema}"."host_orders"`);
    expect(await knex.raw('SELECT 1 AS first_row')).toEqual([{ firstRow: 1 }]);
    await knex.migrate.latest();
    expect(hooks).toEqual(['before', 'after']);
    expect(await tablesIn(ours.knex(), hosts.schema)).toEqual([
      'hostMigrations',
      'hostMigrations_lock',
      'host_orders',
    ]);
    expect(await store.migrate()).toEqual([]);
  });
});

/** A schema of a name that a test makes up; dropped after it. */
function oddSchema(name: string): string {
  const admin = new pg.Client({ connectionString: inject('postgresUrl') });
  onTestFinished(async () => {
    await admin.connect();
    await admin.query(`DROP SCHEMA IF EXISTS ${pg.escapeIdentifier(name)} CASCADE`);
    await admin.end();
  });
  return name;
}

it.each(['Größe …', 'with "…"', "with '…'", 'who is …?', 'a.…', 'a as …', 'list[…]', '$1 …', '\\…'])(
  'a schema may be called %s',
  async (pattern) => {
    const schema = oddSchema(pattern.replace('…', freshSchema().schema));
    const pool = hostKnex();
    const store = openPostgresStore({ knex: pool, schema });
    expect(await store.migrate()).toEqual(every);
    expect(await store.pendingMigrations()).toEqual([]);
    expect(await tablesIn(pool, schema)).toContain('cards');
    const loyalty = createLoyalty({ store });
    await loyalty.programs.publish(program);
    unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: '50' } }));
    await pool.transaction(async (trx) => unwrap(await loyalty.using(trx).redeem({ ...member, points: 20 })));
    expect((await loyalty.balance(member)).available).toBe(30);
  },
);

describe('the tables', () => {
  async function shopWithEverything() {
    const shop = await openShop();
    const { loyalty, schema, knex } = shop;
    unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: '50' } }));
    unwrap(await loyalty.hold({ ...member, points: 20 }));
    await loyalty.merchants.register({ id: program.merchantId, name: 'Cathay' });
    const reward = { programId: program.id, id: 'mug', name: 'Mug', stock: 3 } as const;
    await loyalty.rewards.publish({ ...reward, price: { points: 5 }, gives: { kind: 'item' } });
    unwrap(await loyalty.rewards.redeem({ ...member, rewardId: 'mug' }));
    return (sql: string) => knex.raw(sql.replaceAll(/\b(FROM|UPDATE|INTO) /g, `$1 "${schema}".`));
  }

  it('refuse figures that cannot be', async () => {
    const run = await shopWithEverything();
    for (const change of [
      'UPDATE cards SET balance = -1, held = 0',
      'UPDATE cards SET debt = -1',
      'UPDATE cards SET held = 51',
      'UPDATE cards SET seq = -1',
      "UPDATE cards SET status = 'lost'",
      'UPDATE lots SET remaining = 51',
      'UPDATE lots SET remaining = -1, held = 0',
      'UPDATE lots SET expired = points - remaining + 1',
      'UPDATE lots SET held = 51',
      'UPDATE lots SET points = 0, remaining = 0, held = 0',
      "UPDATE entries SET kind = 'gift'",
      "UPDATE entries SET posted_at = occurred_at - interval '1 second'",
      'UPDATE entries SET seq = 0',
      "UPDATE holds SET status = 'gone'",
      'UPDATE holds SET points = 21',
      'UPDATE cards SET stamps = -1',
      'UPDATE cards SET stamps_earned = -1',
      'UPDATE cards SET rewards_redeemed = -1',
      "UPDATE vouchers SET status = 'lost'",
      'UPDATE rewards SET redeemed = 4',
      'UPDATE rewards SET redeemed = -1',
      'UPDATE rewards SET stock = 0',
      "UPDATE rewards SET status = 'lost'",
      'UPDATE merchants SET revision = -1',
      'UPDATE orders SET refunded_amount = payable + 1',
      'UPDATE orders SET clawed_expired = clawed_back + 1',
    ]) {
      await expect(run(change), change).rejects.toMatchObject({ code: '23514' });
    }
  });

  it('keep a merchant that has a history', async () => {
    const run = await shopWithEverything();
    await expect(run('DELETE FROM merchants')).rejects.toMatchObject({
      code: expect.stringMatching(/^23(001|503)$/),
    });
  });

  it('take a balance down to the debt', async () => {
    const run = await shopWithEverything();
    expect((await run('UPDATE cards SET balance = -7, debt = 7, held = 0')).rowCount).toBe(1);
    await expect(run('UPDATE cards SET balance = -8')).rejects.toMatchObject({ code: '23514' });
  });

  it('keep a card that has a history, and no history without its card', async () => {
    const run = await shopWithEverything();
    for (const change of [
      'DELETE FROM cards',
      "UPDATE cards SET card_id = 'other'",
      "UPDATE entries SET card_id = 'other'",
      "UPDATE holds SET card_id = 'other'",
      "UPDATE members SET card_id = 'other'",
      "UPDATE names SET card_id = 'other'",
      "UPDATE vouchers SET card_id = 'other'",
    ]) {
      await expect(run(change), change).rejects.toMatchObject({
        code: expect.stringMatching(/^23(001|503)$/),
      });
    }
  });
});
