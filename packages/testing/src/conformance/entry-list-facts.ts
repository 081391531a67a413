import { type EntryPage, type EntryQuery, type Loyalty, unwrap } from '@loyalty-engine/core';
import { actor, bandra, companyWith, merchantId, newYork, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { publishMug } from './reward-facts.ts';
import { member, type Shop } from './shop.ts';
import { companyWithStaff, pin, staffId, terminalId } from './staff-shop.ts';

const { programId } = member;
const order = (id: string) => ({ id, total: '500' });
const customer = (customerId: string, its: string = programId) => ({ programId: its, customerId });

/** All entries that a query finds, page by page. */
async function allOf(loyalty: Loyalty, query: EntryQuery): Promise<EntryPage['entries']> {
  const found: EntryPage['entries'] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await loyalty.entries(cursor === undefined ? query : { ...query, cursor });
    found.push(...page.entries);
    cursor = page.nextCursor;
  }
  return found;
}

/** What a query finds: whose entries, and of which kind. */
async function found(loyalty: Loyalty, query: EntryQuery = {}): Promise<string[]> {
  const entries = await allOf(loyalty, query);
  return entries.map(({ customerId, kind }) => `${customerId} ${kind}`);
}

/** Four customers in two programs of one merchant and one of another, a minute apart. */
async function tradeIn({ loyalty, clock, publish }: Shop): Promise<void> {
  await publish({ id: 'second' });
  unwrap(await loyalty.earn({ ...customer('a'), order: order('A1'), locationId: bandra, actor: 'till-1' }));
  clock.set('2026-01-15T10:01:00.000Z');
  unwrap(await loyalty.earn({ ...customer('b'), order: order('B1'), locationId: newYork }));
  clock.set('2026-01-15T10:02:00.000Z');
  unwrap(await loyalty.redeem({ ...customer('a'), points: 20, locationId: newYork }));
  clock.set('2026-01-15T10:03:00.000Z');
  unwrap(await loyalty.earn({ ...customer('c', 'second'), order: order('A1'), locationId: bandra }));
  clock.set('2026-01-15T10:04:00.000Z');
  const its = { ...customer('d', rival.programId), locationId: rival.locationId };
  unwrap(await loyalty.earn({ ...its, order: order('A1'), actor: 'till-1' }));
  clock.set('2026-01-15T10:05:00.000Z');
  unwrap(await loyalty.refund({ ...customer('a'), orderId: 'A1', reason: 'returned', actor: 'till-1' }));
}

const everything = ['a claw-back', 'd earn', 'c earn', 'a redeem', 'b earn', 'a earn'];

