import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../commands/outcome.ts';
import { LoyaltyError } from '../errors.ts';
import {
  coffeeStamps,
  member,
  milesProgram,
  minute,
  noon,
  openShop,
  snapshot,
} from '../fixtures.test-data.ts';
import { randomIds } from '../ports/ids.ts';
import type { LoyaltyStore, Work } from '../ports/loyalty-store.ts';
import { countingHasher } from './company.test-data.ts';
import { createLoyalty } from './create-loyalty.ts';

const stamps = milesProgram({}, { stamps: coffeeStamps() });
const cards = (store: LoyaltyStore = memoryStore()) => openShop(store, stamps);
const why = { reason: 'two cards', actor: 'anita' };
const rahul = { ...member, customerId: 'rahul' };

/** A store whose first settles fail as it is told. */
function failing(times: number, error: () => Error) {
  const memory = memoryStore();
  const settled: Work[] = [];
  const settle: LoyaltyStore['settle'] = async (work) => {
    settled.push(...work);
    if (settled.length > times) return memory.settle(work);
    return work.map(() => ({ error: error() }));
  };
  return { store: { ...memory, settle }, settled };
}
const taken = () => new LoyaltyError('NAME_TAKEN', 'taken');

describe('a random name that is taken', () => {
  test('is drawn again', async () => {
    const { store, settled } = failing(3, taken);
    const { loyalty } = await cards(store);
    expect(await loyalty.stamp(member)).toMatchObject({ ok: true });
    expect(settled).toHaveLength(4);
    const drawn = settled.map(({ touches }) => touches[0]?.newCard().number);
    expect(new Set(drawn).size).toBe(4);
  });

  test('again and again is an error: the random numbers are none', async () => {
    const { store, settled } = failing(100, taken);
    const { loyalty } = await cards(store);
    await expect(loyalty.stamp(member)).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    expect(settled).toHaveLength(10);
  });

  test('is the only error that is tried again, beside that of a customer who was renamed', async () => {
    const { store, settled } = failing(1, () => new Error('connection lost'));
    const { loyalty } = await cards(store);
    await expect(loyalty.stamp(member)).rejects.toThrow('connection lost');
    expect(settled).toHaveLength(1);
    const renamed = failing(1, () => new LoyaltyError('CARD_RENAMED', 'gone'));
    expect(await (await cards(renamed.store)).loyalty.stamp(member)).toMatchObject({ ok: true });
  });

  test.each([
    ['of the same card', member],
    ['of another card', rahul],
  ])('is so in a voucher too: one %s', async (_whose, other) => {
    const store = memoryStore();
    let again = false;
    // Voucher codes take 12 bytes: always the same ones, but for those that are drawn again.
    const bytes = (count: number) => {
      const isSame = count === 12 && !again;
      return isSame ? new Uint8Array(12).fill(7) : globalThis.crypto.getRandomValues(new Uint8Array(count));
    };
    const loyalty = createLoyalty({ store, ids: { ...randomIds, bytes } });
    await loyalty.programs.publish(milesProgram({}, { stamps: coffeeStamps({ target: 1 }) }));
    for (const one of [member, member, other]) await loyalty.stamp(one);
    const first = unwrap(await loyalty.redeemStamps(member));
    const { settle } = store;
    store.settle = async (work) => {
      again = true;
      return settle(work);
    };
    const second = unwrap(await loyalty.redeemStamps(other));
    expect(first.voucherCode).toBe('7777-7777-7777');
    expect(second.voucherCode).not.toBe(first.voucherCode);
    for (const { voucherCode: code } of [first, second])
      expect(await loyalty.rewards.use({ code })).toMatchObject({ ok: true });
    expect((await loyalty.verify()).problems).toEqual([]);
  });
});

