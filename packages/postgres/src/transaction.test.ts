import { setTimeout as sleep } from 'node:timers/promises';
import { createLoyalty, type Loyalty, LoyaltyError, unwrap } from '@loyalty-engine/core';
import knexOf, { type Knex } from 'knex';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { award, hostKnex, openShop } from '../test/open-shop.ts';
import { member, program } from '../test/program.ts';
import { openPostgresStore } from './open-postgres-store.ts';

/** A shop whose host has a table of orders, and whose member has 100 points. */
async function shopWithOrders(options: Parameters<typeof openShop>[0] = {}) {
  const shop = await openShop(options);
  const { knex, schema, loyalty } = shop;
  await knex.schema.withSchema(schema).createTable('sales', (table) => table.text('id').primary());
  await award(loyalty, 100);
  const sales = (on: Knex = knex) => on.withSchema(schema).table('sales');
  return {
    ...shop,
    /** The host's own row, written with the transaction it is given. */
    addSale: (trx: Knex, id: string) => sales(trx).insert({ id }),
    salesIds: (): Promise<string[]> => sales().orderBy('id').pluck('id'),
    available: async (who = member) => (await loyalty.balance(who)).available,
  };
}

const order = (id: string) => ({ ...member, order: { id, total: '50' } });
const newcomer = { programId: 'miles', customerId: 'new' };

/** True once a promise has settled; looks for as long as a lock would be waited for without notice. */
async function settlesAtOnce(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), sleep(100).then(() => false)]);
}

