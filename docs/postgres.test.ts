import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLoyalty, type Loyalty, unwrap } from '@loyalty-engine/core';
import { openPostgresStore } from '@loyalty-engine/postgres';
import { exampleProgram, manualClock } from '@loyalty-engine/testing';
import knexOf, { type Knex } from 'knex';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askServer, freshDatabase } from './check/postgres-server.ts';
import { readPage, root } from './check/read-page.ts';

const page = readPage('docs/postgres.md');

const member = (customerId: string) => ({ programId: exampleProgram.id, customerId });
const order = (id: string, total = '500') => ({ id, total });
const sachin = member('sachin');

/** A pool that is gone after the test. */
function poolOn(connection: string, pool: Knex.PoolConfig = {}): Knex {
  const knex = knexOf({ client: 'pg', connection, pool: { min: 0, max: 10, ...pool } });
  onTestFinished(() => knex.destroy());
  return knex;
}

/** A database with the tables in it and the program published. */
async function shop(pool: Knex.PoolConfig = {}) {
  const { url, name, drop } = await freshDatabase();
  onTestFinished(drop);
  const knex = poolOn(url, pool);
  const store = openPostgresStore({ knex });
  await store.migrate();
  const clock = manualClock('2026-01-15T10:00:00+05:30');
  const loyalty = createLoyalty({ store, clock });
  await loyalty.programs.publish(exampleProgram);
  return { knex, store, loyalty, clock, url, name };
}

it('the page tells of every table, and of no other', async () => {
  const { knex } = await shop();
  const told = page.lines.flatMap((line) => /^\| `loyalty\.(\w+)` \|/.exec(line)?.[1] ?? []);
  const tables: string[] = await knex('pg_tables').where({ schemaname: 'loyalty' }).pluck('tablename');
  expect(told.sort()).toEqual(tables.sort());
});

it('the page tells of every index but those of keys, by its columns', async () => {
  const { knex } = await shop();
  const indexes: string[] = await knex('pg_indexes').where({ schemaname: 'loyalty' }).pluck('indexdef');
  const columns = indexes.map((definition) => /\(([^)]*)\)/.exec(definition)?.[1] ?? '');
  const ofCards = columns.filter(
    (list) => !/^(card_id|program_id|merchant_id|scope|name|id|index)\b/.test(list),
  );
  expect(ofCards.sort()).toEqual(['next_expiry_at, card_id', 'order_id', 'recorded_at, card_id, seq']);
});