describe('a card that was merged', () => {
  test('is not used any more, however it is named: the refusal says which card is', async () => {
    const { loyalty } = await cards();
    const old = unwrap(await loyalty.cards.enroll(rahul));
    const { cardId } = unwrap(await loyalty.cards.enroll(member));
    const { qrToken } = await loyalty.cards.get(rahul);
    unwrap(await loyalty.cards.merge({ from: rahul, into: member, ...why }));
    for (const name of [rahul, { cardId: old.cardId }, { cardNumber: old.cardNumber }, { qrToken }])
      expect(await loyalty.stamp(name)).toMatchObject({ ok: false, code: 'CARD_MERGED', cardId });
    expect(await loyalty.cards.enroll(rahul)).toMatchObject({ code: 'CARD_MERGED', cardId });
  });

  test('still takes returns of its orders: what they take is taken where the points are now', async () => {
    const { loyalty } = await cards();
    await loyalty.earn({ ...rahul, order: { id: 'A', total: '500' } });
    await loyalty.cards.enroll(member);
    unwrap(await loyalty.cards.merge({ from: rahul, into: member, ...why }));
    expect((await loyalty.balance(member)).available).toBe(50);
    const back = { ...rahul, orderId: 'A', reason: 'return' };
    expect(await loyalty.refund(back)).toMatchObject({ ok: true, pointsClawedBack: 50 });
    expect(await loyalty.balance(member)).toMatchObject({ available: 0, debt: 0 });
    expect(await loyalty.balance(rahul)).toMatchObject({ available: 0, debt: 0, total: 0 });
    expect(await loyalty.refund(back)).toMatchObject({ ok: true, replayed: true });
    expect((await loyalty.verify()).problems).toEqual([]);
  });

  test('is settled on the last of several: points, stamps and returns end there', async () => {
    const { loyalty } = await cards();
    const chain = ['a', 'b', 'c', 'd'].map((customerId) => ({ ...member, customerId }));
    const [first, , , last] = chain as [typeof member, typeof member, typeof member, typeof member];
    await loyalty.earn({ ...first, order: { id: 'A', total: '500' } });
    for (const one of chain) await loyalty.stamp(one);
    for (const [index, from] of chain.slice(0, -1).entries()) {
      const into = chain[index + 1] as typeof member;
      unwrap(await loyalty.cards.merge({ from, into, ...why }));
    }
    expect(await loyalty.cards.get(last)).toMatchObject({ stamps: { count: 4 }, points: { available: 50 } });
    expect(await loyalty.refund({ ...first, orderId: 'A', amount: '200', reason: 'return' })).toMatchObject({
      pointsClawedBack: 20,
    });
    expect(await loyalty.balance(last)).toMatchObject({ available: 30, debt: 0 });
    for (const one of chain.slice(0, -1)) expect((await loyalty.balance(one)).total).toBe(0);
    expect((await loyalty.verify()).problems).toEqual([]);
  });

  test('answers a merge with a key of the caller with the first outcome again', async () => {
    const { loyalty } = await cards();
    await loyalty.stamp(rahul);
    await loyalty.stamp(member);
    const once = { from: rahul, into: member, ...why, idempotencyKey: 'merge-1' };
    const first = unwrap(await loyalty.cards.merge(once));
    expect(await loyalty.cards.merge(once)).toEqual({ ...first, replayed: true });
    expect(await loyalty.cards.merge({ ...once, reason: 'other' })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
  });
});

describe('a customer who was forgotten', () => {
  test('is a new one when they come back', async () => {
    const { loyalty } = await cards();
    const { cardId } = unwrap(await loyalty.stamp(member));
    const { customerId } = unwrap(await loyalty.cards.anonymise({ ...member, ...why }));
    const fresh = unwrap(await loyalty.stamp(member));
    expect(fresh).toMatchObject({ stamps: 1 });
    expect(fresh.cardId).not.toBe(cardId);
    expect(await loyalty.cards.get({ cardId })).toMatchObject({ customerId, status: 'inactive' });
    expect(await loyalty.stamp({ cardId })).toMatchObject({ code: 'CARD_INACTIVE' });
  });

  test('in the very moment of a command gets a card of their own, and none is lost', async () => {
    const { loyalty } = await cards();
    await loyalty.stamp(member);
    const [forgotten, stamped] = await Promise.all([
      loyalty.cards.anonymise({ ...member, ...why }),
      loyalty.stamp(member),
    ]);
    expect([forgotten.ok, stamped.ok]).toEqual([true, true]);
    expect((await loyalty.verify()).problems).toEqual([]);
  });
});

describe('keys', () => {
  test('an order stamps once; voided, it can be stamped again', async () => {
    const { loyalty } = await cards();
    const visit = { ...member, orderId: 'ORDER123' };
    const first = unwrap(await loyalty.stamp(visit));
    expect(await loyalty.stamp(visit)).toEqual({ ...first, replayed: true });
    expect(await loyalty.stamp({ ...visit, idempotencyKey: 'mine' })).toMatchObject({ replayed: true });
    unwrap(await loyalty.voidStamp({ ...member, entry: first.entry, reason: 'mistake' }));
    expect(await loyalty.stamp(visit)).toMatchObject({ ok: true, replayed: false, stamps: 1 });
    expect(await loyalty.stamp(visit)).toMatchObject({ replayed: true });
  });

  // A card forgets visits beyond its 200 last: one that it had forgotten was taken for a voided one.
  test('an order stamps once also where the card has had more visits since than it remembers', async () => {
    const { loyalty, clock } = await cards();
    const visit = { ...member, orderId: 'ORDER123' };
    await loyalty.stamp(visit);
    for (let index = 0; index < 201; index += 1) {
      clock.at += minute;
      await loyalty.stamp(member);
    }
    expect(await loyalty.stamp(visit)).toMatchObject({ replayed: true });
  });

  test('a reward and a stamp are voided once; a void under a key of the caller is the same void again', async () => {
    const { loyalty } = await openShop(
      memoryStore(),
      milesProgram({}, { stamps: coffeeStamps({ target: 1 }) }),
    );
    const { entry } = unwrap(await loyalty.stamp(member));
    const { voucherCode: code } = unwrap(await loyalty.redeemStamps(member));
    const back = { code, reason: 'return', idempotencyKey: 'void-1' };
    expect(await loyalty.rewards.void(back)).toMatchObject({ ok: true, replayed: false });
    expect(await loyalty.rewards.void(back)).toMatchObject({ ok: true, replayed: true });
    expect(await loyalty.rewards.void({ ...back, idempotencyKey: 'other' })).toMatchObject({
      code: 'VOUCHER_VOID',
    });
    const undo = { ...member, entry, reason: 'mistake', idempotencyKey: 'void-2' };
    expect(await loyalty.voidStamp(undo)).toMatchObject({ ok: true, replayed: false });
    expect(await loyalty.voidStamp(undo)).toMatchObject({ ok: true, replayed: true });
    expect(await loyalty.voidStamp({ ...undo, idempotencyKey: 'other' })).toMatchObject({
      code: 'ENTRY_ALREADY_REVERSED',
    });
  });

  test('a reward under a key gives the same voucher again; without one each call is a new one', async () => {
    const { loyalty } = await openShop(
      memoryStore(),
      milesProgram({}, { stamps: coffeeStamps({ target: 1 }) }),
    );
    for (let visit = 0; visit < 3; visit += 1) await loyalty.stamp(member);
    const once = { ...member, idempotencyKey: 'coffee-1' };
    const first = unwrap(await loyalty.redeemStamps(once));
    expect(await loyalty.redeemStamps(once)).toEqual({ ...first, replayed: true });
    expect(unwrap(await loyalty.redeemStamps(member)).voucherCode).not.toBe(first.voucherCode);
  });
});

describe('a card of another merchant', () => {
  test('is not found, in the same words as one that is not there', async () => {
    const { loyalty } = await cards();
    const { cardId } = unwrap(await loyalty.stamp(member));
    const foreign = await loyalty.stamp({ cardId, merchantId: 'rival' });
    expect(foreign).toEqual(await loyalty.stamp({ cardId: 'none', merchantId: 'rival' }));
    expect(foreign).toMatchObject({ ok: false, code: 'CARD_NOT_FOUND' });
    expect(await loyalty.stamp({ cardId, merchantId: 'cathay' })).toMatchObject({ ok: true, stamps: 2 });
  });

  test('nor is its voucher', async () => {
    const { loyalty } = await openShop(
      memoryStore(),
      milesProgram({}, { stamps: coffeeStamps({ target: 1 }) }),
    );
    await loyalty.stamp(member);
    const { voucherCode: code } = unwrap(await loyalty.redeemStamps(member));
    const foreign = await loyalty.rewards.use({ code, merchantId: 'rival' });
    expect(foreign).toEqual(await loyalty.rewards.use({ code: '0000-0000-0000', merchantId: 'rival' }));
    expect(foreign).toMatchObject({ ok: false, code: 'VOUCHER_NOT_FOUND' });
  });
});

describe('a PIN', () => {
  const pin = '482913';

  async function company() {
    const { hasher, made } = countingHasher();
    const clock = { at: noon, now: () => clock.at };
    const loyalty = createLoyalty({ store: memoryStore(), clock, pins: hasher });
    await loyalty.merchants.register({ id: 'cathay', name: 'Cathay' });
    const settings = { staffPin: { stamp: 'required' as const } };
    await loyalty.merchants.configure({ merchantId: 'cathay', settings, actor: 'anita' });
    const ravi = { merchantId: 'cathay', id: 'ravi', name: 'Ravi', role: 'cashier', pin, actor: 'anita' };
    await loyalty.staff.register(ravi);
    await loyalty.programs.publish(stamps);
    return { loyalty, made };
  }
  const by = (text: string) => ({ staff: { staffId: 'ravi', pin: text, terminalId: 'till-1' } });

  test('is checked where it is asked for, and the entry says whose it was', async () => {
    const { loyalty } = await company();
    const stamped = unwrap(await loyalty.stamp({ ...member, ...by(pin) }));
    expect(stamped.entries[0]?.staffId).toBe('ravi');
    expect(snapshot(stamped)).not.toContain(pin);
  });

  test('that is wrong gives nothing away and writes nothing', async () => {
    const { loyalty } = await company();
    const refusal = await loyalty.stamp({ ...member, ...by('482914') });
    expect(refusal).toMatchObject({ ok: false, code: 'PIN_WRONG', attemptsLeft: 4 });
    expect(snapshot(refusal)).not.toContain('482914');
    await expect(loyalty.cards.get(member)).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
  });

  test('is not asked for where the command would be refused anyway', async () => {
    const { loyalty, made } = await company();
    await loyalty.stamp({ ...member, ...by(pin) });
    unwrap(await loyalty.cards.deactivate({ ...member, ...why }));
    const { length } = made.verified;
    expect(await loyalty.stamp({ ...member, ...by(pin) })).toMatchObject({ code: 'CARD_INACTIVE' });
    expect(made.verified).toHaveLength(length);
  });

  test('is no part of what a key stands for: the same visit confirmed again replays', async () => {
    const { loyalty } = await company();
    const visit = { ...member, orderId: 'ORDER123' };
    const first = unwrap(await loyalty.stamp({ ...visit, ...by(pin) }));
    expect(await loyalty.stamp({ ...visit, ...by(pin) })).toEqual({ ...first, replayed: true });
    const checked = await loyalty.staff.checkPin({ merchantId: 'cathay', ...by(pin).staff });
    if (!checked.ok) throw new Error(checked.code);
    expect(await loyalty.stamp({ ...visit, staff: checked.proof })).toEqual({ ...first, replayed: true });
  });

  describe('that earning asks for', () => {
    async function strict() {
      const { loyalty } = await company();
      const settings = { staffPin: { stamp: 'off' as const, earn: 'required' as const } };
      await loyalty.merchants.configure({ merchantId: 'cathay', settings, actor: 'anita' });
      const source = { type: 'test', id: 'gift' };
      unwrap(await loyalty.award({ ...member, points: 10, source, reason: 'Test' }));
      return loyalty;
    }
    const order = { id: 'ORDER123', total: '1000' };

    test('is asked for by a checkout that starts, whose entries say who confirmed it', async () => {
      const loyalty = await strict();
      const wish = { ...member, order, points: 1 };
      expect(await loyalty.checkout.start(wish)).toMatchObject({ code: 'PIN_REQUIRED' });
      const { holdId } = unwrap(await loyalty.checkout.start({ ...wish, ...by(pin) }));
      const done = unwrap(await loyalty.checkout.complete({ ...member, holdId }));
      expect(done.entries.map(({ kind, staffId }) => [kind, staffId])).toEqual([
        ['redeem', 'ravi'],
        ['earn', 'ravi'],
      ]);
    });

    test('is asked for by the end of a checkout that began as a hold', async () => {
      const loyalty = await strict();
      const { holdId } = unwrap(await loyalty.hold({ ...member, order, points: 1 }));
      expect(await loyalty.checkout.complete({ ...member, holdId })).toMatchObject({ code: 'PIN_REQUIRED' });
      const done = unwrap(await loyalty.checkout.complete({ ...member, holdId, ...by(pin) }));
      expect(done.entries.map(({ staffId }) => staffId)).toEqual(['ravi', 'ravi']);
    });

    test('is remembered by the same hold again', async () => {
      const loyalty = await strict();
      const wish = { ...member, order, points: 1 };
      const { holdId } = unwrap(await loyalty.hold(wish));
      expect(unwrap(await loyalty.checkout.start({ ...wish, ...by(pin) })).holdId).toBe(holdId);
      const done = unwrap(await loyalty.checkout.complete({ ...member, holdId }));
      expect(done.entries.at(-1)).toMatchObject({ kind: 'earn', staffId: 'ravi' });
    });
  });
});