describe('loyalty.using(trx)', () => {
  it("commits the host's row and the points together", async () => {
    const { knex, loyalty, addSale, salesIds, available } = await shopWithOrders();
    const points = await knex.transaction(async (trx) => {
      await addSale(trx, 'o1');
      const inside = loyalty.using(trx);
      const earned = unwrap(await inside.earn(order('o1')));
      expect((await inside.balance(member)).available).toBe(150);
      return earned.points;
    });
    expect(points).toBe(50);
    expect(await salesIds()).toEqual(['o1']);
    expect(await available()).toBe(150);
    expect((await loyalty.verify()).ok).toBe(true);
  });

  it("rolls the host's row and the points back together, also on a new card", async () => {
    const { knex, loyalty, addSale, salesIds, available } = await shopWithOrders();
    const failed = knex.transaction(async (trx) => {
      await addSale(trx, 'o1');
      unwrap(await loyalty.using(trx).earn(order('o1')));
      unwrap(await loyalty.using(trx).earn({ ...newcomer, order: { id: 'o2', total: '50' } }));
      throw new Error('the card was declined');
    });
    await expect(failed).rejects.toThrow('the card was declined');
    expect(await salesIds()).toEqual([]);
    expect([await available(), await available(newcomer)]).toEqual([100, 0]);
    expect(unwrap(await loyalty.earn(order('o1'))).replayed).toBe(false);
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 1 });
  });

  it('takes a transaction that the host commits by hand, and one of a provider', async () => {
    const { knex, loyalty, available } = await shopWithOrders();
    const trx = await knex.transaction();
    unwrap(await loyalty.using(trx).earn(order('o1')));
    expect(await available()).toBe(100);
    await trx.commit();
    expect(await available()).toBe(150);
    const provided = await knex.transactionProvider()();
    unwrap(await loyalty.using(provided).earn(order('o2')));
    await provided.rollback();
    expect(await available()).toBe(150);
  });

  it('a refused command leaves the transaction as it was', async () => {
    const { knex, loyalty, addSale, salesIds } = await shopWithOrders();
    await knex.transaction(async (trx) => {
      await addSale(trx, 'o1');
      const refused = await loyalty.using(trx).redeem({ ...member, points: 500 });
      expect(refused).toMatchObject({ ok: false, code: 'NOT_ENOUGH_POINTS', available: 100 });
      await addSale(trx, 'o2');
    });
    expect(await salesIds()).toEqual(['o1', 'o2']);
  });

  it('an invalid command leaves the transaction as it was', async () => {
    const { knex, loyalty, addSale, salesIds, available } = await shopWithOrders();
    await knex.transaction(async (trx) => {
      await addSale(trx, 'o1');
      const invalid = loyalty.using(trx).redeem({ ...member, points: -1 });
      await expect(invalid).rejects.toMatchObject({ code: 'INVALID_COMMAND', field: 'points' });
      unwrap(await loyalty.using(trx).redeem({ ...member, points: 1 }));
    });
    expect(await salesIds()).toEqual(['o1']);
    expect(await available()).toBe(99);
  });

  it("a row that the database refuses takes nothing of the host's with it", async () => {
    const { knex, schema, loyalty, addSale, salesIds, available } = await shopWithOrders();
    await knex.raw(`ALTER TABLE "${schema}".receipts ADD CHECK (key <> 'key:cursed')`);
    await knex.transaction(async (trx) => {
      await addSale(trx, 'o1');
      const inside = loyalty.using(trx);
      unwrap(await inside.earn(order('o1')));
      const refused = inside.earn({ ...order('o2'), idempotencyKey: 'cursed' });
      await expect(refused).rejects.toMatchObject({ code: 'STORE_CONSTRAINT' });
      unwrap(await inside.redeem({ ...member, points: 1 }));
      await addSale(trx, 'o3');
    });
    expect(await salesIds()).toEqual(['o1', 'o3']);
    expect(await available()).toBe(149);
    expect((await loyalty.verify()).ok).toBe(true);
  });

  it('tells a host whose transaction is broken already to roll it back', async () => {
    const { knex, loyalty, addSale, salesIds } = await shopWithOrders();
    const trx = await knex.transaction();
    await addSale(trx, 'o1');
    await expect(addSale(trx, 'o1')).rejects.toMatchObject({ code: '23505' });
    for (const run of [
      () => loyalty.using(trx).earn(order('o1')),
      () => loyalty.using(trx).balance(member),
    ]) {
      await expect(run()).rejects.toMatchObject({ code: 'STORE_TRANSACTION_FAILED' });
    }
    await trx.rollback();
    expect(await salesIds()).toEqual([]);
    expect(unwrap(await loyalty.earn(order('o1'))).replayed).toBe(false);
  });

  it("leaves the host's own savepoints alone, also one of the same name", async () => {
    const { knex, loyalty, addSale, salesIds } = await shopWithOrders();
    await knex.transaction(async (trx) => {
      await trx.raw('SAVEPOINT loyalty');
      await addSale(trx, 'o1');
      unwrap(await loyalty.using(trx).earn(order('o1')));
      await expect(loyalty.using(trx).redeem({ ...member, points: -1 })).rejects.toThrow();
      await expect(addSale(trx, 'o1')).rejects.toMatchObject({ code: '23505' });
      const late = loyalty.using(trx).earn(order('o2'));
      await expect(late).rejects.toMatchObject({ code: 'STORE_TRANSACTION_FAILED' });
      await expect(addSale(trx, 'o2')).rejects.toMatchObject({ code: '25P02' });
      await trx.raw('ROLLBACK TO SAVEPOINT loyalty');
      await addSale(trx, 'o3');
    });
    expect(await salesIds()).toEqual(['o3']);
    expect(unwrap(await loyalty.earn(order('o1'))).replayed).toBe(false);
  });

  it('a nested transaction that is rolled back takes its points with it, and the outer ones stay', async () => {
    const { knex, loyalty, addSale, salesIds, available } = await shopWithOrders();
    await knex.transaction(async (trx) => {
      await addSale(trx, 'o1');
      unwrap(await loyalty.using(trx).earn(order('o1')));
      const nested = trx.transaction(async (inner) => {
        await addSale(inner, 'o2');
        unwrap(await loyalty.using(inner).earn(order('o2')));
        unwrap(await loyalty.using(inner).earn({ ...newcomer, order: { id: 'o3', total: '50' } }));
        expect((await loyalty.using(inner).balance(member)).available).toBe(200);
        throw new Error('the gift is sold out');
      });
      await expect(nested).rejects.toThrow('the gift is sold out');
      expect((await loyalty.using(trx).balance(member)).available).toBe(150);
      await trx.transaction(async (inner) => unwrap(await loyalty.using(inner).earn(order('o4'))));
    });
    expect(await salesIds()).toEqual(['o1']);
    expect([await available(), await available(newcomer)]).toEqual([200, 0]);
    expect((await loyalty.verify()).ok).toBe(true);
  });

  it('replays inside what was done outside, and outside what was committed inside', async () => {
    const { knex, loyalty } = await shopWithOrders();
    unwrap(await loyalty.earn(order('o1')));
    await knex.transaction(async (trx) => {
      expect(await loyalty.using(trx).earn(order('o1'))).toMatchObject({ ok: true, replayed: true });
      expect(await loyalty.using(trx).earn(order('o2'))).toMatchObject({ ok: true, replayed: false });
      expect(await loyalty.using(trx).earn(order('o2'))).toMatchObject({ ok: true, replayed: true });
    });
    expect(await loyalty.earn(order('o2'))).toMatchObject({ ok: true, replayed: true });
  });
});

