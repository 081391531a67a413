import { createLoyalty, type Touch, unwrap } from '@loyalty-engine/core';
import { describe, expect, it } from 'vitest';
import { openShop } from '../test/open-shop.ts';
import { member } from '../test/program.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const merchantId = 'cathay';
const order = (id: string) => ({ ...member, order: { id, total: '50' } });
const touch: Touch = {
  card: member,
  newCard: () => ({ cardId: 'never', number: '', qrToken: '' }),
  keys: [],
  at: 0,
  now: 0,
};

/** A shop of a registered merchant that has settled, and the engine of another process. */
async function companyShop() {
  const shop = await openShop();
  const { store, loyalty, knex, schema } = shop;
  const other = createLoyalty({ store: openPostgresStore({ knex, schema }) });
  await other.merchants.register({ id: merchantId, name: 'Cathay' });
  unwrap(await loyalty.earn(order('o1')));
  const terms = async () => (await store.load(touch))?.merchant;
  return { ...shop, other, terms };
}

describe('merchants', () => {
  it('registered, configured and given locations by another process are known from the next command on', async () => {
    const { loyalty, other, terms } = await companyShop();
    expect((await terms())?.merchant).toMatchObject({ merchantId, name: 'Cathay' });
    await other.locations.register({ merchantId, id: 'mall', name: 'Mall', timeZone: 'Asia/Kolkata' });
    expect(unwrap(await loyalty.earn({ ...order('o2'), locationId: 'mall' })).points).toBe(50);
    expect((await terms())?.locations.get('mall')).toMatchObject({ name: 'Mall', status: 'open' });
    await other.merchants.configure({
      merchantId,
      settings: { requireOrderReference: true },
      actor: 'admin',
    });
    expect(await loyalty.redeem({ ...member, points: 1 })).toMatchObject({ ok: false });
    await other.merchants.configure({
      merchantId,
      settings: { requireOrderReference: false },
      actor: 'admin',
    });
    unwrap(await loyalty.redeem({ ...member, points: 1 }));
  });

  it('that did not change stay the same object', async () => {
    const { loyalty, other, terms } = await companyShop();
    const before = await terms();
    unwrap(await loyalty.earn(order('o2')));
    await other.merchants.register({ id: merchantId, name: 'Cathay' });
    expect(await terms()).toBe(before);
  });

  it('are the same object for all cards of a batch, new ones and such as are named by id or number', async () => {
    const { store, terms, loyalty } = await companyShop();
    const { cardId } = unwrap(await loyalty.earn(order('o2')));
    const { cardNumber } = await loyalty.cards.get({ cardId });
    const known = await terms();
    const seen: unknown[] = [];
    const cards: Touch['card'][] = [
      { cardId },
      { name: `number:${cardNumber.replaceAll('-', '')}` },
      { programId: 'miles', customerId: 'newcomer' },
    ];
    const work = cards.map((card) => ({
      touches: [{ ...touch, card }],
      keys: [],
      fingerprint: '',
      decide([state]: readonly { merchant: unknown }[]) {
        seen.push(state?.merchant);
        throw new Error('only looks');
      },
    }));
    await store.settle(work);
    expect(seen).toEqual([known, known, known]);
    for (const each of seen) expect(each).toBe(known);
  });

  it('that the database has lost are not there any more, and others of that id take their place', async () => {
    const { knex, schema, other, terms } = await companyShop();
    for (const table of ['merchant_changes', 'merchants']) await knex.raw(`DELETE FROM "${schema}".${table}`);
    expect(await terms()).toBeNull();
    await other.merchants.register({ id: merchantId, name: 'Pacific' });
    expect((await terms())?.merchant.name).toBe('Pacific');
  });

  it('that were never registered are none', async () => {
    const { loyalty, store } = await openShop();
    unwrap(await loyalty.earn(order('o1')));
    expect((await store.load(touch))?.merchant).toBeNull();
  });
});
