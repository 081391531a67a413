import { inspect } from 'node:util';
import { createLoyalty, type Ids, nameOfNumber, type Touch, unwrap } from '@loyalty-engine/core';
import { sequentialIds } from '@loyalty-engine/testing';
import { describe, expect, it } from 'vitest';
import { openShop } from '../test/open-shop.ts';
import { member } from '../test/program.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const other = { programId: 'miles', customerId: 'rahul' };
const order = (id: string) => ({ order: { id, total: '50' } });

/** Ids whose random bytes are all zero for the first cards, so that their numbers and tokens collide. */
function idsOf(sameCards: number, prefix = 'id'): Ids {
  const random = sequentialIds(prefix);
  let left = sameCards * 2;
  return {
    next: () => random.next(),
    bytes(count) {
      left -= 1;
      return left >= 0 ? new Uint8Array(count) : random.bytes(count);
    },
  };
}

async function shopWith(sameCards: number) {
  const { store, schema, knex } = await openShop();
  return { store, schema, knex, loyalty: createLoyalty({ store, ids: idsOf(sameCards) }) };
}

const touchOf = (card: Touch['card']): Touch => ({
  card,
  newCard: () => ({ cardId: 'never', number: '', qrToken: '' }),
  keys: [],
  at: 0,
  now: 0,
});

describe('a name that another card has', () => {
  it('refuses the one command of a batch that would take it', async () => {
    const { loyalty } = await shopWith(1_000);
    unwrap(await loyalty.cards.enroll(member));
    const [refused, ...earned] = await Promise.allSettled([
      loyalty.cards.enroll(other),
      ...Array.from({ length: 20 }, (_, index) => loyalty.earn({ ...member, ...order(`o${index}`) })),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'NAME_TAKEN' } });
    for (const each of earned) expect(each).toMatchObject({ status: 'fulfilled', value: { ok: true } });
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 1, entries: 20 });
  });

  it('is not quoted in the error, nor in what caused it', async () => {
    const { loyalty } = await shopWith(1_000);
    const { cardNumber } = unwrap(await loyalty.cards.enroll(member));
    const { qrToken } = await loyalty.cards.get(member);
    const refused = await loyalty.cards.enroll(other).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'NAME_TAKEN' });
    const told = inspect(refused, { depth: 10, showHidden: true });
    for (const secret of [cardNumber.replaceAll('-', ''), qrToken, qrToken.slice(0, 16)])
      expect(told).not.toContain(secret);
  });

  it('that is made in the same batch goes to one of the two, and the other takes the next', async () => {
    const { loyalty, knex, schema } = await shopWith(2);
    const made = await Promise.all([loyalty.cards.enroll(member), loyalty.cards.enroll(other)]);
    const [one, two] = made.map((outcome) => unwrap(outcome).cardNumber);
    expect(one).not.toBe(two);
    expect(await knex.withSchema(schema).table('names')).toHaveLength(4);
  });

  it('that is made by two stores at once goes to one of them, and nobody waits in a circle', async () => {
    const { knex, schema } = await shopWith(0);
    const engines = ['a', 'b'].map((prefix) =>
      createLoyalty({ store: openPostgresStore({ knex, schema, retryForMs: 0 }), ids: idsOf(1, prefix) }),
    );
    const made = await Promise.all(
      engines.map((engine, index) => engine.cards.enroll({ programId: 'miles', customerId: `c${index}` })),
    );
    const [one, two] = made.map((outcome) => unwrap(outcome).cardNumber);
    expect(one).not.toBe(two);
  });

  it("leaves the caller's transaction as it was", async () => {
    const { loyalty, knex } = await shopWith(1_000);
    unwrap(await loyalty.cards.enroll(member));
    await knex.transaction(async (trx) => {
      const inside = loyalty.using(trx);
      await expect(inside.cards.enroll(other)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
      unwrap(await inside.earn({ ...member, ...order('o1') }));
    });
    expect((await loyalty.balance(member)).available).toBe(50);
  });
});

describe('a card', () => {
  it('is one state in a batch, whether it is named by id, by customer, by number or by QR token', async () => {
    const { store, loyalty } = await shopWith(0);
    const { cardId, cardNumber } = unwrap(await loyalty.cards.enroll(member));
    const { qrToken } = await loyalty.cards.get(member);
    const outcomes = await Promise.all([
      loyalty.earn({ cardNumber, ...order('o1') }),
      loyalty.earn({ cardId, ...order('o2') }),
      loyalty.earn({ ...member, ...order('o3') }),
      loyalty.earn({ qrToken, ...order('o4') }),
      loyalty.earn({ cardNumber, ...order('o5') }),
    ]);
    const balances = outcomes.map((outcome) => unwrap(outcome).balance.available);
    expect(balances).toEqual([50, 100, 150, 200, 250]);
    const found = await store.load(touchOf({ name: nameOfNumber(cardNumber.replaceAll('-', '')) }));
    expect(found?.card).toMatchObject({ cardId, balance: 250 });
    expect(await store.load(touchOf({ name: nameOfNumber('000000000000') }))).toBeNull();
  });

  it('whose QR token is changed while commands by the old one wait is not found by them', async () => {
    const { loyalty, knex, schema } = await shopWith(0);
    const till = createLoyalty({ store: openPostgresStore({ knex, schema }) });
    unwrap(await loyalty.cards.enroll(member));
    const { qrToken } = await loyalty.cards.get(member);
    const { rotated, earned } = await knex.transaction(async (trx) => {
      const rotated = unwrap(
        await loyalty.using(trx).cards.rotateQr({ ...member, actor: 'clerk', reason: 'lost' }),
      );
      // It finds the card by the old name, and waits for it.
      const earned = till.earn({ qrToken, ...order('o1') });
      await expect.poll(() => waiting(knex, schema)).toBe(1);
      return { rotated, earned };
    });
    expect(rotated.cardId).toBeDefined();
    expect(await earned).toMatchObject({ ok: false, code: 'CARD_NOT_FOUND' });
    const { qrToken: changed } = await loyalty.cards.get(member);
    expect(await till.earn({ qrToken: changed, ...order('o1') })).toMatchObject({ ok: true });
    expect(await knex.withSchema(schema).table('names')).toHaveLength(2);
  });

  it('of a customer who is anonymised is nobody’s, while one who comes back at that moment gets another', async () => {
    const { store, loyalty, knex, schema } = await shopWith(0);
    const till = createLoyalty({ store: openPostgresStore({ knex, schema }) });
    const { cardId } = unwrap(await loyalty.earn({ ...member, ...order('o1') }));
    const { again } = await knex.transaction(async (trx) => {
      const gone = { cardId, actor: 'admin', reason: 'asked for it' };
      unwrap(await loyalty.using(trx).cards.anonymise(gone));
      const again = till.earn({ ...member, ...order('o1') });
      await expect.poll(() => waiting(knex, schema)).toBe(1);
      return { again };
    });
    const kept = await store.load(touchOf({ cardId }));
    expect(kept?.card.customerId).not.toBe(member.customerId);
    expect(unwrap(await again).cardId).not.toBe(cardId);
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 2 });
  });
});

/** How many statements on a schema wait for a lock. */
async function waiting(knex: Awaited<ReturnType<typeof openShop>>['knex'], schema: string): Promise<number> {
  const { rows } = await knex.raw(
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE ?",
    [`%${schema}%`],
  );
  return Number(rows[0].count);
}