describe('with a pool of one connection', () => {
  it('everything works inside, on that connection', async () => {
    const { knex, loyalty, available } = await shopWithOrders({ poolMax: 1 });
    await knex.transaction(async (trx) => {
      const inside = loyalty.using(trx);
      expect((await inside.balance(member)).available).toBe(100);
      expect(await inside.quote({ ...member, order: { id: 'o1', total: '500' } })).toMatchObject({
        points: 100,
      });
      unwrap(await inside.earn(order('o1')));
      unwrap(await inside.redeem({ ...member, points: 20 }));
      const { holdId } = unwrap(await inside.hold({ ...member, points: 30 }));
      unwrap(await inside.capture({ ...member, holdId }));
      expect((await inside.statement(member)).closing).toBe(100);
    });
    expect(await available()).toBe(100);
  });

  it('says that no connection is free where the engine itself is waited for inside', async () => {
    const knex = hostKnex({ pool: { min: 0, max: 1 }, acquireConnectionTimeout: 200 });
    const { loyalty, available } = await shopWithOrders({ knex });
    const waiting = knex.transaction(async () => loyalty.earn(order('o1')));
    await expect(waiting).rejects.toMatchObject({ code: 'STORE_BUSY' });
    expect(await available()).toBe(100);
  });
});

describe('commands at once inside one transaction', () => {
  it('succeed as often as the balance covers', async () => {
    const { knex, loyalty, available } = await shopWithOrders();
    const outcomes = await knex.transaction((trx) =>
      Promise.all(Array.from({ length: 10 }, () => loyalty.using(trx).redeem({ ...member, points: 30 }))),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(3);
    expect(await available()).toBe(10);
    expect((await loyalty.verify()).ok).toBe(true);
  });

  it('one that the database refuses leaves the others theirs', async () => {
    const { knex, schema, loyalty, available } = await shopWithOrders();
    await knex.raw(`ALTER TABLE "${schema}".receipts ADD CHECK (key <> 'key:cursed')`);
    const settled = await knex.transaction((trx) =>
      Promise.allSettled(
        ['a', 'cursed', 'b'].map((idempotencyKey) =>
          loyalty.using(trx).redeem({ ...member, points: 30, idempotencyKey }),
        ),
      ),
    );
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await available()).toBe(40);
  });
});