it('the page has every error of the store, with the states that it stands for', () => {
  const source = readFileSync(join(root, 'packages/postgres/src/store-errors.ts'), 'utf8');
  const states = new Map<string, string[]>();
  for (const [, state = '', code = ''] of source.matchAll(/\[\s*'([0-9A-Z]+)',\s*'(STORE_[A-Z_]+)'/g)) {
    states.set(code, [...(states.get(code) ?? []), state]);
  }
  expect(states.size).toBeGreaterThan(10);
  for (const [code, all] of states) {
    const row = page.lines.find((line) => line.startsWith(`| \`${code}\` |`));
    const told = row?.split('|')[2] ?? '';
    for (const state of all) expect(told, code).toContain(state);
  }
});

describe('rights', () => {
  /** The page's statements for roles and a database of this test. */
  function rights(prefix: string, database: string): string[] {
    const [block] = page.blocks.filter(({ language }) => language === 'sql roles');
    const statements = (block?.text ?? '').replace(/--.*/g, '').split(';');
    return statements
      .map((statement) => statement.trim())
      .filter(Boolean)
      .map((statement) =>
        statement.replace('DATABASE shop', `DATABASE ${database}`).replace('shop_', prefix),
      );
  }

  async function shopWithRights() {
    const { name, url, drop } = await freshDatabase();
    const prefix = `${name}_`;
    const roles = ['migrations', 'app', 'reports'].map((role) => prefix + role);
    for (const role of roles) await askServer(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    onTestFinished(async () => {
      await drop();
      for (const role of roles) await askServer(`DROP ROLE ${role}`);
    });
    const as = (role: string) => {
      const own = new URL(url);
      own.username = prefix + role;
      own.password = 'secret';
      return poolOn(own.href);
    };
    const [toMigrate = '', ...others] = rights(prefix, name);
    await askServer(toMigrate);
    const owner = as('migrations');
    expect(await openPostgresStore({ knex: owner }).migrate()).toEqual(['0001-loyalty']);
    for (const statement of others) await owner.raw(statement);
    return { owner, app: as('app'), reports: as('reports'), prefix };
  }

  it("are all that the application needs, and don't let it delete anything or change an entry", async () => {
    const { app, owner, prefix } = await shopWithRights();
    const store = openPostgresStore({ knex: app });
    expect([await store.pendingMigrations(), await store.migrate()]).toEqual([[], []]);
    const clock = manualClock('2025-01-15T10:00:00+05:30');
    const pins = {
      hash: async (pin: string) => pin,
      verify: async (pin: string, hash: string) => pin === hash,
    };
    const loyalty = createLoyalty({ store, clock, pins });
    await loyalty.programs.publish(exampleProgram);
    await loyalty.programs.publish({ ...exampleProgram, name: 'Another version', stamps });
    await useEverything(loyalty);
    await useCards(loyalty);
    clock.advance({ days: 500 });
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 1, failed: 0 });
    expect(await owner('loyalty.tallies')).toEqual([]);
    expect(await loyalty.verify()).toMatchObject({ ok: true });

    const kept = ['names', 'pin_attempts', 'requests', 'tallies', 'migrations_gate', 'migrations_lock'];
    const tables: string[] = await owner('pg_tables').where({ schemaname: 'loyalty' }).pluck('tablename');
    for (const sql of [
      ...tables.filter((table) => !kept.includes(table)).map((table) => `DELETE FROM loyalty.${table}`),
      'UPDATE loyalty.merchant_changes SET actor = NULL',
      'UPDATE loyalty.entries SET points = 0',
      'UPDATE loyalty.members SET card_id = NULL',
    ]) {
      await expect(app.raw(sql), sql).rejects.toMatchObject({ code: '42501' });
    }

    await owner.raw(`REVOKE INSERT, UPDATE ON loyalty.programs FROM ${prefix}app`);
    unwrap(await loyalty.earn({ ...sachin, order: order('o9') }));
    await expect(loyalty.programs.publish(exampleProgram)).rejects.toMatchObject({
      code: 'STORE_NO_PERMISSION',
    });
  });

  it('let reports read all tables but that of staff, and write none', async () => {
    const { reports } = await shopWithRights();
    const tables: string[] = await reports('pg_tables').where({ schemaname: 'loyalty' }).pluck('tablename');
    await expect(reports('loyalty.staff')).rejects.toMatchObject({ code: '42501' });
    for (const table of tables.filter((name) => name !== 'staff')) {
      await reports.withSchema('loyalty').table(table);
      const write = reports.raw(`DELETE FROM loyalty.${table}`);
      await expect(write, table).rejects.toMatchObject({ code: '42501' });
    }
  });
});

async function useEverything(loyalty: Loyalty): Promise<void> {
  unwrap(await loyalty.cards.enroll(sachin));
  unwrap(await loyalty.earn({ ...sachin, order: order('o1') }));
  unwrap(await loyalty.redeem({ ...sachin, points: 5 }));
  const started = unwrap(await loyalty.checkout.start({ ...sachin, order: order('o2'), points: 10 }));
  unwrap(await loyalty.checkout.complete({ ...sachin, holdId: started.holdId }));
  const { holdId } = unwrap(await loyalty.hold({ ...sachin, points: 5 }));
  unwrap(await loyalty.release({ ...sachin, holdId }));
  unwrap(await loyalty.refund({ ...sachin, orderId: 'o1', reason: 'Test' }));
  unwrap(await loyalty.adjust({ ...sachin, points: 20, reasonCode: 'test', actor: 'test' }));
  const { entries } = await loyalty.statement(sachin, { kinds: ['redeem'] });
  unwrap(await loyalty.reverse({ ...sachin, entry: entries[0]?.seq ?? 0, reason: 'Test' }));
}

const stamps = { target: 2, maxPerVisit: 2, reward: { name: 'A coffee' } };

