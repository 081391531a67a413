import { createLoyalty, type Ids, nameOfNumber, type Touch, unwrap } from '@loyalty-engine/core';
import { sequentialIds } from '@loyalty-engine/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from './open-sqlite-store.ts';
import { member, program } from './temporary-file.test-data.ts';

const other = { programId: 'miles', customerId: 'rahul' };

/** An engine whose random bytes are all zero for the first cards, so that their numbers collide. */
async function shop(sameCards: number) {
  const store = openSqliteStore({ file: ':memory:' });
  const random = sequentialIds();
  let left = sameCards * 2;
  const ids: Ids = {
    next: () => random.next(),
    bytes(count) {
      left -= 1;
      return left >= 0 ? new Uint8Array(count) : random.bytes(count);
    },
  };
  const loyalty = createLoyalty({ store, ids });
  onTestFinished(() => loyalty.close());
  await loyalty.programs.publish(program);
  return { store, loyalty };
}

const touchOf = (card: Touch['card']): Touch => ({
  card,
  newCard: () => ({ cardId: 'never', number: '', qrToken: '' }),
  keys: [],
  at: 0,
  now: 0,
});

describe('the names of cards', () => {
  it('a number that another card has refuses only the command that would make the card', async () => {
    const { loyalty } = await shop(1_000);
    unwrap(await loyalty.cards.enroll(member));
    const [refused, earned] = await Promise.allSettled([
      loyalty.cards.enroll(other),
      loyalty.earn({ ...member, order: { id: 'o1', total: '50' } }),
    ]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'NAME_TAKEN' } });
    expect(earned).toMatchObject({ status: 'fulfilled', value: { ok: true, points: 50 } });
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 1 });
  });

  it('two cards of one batch with one number: one is made with it, the other with the next', async () => {
    const { loyalty, store } = await shop(2);
    const made = await Promise.all([loyalty.cards.enroll(member), loyalty.cards.enroll(other)]);
    const numbers = made.map((outcome) => unwrap(outcome).cardNumber);
    expect(numbers[0]).not.toBe(numbers[1]);
    const names = store.database.prepare('SELECT count(*) FROM loyalty_names').pluck().get();
    expect(names).toBe(4);
  });

  it('a taken number leaves a transaction of the host as it was', async () => {
    const { loyalty, store } = await shop(1_000);
    unwrap(await loyalty.cards.enroll(member));
    await store.transaction(async (db) => {
      const inside = loyalty.using(db);
      await expect(inside.cards.enroll(other)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
      unwrap(await inside.earn({ ...member, order: { id: 'o1', total: '50' } }));
    });
    expect((await loyalty.balance(member)).available).toBe(50);
  });

  it('a card is one state in a batch, whether it is named by id, by customer or by number', async () => {
    const { store, loyalty } = await shop(0);
    const { cardId, cardNumber } = unwrap(await loyalty.cards.enroll(member));
    const earning = (ref: object, id: string) =>
      loyalty.earn({ ...ref, order: { id, total: '10' } } as Parameters<typeof loyalty.earn>[0]);
    const outcomes = await Promise.all([
      earning({ cardNumber }, 'o1'),
      earning({ cardId }, 'o2'),
      earning(member, 'o3'),
      earning({ cardNumber }, 'o4'),
    ]);
    expect(outcomes.map((outcome) => unwrap(outcome).balance.available)).toEqual([10, 20, 30, 40]);
    const found = await store.load(touchOf({ name: nameOfNumber(cardNumber.replaceAll('-', '')) }));
    expect(found?.card).toMatchObject({ cardId, balance: 40 });
    expect(await store.load(touchOf({ name: nameOfNumber('000000000000') }))).toBeNull();
  });

  it('an anonymised customer has no card any more, and the card goes on under its id', async () => {
    const { store, loyalty } = await shop(0);
    const { cardId } = unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: '10' } }));
    unwrap(await loyalty.cards.anonymise({ cardId, actor: 'admin', reason: 'asked for it' }));
    expect(await store.load(touchOf(member))).toBeNull();
    const kept = await store.load(touchOf({ cardId }));
    expect(kept?.card.customerId).not.toBe(member.customerId);
    expect(await store.load(touchOf({ ...member, customerId: kept?.card.customerId ?? '' }))).not.toBeNull();
    const again = unwrap(await loyalty.earn({ ...member, order: { id: 'o1', total: '10' } }));
    expect(again.cardId).not.toBe(cardId);
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 2 });
  });
});
