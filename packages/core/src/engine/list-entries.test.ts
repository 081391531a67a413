import { memoryStore, overrideStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../commands/outcome.ts';
import { day, member, milesProgram, noon, openShop } from '../fixtures.test-data.ts';
import { type EntryQuery, listEntries } from './list-entries.ts';

const order = (id: string) => ({ id, total: '500' });

/** Two customers of Cathay and one of another merchant, whose program is in yen; each earned a day after the one before. */
async function ledger() {
  const asked: number[] = [];
  const memory = memoryStore();
  const store = overrideStore(memory, {
    entriesAcross: (filter, limit, before) => {
      asked.push(limit);
      return memory.entriesAcross(filter, limit, before);
    },
  });
  const shop = await openShop(store);
  await shop.loyalty.programs.publish(
    milesProgram({}, { id: 'other', merchantId: 'rival', currency: 'JPY' }),
  );
  for (const [index, programId] of ['miles', 'miles', 'other'].entries()) {
    shop.clock.at = noon + index * day;
    unwrap(await shop.loyalty.earn({ programId, customerId: `c${index}`, order: order('A'), actor: 'till' }));
  }
  const list = (query: EntryQuery = {}) => listEntries(store, query, shop.clock.at);
  return { ...shop, list, asked };
}

describe('the list of entries', () => {
  test('says what each entry is, whose, and explains it in the currency of its program', async () => {
    const { list, loyalty } = await ledger();
    const { entries, nextCursor } = await list();
    expect(nextCursor).toBeNull();
    expect(entries.map(({ customerId }) => customerId)).toEqual(['c2', 'c1', 'c0']);
    const [ofOther] = entries;
    const { entries: stated } = await loyalty.statement({ programId: 'other', customerId: 'c2' });
    const [{ projected: _, ...own }] = stated as [(typeof stated)[number]];
    expect(ofOther).toEqual({
      ...own,
      cardId: expect.any(String),
      programId: 'other',
      customerId: 'c2',
      cardNumber: expect.stringMatching(/^\d{4}-\d{4}-\d{4}$/),
    });
    expect(entries[2]?.explanation).not.toEqual(ofOther?.explanation);
  });

  test('asks the store for one entry more than a page has', async () => {
    const { list, asked } = await ledger();
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: first.nextCursor ?? '' });
    expect([first, second].map(({ entries }) => entries.length)).toEqual([2, 1]);
    expect(second.nextCursor).toBeNull();
    await list({ limit: 200 });
    await list();
    expect(asked).toEqual([3, 3, 201, 51]);
  });

  test('asks the store for nothing where the merchant has no program', async () => {
    const { list, asked } = await ledger();
    expect(await list({ merchantId: 'nobody' })).toEqual({ entries: [], nextCursor: null });
    expect(asked).toEqual([]);
  });

  test('has no points that are only due: nobody has written them', async () => {
    const { loyalty, clock } = await openShop(
      memoryStore(),
      milesProgram({ expiry: { kind: 'after-earning', days: 10 } }),
    );
    await loyalty.earn({ ...member, order: order('A') });
    clock.at = noon + 10 * day;
    const kinds = async () => (await loyalty.entries()).entries.map(({ kind }) => kind);
    expect(await kinds()).toEqual(['earn']);
    await loyalty.jobs.expirePoints();
    expect(await kinds()).toEqual(['expire', 'earn']);
  });

  test.each<[string, object]>([
    ['limit', { limit: 201 }],
    ['limit', { limit: 0 }],
    ['kinds', { kinds: [] }],
    ['kinds.0', { kinds: ['gift'] }],
    ['from', { from: 'yesterday' }],
    ['to', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
    ['cursor', { cursor: 'x' }],
    ['cursor', { cursor: '[1,"a"]' }],
    ['cursor', { cursor: '[1,"a",0]' }],
    ['cursor', { cursor: '[1,"a",2147483648]' }],
    ['cursor', { cursor: '[1.5,"a",1]' }],
    ['cursor', { cursor: '[1e300,"a",1]' }],
    ['cursor', { cursor: '[1,"a\\u0000",1]' }],
    ['actor', { actor: '' }],
    ['orderId', { orderId: ' A' }],
    ['customerId', { customerId: 'c0' }],
  ])('refuses a wrong %s: %j', async (field, query) => {
    const { list } = await ledger();
    await expect(list(query as EntryQuery)).rejects.toMatchObject({
      issues: [expect.objectContaining({ code: expect.any(String) })],
      ...(field === 'customerId' ? {} : { field }),
    });
  });
});