describe('seen from outside', () => {
  it('points are not there before the commit', async () => {
    const { knex, loyalty, available } = await shopWithOrders();
    await knex.transaction(async (trx) => {
      unwrap(await loyalty.using(trx).earn(order('o1')));
      unwrap(await loyalty.using(trx).earn({ ...newcomer, order: { id: 'o2', total: '50' } }));
      expect([await available(), await available(newcomer)]).toEqual([100, 0]);
      expect((await loyalty.statement(member)).entries).toHaveLength(1);
    });
    expect([await available(), await available(newcomer)]).toEqual([150, 50]);
  });

  it('a balance that was read inside can be spent inside: others wait until the commit', async () => {
    const { knex, loyalty } = await shopWithOrders();
    let outside: Promise<unknown> = Promise.resolve();
    await knex.transaction(async (trx) => {
      const { available } = await loyalty.using(trx).balance(member);
      outside = loyalty.redeem({ ...member, points: 100 });
      expect(await settlesAtOnce(outside)).toBe(false);
      unwrap(await loyalty.using(trx).redeem({ ...member, points: available }));
    });
    expect(await outside).toMatchObject({ ok: false, code: 'NOT_ENOUGH_POINTS', available: 0 });
  });

  it('other members are not kept waiting', async () => {
    const { knex, loyalty } = await shopWithOrders();
    await award(loyalty, 10, newcomer);
    await knex.transaction(async (trx) => {
      await loyalty.using(trx).balance(member);
      expect(await loyalty.redeem({ ...newcomer, points: 10 })).toMatchObject({ ok: true });
    });
  });
});

/** A host that does its transaction again when another one was in the way. */
async function withRetries<T>(
  knex: Knex,
  isolationLevel: Knex.IsolationLevels,
  run: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await knex.transaction(run, { isolationLevel });
    } catch (error) {
      // Knex's own commit can be refused as well, and gives pg's error.
      const { code } = error as { code: string };
      if (code !== 'STORE_CONFLICT' && code !== '40001') throw error;
    }
  }
}

describe.each(['repeatable read', 'serializable'] as const)('a transaction in %s', (isolationLevel) => {
  it('never spends what another one has spent since it began', async () => {
    const { knex, loyalty, salesIds, addSale, available } = await shopWithOrders();
    const late = knex.transaction(
      async (trx) => {
        await addSale(trx, 'o1');
        unwrap(await loyalty.redeem({ ...member, points: 70 }));
        return loyalty.using(trx).redeem({ ...member, points: 70 });
      },
      { isolationLevel },
    );
    await expect(late).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    expect(await salesIds()).toEqual([]);
    expect(await available()).toBe(30);
  });

  it('does not make a card that another one has made since it began', async () => {
    const { knex, loyalty, addSale, available } = await shopWithOrders();
    const late = knex.transaction(
      async (trx) => {
        await addSale(trx, 'o1');
        unwrap(await loyalty.earn({ ...newcomer, order: { id: 'o1', total: '50' } }));
        return loyalty.using(trx).earn({ ...newcomer, order: { id: 'o2', total: '50' } });
      },
      { isolationLevel },
    );
    await expect(late).rejects.toMatchObject({ code: 'STORE_CONFLICT' });
    expect(await available(newcomer)).toBe(50);
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 2 });
  });

  it('of many at once that are tried again as many spend as the balance covers', async () => {
    const { knex, loyalty, available } = await shopWithOrders();
    const spend = () =>
      withRetries(knex, isolationLevel, async (trx) => {
        const { available } = await loyalty.using(trx).balance(member);
        return available >= 40 && unwrap(await loyalty.using(trx).redeem({ ...member, points: 40 })).ok;
      });
    const spent = await Promise.all(Array.from({ length: 8 }, spend));
    expect(spent.filter((ok) => ok)).toHaveLength(2);
    expect(await available()).toBe(20);
    expect((await loyalty.verify()).ok).toBe(true);
  });
});