/** Lists of entries of all cards. */
export const entryListFacts: Facts = {
  ...factsIn(companyWith(), {
    'where nothing was written there are no entries': async ({ loyalty }, expect) => {
      const none = { entries: [], nextCursor: null };
      expect(await loyalty.entries()).toEqual(none);
      expect(await loyalty.entries({ programId })).toEqual(none);
      expect(await loyalty.entries({ merchantId: 'nobody' })).toEqual(none);
      expect(await loyalty.entries({ orderId: 'A1' })).toEqual(none);
    },

    'entries of all cards come the last one written first, each as its statement has it, with whose it is':
      async (shop, expect) => {
        const { loyalty } = shop;
        await tradeIn(shop);
        const entries = await allOf(loyalty, { limit: 3 });
        const times = entries.map(({ recordedAt }) => recordedAt);
        expect(times).toEqual([...times].sort().reverse());
        const { cards } = await loyalty.cards.list();
        for (const { cardId, customerId, programId: its, cardNumber } of cards) {
          const statement = await loyalty.statement({ cardId });
          const own = statement.entries.toReversed().map(({ projected: _, ...entry }) => ({
            ...entry,
            cardId,
            customerId,
            programId: its,
            cardNumber,
          }));
          expect(entries.filter((entry) => entry.cardId === cardId)).toEqual(own);
          expect(await allOf(loyalty, { cardId, limit: 1 })).toEqual(own);
        }
      },

    'entries are chosen by program, merchant, card, kind, place, order, actor and time of writing': async (
      shop,
      expect,
    ) => {
      const { loyalty } = shop;
      await tradeIn(shop);
      const { cardId } = await loyalty.cards.get(customer('a'));
      const list = (query: EntryQuery) => found(loyalty, query);
      const all = await list({});
      expect(all).toEqual(everything);
      const of = (...who: string[]) => all.filter((entry) => who.includes(entry.charAt(0)));
      expect(await list({ programId })).toEqual(of('a', 'b'));
      expect(await list({ merchantId })).toEqual(of('a', 'b', 'c'));
      expect(await list({ merchantId, programId: 'second' })).toEqual(of('c'));
      expect(await list({ cardId })).toEqual(of('a'));
      expect(await list({ cardId, programId, merchantId })).toEqual(of('a'));
      expect(await list({ kinds: ['earn'] })).toEqual(['d earn', 'c earn', 'b earn', 'a earn']);
      expect(await list({ kinds: ['redeem', 'stamp'], programId })).toEqual(['a redeem']);
      expect(await list({ kinds: ['expire'] })).toEqual([]);
      expect(await list({ locationId: bandra })).toEqual(['c earn', 'a earn']);
      expect(await list({ locationId: newYork, cardId })).toEqual(['a redeem']);
      expect(await list({ orderId: 'A1' })).toEqual(['a claw-back', 'd earn', 'c earn', 'a earn']);
      expect(await list({ orderId: 'A1', programId: 'second' })).toEqual(['c earn']);
      expect(await list({ orderId: 'A1', cardId, kinds: ['earn'] })).toEqual(['a earn']);
      expect(await list({ orderId: 'A' })).toEqual([]);
      expect(await list({ actor: 'till-1', kinds: ['earn'] })).toEqual(['d earn', 'a earn']);
      expect(await list({ actor })).toEqual([]);
      const [from, to] = ['2026-01-15T10:01:00Z', '2026-01-15T10:03:00Z'];
      expect(await list({ from, to })).toEqual(['a redeem', 'b earn']);
      expect(await list({ from: to })).toEqual(all.slice(0, -3));
      expect(await list({ to: from })).toEqual(['a earn']);
      expect(await list({ from, to: from })).toEqual([]);
      expect(await list({ from, to, cardId })).toEqual(['a redeem']);
      expect(await list({ orderId: 'A1', from, to: '2026-01-15T10:04:00Z' })).toEqual(['c earn']);
    },

    'a page ends between entries of one instant, and the next one goes on behind it': async (
      { loyalty, clock },
      expect,
    ) => {
      const customers = ['a', 'b', 'c', 'd', 'e'].map((id) => customer(id));
      await Promise.all(customers.map((one) => loyalty.earn({ ...one, order: order('A1') })));
      await Promise.all(customers.map((one) => loyalty.earn({ ...one, order: order('A2') })));
      clock.set('2026-01-15T10:00:00.001Z');
      unwrap(await loyalty.redeem({ ...customer('c'), points: 5 }));
      const whole = (await loyalty.entries({ limit: 200 })).entries;
      const places = whole.map(({ recordedAt, cardId, seq }) => [recordedAt, cardId, String(seq)].join(' '));
      expect(places).toEqual([...places].sort().reverse());
      expect(places).toHaveLength(11);
      for (const limit of [1, 2, 3, 10, 11]) expect(await allOf(loyalty, { limit })).toEqual(whole);
      expect((await loyalty.entries({ limit: 11 })).nextCursor).toBeNull();
      const ofOrder = whole.filter(({ orderId }) => orderId === 'A1');
      expect(await allOf(loyalty, { orderId: 'A1', limit: 2 })).toEqual(ofOrder);
      const ofCard = whole.filter(({ customerId }) => customerId === 'c');
      const [cardId = ''] = ofCard.map((entry) => entry.cardId);
      expect(await allOf(loyalty, { cardId, limit: 1 })).toEqual(ofCard);
      // A cursor of one list is a place in every other one.
      const { nextCursor } = await loyalty.entries({ limit: 5 });
      const cursor = nextCursor ?? '';
      const rest = whole.slice(5);
      expect((await loyalty.entries({ cursor, cardId })).entries).toEqual(
        rest.filter((entry) => entry.cardId === cardId),
      );
      expect((await loyalty.entries({ cursor, to: '2026-01-15T10:00:00Z' })).entries).toEqual([]);
    },

    'what is written while a list is read comes before its pages, and moves none': async (
      { loyalty, clock },
      expect,
    ) => {
      for (const id of ['A1', 'A2', 'A3']) unwrap(await loyalty.earn({ ...member, order: order(id) }));
      const first = await loyalty.entries({ limit: 1 });
      clock.set('2026-01-15T10:01:00.000Z');
      unwrap(await loyalty.earn({ ...member, order: order('A4') }));
      const rest = await allOf(loyalty, { limit: 1, cursor: first.nextCursor ?? '' });
      expect([...first.entries, ...rest].map(({ orderId }) => orderId)).toEqual(['A3', 'A2', 'A1']);
      expect((await loyalty.entries({ limit: 1 })).entries).toMatchObject([{ orderId: 'A4' }]);
    },

    'an entry that is dated back stands where it was written, not where it happened': async (
      { loyalty, clock },
      expect,
    ) => {
      unwrap(await loyalty.earn({ ...customer('a'), order: order('A1') }));
      clock.set('2026-01-20T10:00:00.000Z');
      const occurredAt = '2026-01-10T10:00:00.000Z';
      unwrap(await loyalty.earn({ ...customer('b'), order: order('B1'), occurredAt }));
      const { entries } = await loyalty.entries();
      expect(entries).toMatchObject([{ customerId: 'b', occurredAt }, { customerId: 'a' }]);
      expect(await found(loyalty, { to: '2026-01-15T00:00:00Z' })).toEqual([]);
      expect(await found(loyalty, { from: '2026-01-20T10:00:00Z' })).toEqual(['b earn']);
    },

    'a card of another merchant, and a program, is not found, nor is one that there is not': async (
      shop,
      expect,
    ) => {
      const { loyalty } = shop;
      await tradeIn(shop);
      const { cardId } = await loyalty.cards.get(customer('d', rival.programId));
      const refused = (query: EntryQuery) => expect(loyalty.entries(query)).rejects;
      await refused({ cardId, merchantId }).toMatchObject({ code: 'CARD_NOT_FOUND' });
      await refused({ cardId, programId }).toMatchObject({ code: 'CARD_NOT_FOUND' });
      await refused({ cardId: 'nobody' }).toMatchObject({ code: 'CARD_NOT_FOUND' });
      const { programId: its } = rival;
      await refused({ programId: its, merchantId }).toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
      await refused({ programId: its, merchantId, cardId }).toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
      await refused({ programId: 'nothing' }).toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
      expect(await found(loyalty, { cardId, merchantId: rival.merchantId })).toEqual(['d earn']);
    },

    'a voucher is found under its order, which the engine keeps no record of': async (
      { loyalty },
      expect,
    ) => {
      await publishMug(loyalty);
      unwrap(await loyalty.earn({ ...member, order: order('A1') }));
      unwrap(await loyalty.rewards.redeem({ ...member, rewardId: 'mug', orderId: 'A9' }));
      expect(await found(loyalty, { orderId: 'A9' })).toEqual([`${member.customerId} reward`]);
    },

    'a forgotten customer is on no list any more': async ({ loyalty }, expect) => {
      unwrap(await loyalty.earn({ ...member, order: order('A1') }));
      unwrap(await loyalty.cards.anonymise({ ...member, actor, reason: 'asked for' }));
      const { entries } = await loyalty.entries();
      expect(entries.map(({ kind }) => kind)).toEqual(['anonymise', 'earn']);
      for (const { customerId } of entries) expect(customerId).not.toContain(member.customerId);
    },
  }),

  ...factsIn(companyWithStaff, {
    'entries are chosen by the staff member who confirmed them': async ({ loyalty }, expect) => {
      const staff = { staffId, pin, terminalId };
      unwrap(await loyalty.stamp({ ...customer('a'), locationId: bandra, staff }));
      unwrap(await loyalty.earn({ ...customer('b'), order: order('B1') }));
      expect(await found(loyalty, { staffId })).toEqual(['a stamp']);
      expect(await found(loyalty, { staffId: 'nobody' })).toEqual([]);
    },
  }),
};