async function useCards(loyalty: Loyalty): Promise<void> {
  const { merchantId, id: programId } = exampleProgram;
  const [actor, reason] = ['admin', 'Test'];
  await loyalty.merchants.register({ id: merchantId, name: 'Test' });
  await loyalty.merchants.configure({ merchantId, settings: { pinAttempts: 3 }, actor });
  const location = { merchantId, id: 'bandra', name: 'Bandra', timeZone: 'Asia/Kolkata' };
  await loyalty.locations.register(location);
  const { pin } = await loyalty.staff.register({
    merchantId,
    id: 'ravi',
    name: 'Ravi',
    role: 'cashier',
    actor,
  });
  const staff = { staffId: 'ravi', pin, terminalId: 'till-1' };
  await loyalty.staff.checkPin({ ...staff, merchantId, pin: '0000' });
  const tea = { programId, id: 'tea', name: 'Tea', price: { points: 5 }, stock: 2 };
  await loyalty.rewards.publish({ ...tea, gives: { kind: 'item' } });
  unwrap(await loyalty.stamp({ ...sachin, stamps: 2, locationId: 'bandra', staff }));
  unwrap(await loyalty.redeemStamps(sachin));
  const redeemTea = async () =>
    unwrap(await loyalty.rewards.redeem({ ...sachin, rewardId: 'tea' })).voucherCode;
  unwrap(await loyalty.rewards.use({ code: await redeemTea() }));
  unwrap(await loyalty.rewards.void({ code: await redeemTea(), reason }));
  const { entry } = unwrap(await loyalty.stamp(member('rahul')));
  unwrap(await loyalty.voidStamp({ ...member('rahul'), entry, reason }));
  unwrap(await loyalty.cards.rotateQr({ ...member('rahul'), reason }));
  unwrap(await loyalty.cards.merge({ from: member('rahul'), into: sachin, actor, reason }));
  unwrap(await loyalty.stamp(member('meera')));
  unwrap(await loyalty.cards.anonymise({ ...member('meera'), actor, reason }));
  const request = { scope: 'test', key: 'k1', fingerprint: 'f1' };
  const once = () => loyalty.requests.once(request, async () => ({ done: true }));
  expect(await once()).toEqual({ answer: { done: true }, replayed: false });
  expect(await once()).toEqual({ answer: { done: true }, replayed: true });
  expect((await loyalty.entries({ orderId: 'o1' })).entries).not.toEqual([]);
  await loyalty.jobs.warnOfExpiry({ withinDays: 400, warn: () => {} });
}

interface CountedConnection {
  query(...parameters: unknown[]): unknown;
}

describe('what a command costs', () => {
  /** A shop that counts how often something is sent to the server. */
  async function countingShop() {
    let sent = 0;
    const made = await shop({
      afterCreate: (connection: CountedConnection, done: () => void) => {
        const query = connection.query.bind(connection);
        connection.query = (...parameters) => {
          sent += 1;
          return query(...parameters);
        };
        done();
      },
    });
    const count = async (run: () => Promise<unknown>) => {
      const before = sent;
      await run();
      return sent - before;
    };
    return { ...made, count };
  }

  it('two round trips, and as many for many commands at once', async () => {
    const { loyalty, count } = await countingShop();
    const points = 5;
    expect(await count(() => loyalty.earn({ ...sachin, order: order('o0') }))).toBe(3);
    expect(await count(() => loyalty.earn({ ...sachin, order: order('o1') }))).toBe(2);
    expect(await count(() => loyalty.earn({ ...member('new'), order: order('o1') }))).toBe(2);
    expect(await count(() => loyalty.redeem({ ...sachin, points }))).toBe(2);
    expect(await count(() => loyalty.redeem({ ...sachin, points: 5000 }))).toBe(2);
    const onOneCard = () =>
      Promise.all([2, 3, 4, 5].map((id) => loyalty.earn({ ...sachin, order: order(`o${id}`) })));
    expect(await count(onOneCard)).toBe(2);
    // Two batches of fifty.
    const onMany = () =>
      Promise.all(
        Array.from({ length: 100 }, (_, id) => loyalty.earn({ ...member(`${id}`), order: order('o1') })),
      );
    expect(await count(onMany)).toBe(4);
  });

  it('three where what it needs follows from what was read, up to four with open holds', async () => {
    const { loyalty, count } = await countingShop();
    for (const id of ['o0', 'o1', 'o2']) unwrap(await loyalty.earn({ ...sachin, order: order(id) }));
    unwrap(await loyalty.redeem({ ...sachin, points: 5 }));
    const refund = () => loyalty.refund({ ...sachin, orderId: 'o1', reason: 'Test' });
    expect(await count(refund)).toBe(3);
    expect(await count(() => loyalty.reverse({ ...sachin, entry: 4, reason: 'Test' }))).toBe(3);
    const { holdId } = unwrap(await loyalty.hold({ ...sachin, points: 5 }));
    expect(await count(() => loyalty.redeem({ ...sachin, points: 5 }))).toBeLessThanOrEqual(4);
    expect(await count(() => loyalty.earn({ ...sachin, order: order('o3') }))).toBeLessThanOrEqual(4);
    expect(await count(() => loyalty.release({ ...sachin, holdId }))).toBe(3);
  });
});

