import {
  changesTable,
  createLoyalty,
  type LoyaltyStore,
  locationsTable,
  merchantsTable,
  type PinAttempts,
  pinAttemptsTable,
} from '@loyalty-engine/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from './open-sqlite-store.ts';
import { temporaryFile } from './temporary-file.test-data.ts';

const key = ['cathay', 'staff:asha'];

function countAttempt(store: LoyaltyStore): Promise<number> {
  return store.changeRecords([{ table: pinAttemptsTable, key }], ([found]) => {
    const [merchantId = '', subject = ''] = key;
    const before = (found ?? { merchantId, subject, count: 0, since: 7, lockedUntil: null }) as PinAttempts;
    const row: PinAttempts = { ...before, count: before.count + 1 };
    return { rows: [{ table: pinAttemptsTable, row, isNew: found === null }], result: row.count };
  });
}

function openTwo() {
  const file = temporaryFile();
  const stores = [openSqliteStore({ file }), openSqliteStore({ file })] as const;
  onTestFinished(() => {
    for (const { database } of stores) database.close();
  });
  return stores;
}

describe("the rows of merchants' books", () => {
  it('a counter that two connections count up at once, 200 times each, ends at 400', async () => {
    const [first, second] = openTwo();
    const counts = await Promise.all(
      Array.from({ length: 400 }, (_, index) => countAttempt(index % 2 === 0 ? first : second)),
    );
    expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
    const [row] = await second.records(pinAttemptsTable, [key]);
    expect(row).toEqual({
      merchantId: 'cathay',
      subject: 'staff:asha',
      count: 400,
      since: 7,
      lockedUntil: null,
    });
  });

  it('a change that throws writes nothing', async () => {
    const [store] = openTwo();
    const failed = store.changeRecords([{ table: pinAttemptsTable, key }], () => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await countAttempt(store)).toBe(1);
  });

  it('rows are read by key, in that order, and page by page by the last column of the key', async () => {
    const [store] = openTwo();
    const loyalty = createLoyalty({ store });
    await loyalty.merchants.register({ id: 'cathay', name: 'Cathay' });
    for (const id of ['mall', 'airport', 'station'])
      await loyalty.locations.register({ merchantId: 'cathay', id, name: id, timeZone: 'Asia/Kolkata' });
    const found = await store.records(locationsTable, [
      ['cathay', 'station'],
      ['other', 'mall'],
      ['cathay', 'airport'],
    ]);
    expect(found.map((location) => location?.locationId)).toEqual(['station', undefined, 'airport']);
    const idsAfter = async (after: string | null) =>
      (await store.recordsIn(locationsTable, 'cathay', after, 2)).map(({ locationId }) => locationId);
    expect([await idsAfter(null), await idsAfter('mall')]).toEqual([['airport', 'mall'], ['station']]);
    expect(await store.recordsIn(merchantsTable, null, null, 10)).toMatchObject([{ merchantId: 'cathay' }]);
    const changes = await store.recordsIn(changesTable, 'cathay', 1, 10);
    expect(changes.map(({ seq, subjectId }) => [seq, subjectId])).toEqual([
      [2, 'mall'],
      [3, 'airport'],
      [4, 'station'],
    ]);
  });

  it('inside a transaction of the host they are read, but not changed', async () => {
    const [store] = openTwo();
    await countAttempt(store);
    await store.transaction(async (db) => {
      const inside = store.using(db);
      expect(await inside.records(pinAttemptsTable, [key])).toMatchObject([{ count: 1 }]);
      await expect(countAttempt(inside)).rejects.toMatchObject({ code: 'NOT_IN_A_TRANSACTION' });
    });
    expect(await countAttempt(store)).toBe(2);
  });
});
