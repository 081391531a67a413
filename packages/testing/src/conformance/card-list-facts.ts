import { type CardQuery, type Loyalty, unwrap } from '@loyalty-engine/core';
import { actor, bandra, companyWith, giveStamps, merchantId, newYork, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { member } from './shop.ts';

const { programId } = member;

async function customersOf(loyalty: Loyalty, query?: CardQuery): Promise<string[]> {
  const { cards, nextCursor } = await loyalty.cards.list(query);
  if (nextCursor !== null) throw new Error('All cards fit on one page');
  return cards.map(({ customerId }) => customerId).sort();
}

/** Lists of cards. */
export const cardListFacts: Facts = factsIn(companyWith(), {
  'cards are listed page by page, each once, by id': async ({ loyalty }, expect) => {
    for (const customer of ['a', 'b', 'c', 'd', 'e'])
      unwrap(await loyalty.cards.enroll({ programId, customerId: customer }));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (const expected of [2, 2, 1]) {
      const query: CardQuery = { programId, limit: 2 };
      const page = await loyalty.cards.list(cursor === undefined ? query : { ...query, cursor });
      expect(page.cards).toHaveLength(expected);
      seen.push(...page.cards.map(({ cardId }) => cardId));
      cursor = page.nextCursor ?? undefined;
    }
    expect(cursor).toBeUndefined();
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen).size).toBe(5);
    expect((await loyalty.cards.list({ programId, limit: 5 })).nextCursor).toBeNull();
    await expect(loyalty.cards.list({ cursor: 'nonsense' })).rejects.toMatchObject({ field: 'cursor' });
  },

  'a list says what a card has': async ({ loyalty }, expect) => {
    unwrap(await loyalty.cards.enroll({ ...member, locationId: bandra }));
    await giveStamps(loyalty, 4);
    unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
    const { qrToken: _secret, merchantId: _its, points, stamps, ...facts } = await loyalty.cards.get(member);
    const { cards } = await loyalty.cards.list({ programId });
    expect(cards).toEqual([{ ...facts, balance: points.total, debt: 0, stampCount: stamps?.count }]);
  },

  'cards are chosen by program, merchant, status, place of enrolment and last use': async (
    { loyalty, clock, publish },
    expect,
  ) => {
    await publish({ id: 'second' });
    const enroll = async (customerId: string, its: string, locationId?: string) =>
      unwrap(
        await loyalty.cards.enroll({
          programId: its,
          customerId,
          ...(locationId === undefined ? {} : { locationId }),
        }),
      );
    await enroll('a', programId, bandra);
    await enroll('b', programId, newYork);
    await enroll('c', 'second', bandra);
    await enroll('d', rival.programId, rival.locationId);
    clock.set('2026-02-15T10:00:00.000Z');
    unwrap(await loyalty.stamp({ programId, customerId: 'b' }));
    unwrap(await loyalty.cards.deactivate({ programId, customerId: 'a', actor, reason: 'lost' }));
    const list = (query?: CardQuery) => customersOf(loyalty, query);
    expect(await list()).toEqual(['a', 'b', 'c', 'd']);
    expect(await list({ programId })).toEqual(['a', 'b']);
    expect(await list({ merchantId })).toEqual(['a', 'b', 'c']);
    expect(await list({ programId: 'second', merchantId })).toEqual(['c']);
    expect(await list({ merchantId: 'nobody' })).toEqual([]);
    expect(await list({ merchantId, status: 'inactive' })).toEqual(['a']);
    expect(await list({ status: 'active' })).toEqual(['b', 'c', 'd']);
    expect(await list({ enrolledLocationId: bandra })).toEqual(['a', 'c']);
    expect(await list({ programId, enrolledLocationId: bandra, status: 'active' })).toEqual([]);
    // A deactivation is no use of the card.
    expect(await list({ activeSince: '2026-02-15T10:00:00Z' })).toEqual(['b']);
    expect(await list({ idleSince: '2026-02-15T10:00:00Z' })).toEqual(['a', 'c', 'd']);
    expect(
      await list({ activeSince: '2026-01-15T10:00:00Z', idleSince: '2026-01-15T10:00:00.001Z' }),
    ).toEqual(['a', 'c', 'd']);
    await expect(list({ programId: 'nothing' })).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
  },
});
