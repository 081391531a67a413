import { createLoyalty, LoyaltyError, unwrap } from '@loyalty-engine/core';
import BetterSqlite3, { type Database } from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from './open-sqlite-store.ts';
import { member, program, temporaryFile } from './temporary-file.test-data.ts';

async function shop(busyTimeoutMs = 1000) {
  const store = openSqliteStore({ file: temporaryFile(), busyTimeoutMs });
  const loyalty = createLoyalty({ store });
  onTestFinished(() => loyalty.close());
  store.database.exec('CREATE TABLE orders (id TEXT PRIMARY KEY)');
  await loyalty.programs.publish(program);
  unwrap(await loyalty.award({ ...member, points: 100, source: { type: 'test', id: '1' }, reason: 'start' }));
  const orders = () => store.database.prepare('SELECT id FROM orders ORDER BY id').pluck().all();
  const addOrder = (db: Database, id: string) => db.prepare('INSERT INTO orders (id) VALUES (?)').run(id);
  return { store, loyalty, orders, addOrder };
}

const order = (id: string) => ({ ...member, order: { id, total: '50' } });

describe('store.transaction', () => {
  it("commits the host's row and the points together", async () => {
    const { store, loyalty, orders, addOrder } = await shop();
    const points = await store.transaction(async (db) => {
      addOrder(db, 'o1');
      const inside = loyalty.using(db);
      const { points } = unwrap(await inside.earn(order('o1')));
      expect((await inside.balance(member)).available).toBe(150);
      return points;
    });
    expect(points).toBe(50);
    expect(orders()).toEqual(['o1']);
    expect((await loyalty.balance(member)).available).toBe(150);
    expect((await loyalty.verify()).ok).toBe(true);
  });

  it("rolls the host's row and the points back together, also on a new card", async () => {
    const { store, loyalty, orders, addOrder } = await shop();
    const other = { programId: 'miles', customerId: 'new' };
    const failed = store.transaction(async (db) => {
      addOrder(db, 'o1');
      unwrap(await loyalty.using(db).earn(order('o1')));
      unwrap(await loyalty.using(db).earn({ ...other, order: { id: 'o2', total: '50' } }));
      throw new Error('the card was declined');
    });
    await expect(failed).rejects.toThrow('the card was declined');
    expect(orders()).toEqual([]);
    expect((await loyalty.balance(member)).available).toBe(100);
    expect((await loyalty.balance(other)).available).toBe(0);
    unwrap(await loyalty.earn(order('o1')));
    expect((await loyalty.verify()).ok).toBe(true);
  });

  it('keeps other commands out until it ends, and they are not lost', async () => {
    const { store, loyalty } = await shop();
    const events: string[] = [];
    let outside: Promise<unknown> = Promise.resolve();
    await store.transaction(async (db) => {
      outside = loyalty
        .redeem({ ...member, points: 100 })
        .then((outcome) => events.push(`outside ${outcome.ok}`));
      await new Promise((resolve) => setTimeout(resolve, 50));
      unwrap(await loyalty.using(db).redeem({ ...member, points: 30 }));
      await new Promise((resolve) => setTimeout(resolve, 20));
      unwrap(await loyalty.using(db).redeem({ ...member, points: 30 }));
      events.push('inside');
    });
    await outside;
    expect(events).toEqual(['inside', 'outside false']);
    expect((await loyalty.balance(member)).available).toBe(40);
  });

  it('shows nothing uncommitted to readings from outside', async () => {
    const { store, loyalty } = await shop();
    let seen: Promise<number> = Promise.resolve(-1);
    await store
      .transaction(async (db) => {
        unwrap(await loyalty.using(db).redeem({ ...member, points: 60 }));
        seen = loyalty.balance(member).then((balance) => balance.available);
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw new Error('rolled back');
      })
      .catch(() => {});
    expect(await seen).toBe(100);
  });

  it('a refused command inside leaves the transaction as it was', async () => {
    const { store, loyalty, orders, addOrder } = await shop();
    await store.transaction(async (db) => {
      addOrder(db, 'o1');
      const refused = await loyalty.using(db).redeem({ ...member, points: 500 });
      expect(refused).toMatchObject({ ok: false, code: 'NOT_ENOUGH_POINTS', available: 100 });
    });
    expect(orders()).toEqual(['o1']);
  });

  it('tells a host that waits for the engine inside its own transaction what to do instead', async () => {
    const { store, loyalty } = await shop(100);
    const failed = store.transaction(async () => loyalty.earn(order('o1')));
    await expect(failed).rejects.toMatchObject({
      code: 'STORE_BUSY',
      message: expect.stringContaining('using(db)'),
    });
    unwrap(await loyalty.earn(order('o1')));
  });

  it('refuses another database, and its own outside a transaction', async () => {
    const { store, loyalty } = await shop();
    const other = new BetterSqlite3(':memory:');
    const codeOf = (transaction: unknown) => {
      try {
        loyalty.using(transaction);
      } catch (error) {
        return (error as LoyaltyError).code;
      }
      return 'taken';
    };
    expect(codeOf(store.database)).toBe('NOT_A_TRANSACTION');
    expect(codeOf(undefined)).toBe('NOT_A_TRANSACTION');
    let inside: ReturnType<typeof loyalty.using> | undefined;
    await store.transaction(async (db) => {
      expect(codeOf(other)).toBe('NOT_A_TRANSACTION');
      inside = loyalty.using(db);
    });
    await expect(inside?.earn(order('o1'))).rejects.toBeInstanceOf(LoyaltyError);
  });

  it('transactions follow one another, also when one is opened while another runs', async () => {
    const { store, loyalty } = await shop();
    const spend = () =>
      store.transaction(async (db) => {
        const { available } = await loyalty.using(db).balance(member);
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (available >= 40) unwrap(await loyalty.using(db).redeem({ ...member, points: 40 }));
        return available;
      });
    expect(await Promise.all([spend(), spend(), spend()])).toEqual([100, 60, 20]);
  });

  it('waits for a transaction that the host opened by hand on its own connection', async () => {
    const database = new BetterSqlite3(':memory:');
    const loyalty = createLoyalty({ store: openSqliteStore({ database, busyTimeoutMs: 2000 }) });
    await loyalty.programs.publish(program);
    database.exec('BEGIN');
    const earning = loyalty.earn(order('o1'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    database.exec('ROLLBACK');
    unwrap(await earning);
    expect((await loyalty.balance(member)).available).toBe(50);
  });
});