describe("two callers' transactions", () => {
  it('that make the same card at once both earn on it', async () => {
    const { knex, loyalty, available } = await shopWithOrders();
    const earn = (id: string) => ({ ...newcomer, order: { id, total: '50' } });
    let second: Promise<unknown> = Promise.resolve();
    await knex.transaction(async (first) => {
      unwrap(await loyalty.using(first).earn(earn('o1')));
      second = knex.transaction(async (trx) => loyalty.using(trx).earn(earn('o2')));
      expect(await settlesAtOnce(second)).toBe(false);
    });
    expect(await second).toMatchObject({ ok: true, points: 50 });
    expect(await available(newcomer)).toBe(100);
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 2 });
  });

  it('that wait for each other: one is told of the conflict, the other one goes through', async () => {
    const { knex, loyalty, available } = await shopWithOrders();
    await award(loyalty, 100, newcomer);
    const both = barrier(2);
    const spend = (members: (typeof member)[]) =>
      knex.transaction(async (trx) => {
        for (const one of members) {
          unwrap(await loyalty.using(trx).redeem({ ...one, points: 10 }));
          await both();
        }
      });
    const settled = await Promise.allSettled([spend([member, newcomer]), spend([newcomer, member])]);
    const failed = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(failed).toEqual([expect.objectContaining({ code: 'STORE_CONFLICT' })]);
    expect([await available(), await available(newcomer)]).toEqual([90, 90]);
  });
});

/** Resolves for so many callers once all of them have come; from then on at once. */
function barrier(callers: number): () => Promise<void> {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting === callers) open();
    return opened;
  };
}

function codeOf(loyalty: Loyalty, transaction: unknown): string {
  try {
    loyalty.using(transaction);
  } catch (error) {
    expect(error).toBeInstanceOf(LoyaltyError);
    return (error as LoyaltyError).code;
  }
  return 'taken';
}

describe('using refuses', () => {
  it('what is no transaction of Knex on PostgreSQL', async () => {
    const { loyalty, knex } = await openShop();
    const client = new pg.Client({ connectionString: inject('postgresUrl') });
    const sqlite = knexOf({
      client: 'better-sqlite3',
      connection: { filename: ':memory:' },
      useNullAsDefault: true,
    });
    onTestFinished(() => sqlite.destroy());
    const ofSqlite = await sqlite.transaction();
    const looksLikeOne = { isTransaction: true, client: { driverName: 'pg' }, raw: () => {} };
    for (const other of [undefined, null, {}, looksLikeOne, () => {}, knex, knex.client, client, ofSqlite]) {
      expect(codeOf(loyalty, other)).toBe('NOT_A_TRANSACTION');
    }
    await ofSqlite.rollback();
  });

  it('a transaction that is over', async () => {
    const { loyalty, knex } = await openShop();
    const committed = await knex.transaction();
    const inside = loyalty.using(committed);
    await committed.commit();
    const rolledBack = await knex.transaction();
    await rolledBack.rollback();
    for (const run of [
      () => inside.earn(order('o1')),
      () => inside.balance(member),
      () => loyalty.using(rolledBack).earn(order('o1')),
    ]) {
      await expect(run()).rejects.toMatchObject({ code: 'NOT_A_TRANSACTION' });
    }
    expect((await loyalty.balance(member)).total).toBe(0);
  });

  it('a nested transaction that is over while the outer one goes on', async () => {
    const { loyalty, knex } = await openShop();
    await knex.transaction(async (trx) => {
      const nested = await trx.transaction();
      await nested.commit();
      await expect(loyalty.using(nested).earn(order('o1'))).rejects.toMatchObject({
        code: 'NOT_A_TRANSACTION',
      });
      unwrap(await loyalty.using(trx).earn(order('o1')));
    });
    expect((await loyalty.balance(member)).available).toBe(50);
  });

  it('to write in a transaction that only reads', async () => {
    const { loyalty, knex } = await openShop();
    const reading = knex.transaction(async (trx) => loyalty.using(trx).earn(order('o1')), { readOnly: true });
    await expect(reading).rejects.toMatchObject({ code: 'STORE_READ_ONLY' });
  });
});

it('a store of its own pool works inside a transaction of another pool on the same database', async () => {
  const { schema, knex } = await openShop();
  const store = openPostgresStore({ connectionString: inject('postgresUrl'), schema });
  const loyalty = createLoyalty({ store });
  onTestFinished(() => loyalty.close());
  await loyalty.programs.publish(program);
  await knex.transaction(async (trx) => unwrap(await loyalty.using(trx).earn(order('o1'))));
  expect((await loyalty.balance(member)).available).toBe(50);
});