it('commands take two connections at most, however many come, and so does the expiry job', async () => {
  const { loyalty, knex, clock } = await shop();
  let most = 0;
  const look = () => {
    most = Math.max(most, knex.client.pool.numUsed());
  };
  knex.on('query', look);
  const timer = setInterval(look, 1);
  onTestFinished(() => clearInterval(timer));
  for (const id of ['o1', 'o2']) {
    const many = Array.from({ length: 1000 }, (_, one) =>
      loyalty.earn({ ...member(`${one}`), order: order(id) }),
    );
    for (const outcome of await Promise.all(many)) unwrap(outcome);
  }
  expect(most).toBe(2);
  most = 0;
  clock.advance({ days: 500 });
  expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 1000, failed: 0 });
  expect(most).toBe(2);
});

it('the instants beyond all dates are those on the page', async () => {
  const { loyalty, knex } = await shop();
  const { points } = exampleProgram;
  const programs = {
    never: { ...points, expiry: { kind: 'never' } },
    idle: { ...points, expiry: { kind: 'inactivity', months: 6 } },
    pending: {
      ...points,
      earn: { ...points.earn, availability: 'on-confirm' },
      expiry: { kind: 'never' },
    },
  } as const;
  const told = [...page.lines.join('\n').matchAll(/\| `(\w+_at)` \| `([^`]+)` \| (\w+)/g)];
  const toldOf = (column: string, word: string) =>
    told.find(([, name, , meaning]) => name === column && meaning === word)?.[2];
  for (const [id, points] of Object.entries(programs)) {
    await loyalty.programs.publish({ ...exampleProgram, id, points });
    unwrap(await loyalty.earn({ programId: id, customerId: 'sachin', order: order('o1') }));
  }
  const { rows } = await knex
    .raw(`SET TIME ZONE 'UTC'; SELECT program_id, burn_at::text, available_at::text
    FROM loyalty.lots JOIN loyalty.cards USING (card_id) ORDER BY program_id`)
    .then(([, last]) => last);
  const [never, idle] = [toldOf('burn_at', 'Never'), toldOf('burn_at', 'Ends')];
  expect(rows).toEqual([
    { program_id: 'idle', burn_at: idle, available_at: null },
    { program_id: 'never', burn_at: never, available_at: null },
    { program_id: 'pending', burn_at: never, available_at: toldOf('available_at', 'Pending') },
  ]);
});

it('receipts that answer only the store may be deleted after a day, and no other is', async () => {
  const { loyalty, knex, clock } = await shop();
  const deletion =
    page.blocks.find(({ text }) => text.startsWith('DELETE FROM loyalty.receipts'))?.text ?? '';
  clock.set(new Date(Date.now() - 2 * 86_400_000).toISOString());
  unwrap(await loyalty.earn({ ...sachin, order: order('o1') }));
  unwrap(await loyalty.redeem({ ...sachin, points: 5 }));
  const keyed = { ...sachin, points: 6, idempotencyKey: 'till-1' };
  unwrap(await loyalty.redeem(keyed));
  const { holdId } = unwrap(await loyalty.hold({ ...sachin, points: 8, holdMinutes: 10_000 }));
  clock.set(new Date().toISOString());
  unwrap(await loyalty.redeem({ ...sachin, points: 7 }));
  unwrap(await loyalty.hold({ ...sachin, points: 9 }));
  const keys = () => knex('loyalty.receipts').pluck('key');
  const before = await keys();
  await knex.raw(deletion);
  const left: string[] = await keys();
  expect(before).toHaveLength(6);
  expect(left.filter((key) => !key.startsWith('once:')).sort()).toEqual(['earn:o1', 'key:till-1']);
  expect(left).toHaveLength(4);
  unwrap(await loyalty.capture({ ...sachin, holdId }));
  expect(unwrap(await loyalty.redeem(keyed)).replayed).toBe(true);
  expect(await loyalty.verify()).toMatchObject({ ok: true });
});
