import {
  changesTable,
  createLoyalty,
  type LoyaltyStore,
  locationsTable,
  merchantsTable,
  type PinAttempts,
  pinAttemptsTable,
} from '@loyalty-engine/core';
import { describe, expect, it } from 'vitest';
import { hostKnex, openShop } from '../test/open-shop.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const keyOf = (subject: string) => ['cathay', subject];

/** Counts an attempt of each of these, and gives the counts. */
function countAttempts(store: LoyaltyStore, ...subjects: string[]): Promise<number[]> {
  const keys = subjects.map((subject) => ({ table: pinAttemptsTable, key: keyOf(subject) }));
  return store.changeRecords(keys, (found) => {
    const rows = subjects.map((subject, index): PinAttempts => {
      const before = found[index] as PinAttempts | null;
      return { merchantId: 'cathay', subject, since: 7, lockedUntil: null, count: (before?.count ?? 0) + 1 };
    });
    return {
      rows: rows.map((row, index) => ({ table: pinAttemptsTable, row, isNew: found[index] === null })),
      result: rows.map(({ count }) => count),
    };
  });
}

async function twoStores() {
  const { store, schema, knex, loyalty } = await openShop();
  return { stores: [store, openPostgresStore({ knex: hostKnex(), schema })] as const, knex, loyalty, schema };
}

describe("the rows of merchants' books", () => {
  it('a counter that two stores count up at once, 200 times each and from none, ends at 400', async () => {
    const { stores } = await twoStores();
    const counts = await Promise.all(
      Array.from({ length: 400 }, (_, index) => countAttempts(stores[index % 2] as LoyaltyStore, 'staff:a')),
    );
    const inOrder = counts.flat().sort((a, b) => a - b);
    expect(inOrder).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    const [row] = await stores[1].records(pinAttemptsTable, [keyOf('staff:a')]);
    const since = { since: 7, lockedUntil: null };
    expect(row).toEqual({ merchantId: 'cathay', subject: 'staff:a', count: 400, ...since });
  });

  it('two that are counted together, in either order, are each counted once, and nobody waits in a circle', async () => {
    const { schema } = await twoStores();
    const stores = [0, 1].map(() => openPostgresStore({ knex: hostKnex(), schema, retryForMs: 0 }));
    // The first time rows are made, which may meet.
    await countAttempts(stores[0] as LoyaltyStore, 'staff:a', 'terminal:1');
    const pairs = Array.from({ length: 100 }, (_, index) => {
      const subjects = index % 4 < 2 ? ['staff:a', 'terminal:1'] : ['terminal:1', 'staff:a'];
      return countAttempts(stores[index % 2] as LoyaltyStore, ...subjects);
    });
    await Promise.all(pairs);
    const found = await stores[0]?.records(pinAttemptsTable, [keyOf('staff:a'), keyOf('terminal:1')]);
    expect(found).toMatchObject([{ count: 101 }, { count: 101 }]);
  });

  it('a change that throws writes nothing', async () => {
    const { stores } = await twoStores();
    const failed = stores[0].changeRecords([{ table: pinAttemptsTable, key: keyOf('staff:a') }], () => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await countAttempts(stores[0], 'staff:a')).toEqual([1]);
  });

  it('a merchant that two stores register at once is one, and changes are numbered without a gap', async () => {
    const { stores } = await twoStores();
    const engines = stores.map((store) => createLoyalty({ store }));
    await Promise.all(engines.map(({ merchants }) => merchants.register({ id: 'cathay', name: 'Cathay' })));
    const ids = Array.from({ length: 20 }, (_, index) => `l${String(index).padStart(2, '0')}`);
    await Promise.all(
      ids.map((id, index) =>
        engines[index % 2]?.locations.register({ merchantId: 'cathay', id, name: id, timeZone: 'UTC' }),
      ),
    );
    const changes = await stores[0].recordsIn(changesTable, 'cathay', null, 100);
    expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
    const [merchant] = await stores[0].records(merchantsTable, [['cathay']]);
    expect(merchant).toMatchObject({ changeSeq: 21 });
    const locations = await stores[1].recordsIn(locationsTable, 'cathay', null, 100);
    expect(locations.map(({ locationId }) => locationId)).toEqual(ids);
  });

  it('are read by key, in that order, and page by page by the last column of the key', async () => {
    const { stores, loyalty } = await twoStores();
    const [store] = stores;
    await loyalty.merchants.register({ id: 'cathay', name: 'Cathay' });
    for (const id of ['mall', 'airport', 'station'])
      await loyalty.locations.register({ merchantId: 'cathay', id, name: id, timeZone: 'Asia/Kolkata' });
    const found = await store.records(locationsTable, [
      ['cathay', 'station'],
      ['other', 'mall'],
      ['cathay', 'airport'],
    ]);
    expect(found.map((location) => location?.locationId)).toEqual(['station', undefined, 'airport']);
    expect(await store.records(locationsTable, [])).toEqual([]);
    const idsAfter = async (after: string | null) =>
      (await store.recordsIn(locationsTable, 'cathay', after, 2)).map(({ locationId }) => locationId);
    expect([await idsAfter(null), await idsAfter('mall')]).toEqual([['airport', 'mall'], ['station']]);
    expect(await store.recordsIn(merchantsTable, null, null, 10)).toMatchObject([{ merchantId: 'cathay' }]);
    expect(await store.recordsIn(merchantsTable, null, 'cathay', 10)).toEqual([]);
    const changes = await store.recordsIn(changesTable, 'cathay', 1, 10);
    expect(changes.map(({ seq, subjectId }) => [seq, subjectId])).toEqual([
      [2, 'mall'],
      [3, 'airport'],
      [4, 'station'],
    ]);
  });

  it("inside a caller's transaction they are read, but not changed", async () => {
    const { stores, knex } = await twoStores();
    const [store] = stores;
    await countAttempts(store, 'staff:a');
    await knex.transaction(async (trx) => {
      const inside = store.using(trx);
      expect(await inside.records(pinAttemptsTable, [keyOf('staff:a')])).toMatchObject([{ count: 1 }]);
      expect(await inside.recordsIn(pinAttemptsTable, 'cathay', null, 5)).toHaveLength(1);
      await expect(countAttempts(inside, 'staff:a')).rejects.toMatchObject({ code: 'NOT_IN_A_TRANSACTION' });
    });
    expect(await countAttempts(store, 'staff:a')).toEqual([2]);
  });
});
