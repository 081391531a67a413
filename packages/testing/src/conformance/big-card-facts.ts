import { createLoyalty, type Loyalty, type LoyaltyStore, unwrap } from '@loyalty-engine/core';
import { overrideStore } from '../override-store.ts';
import { type Facts, factsIn } from './fact.ts';
import { member } from './shop.ts';

const lots = 2_000;
const day = 86_400_000;
const firstEnd = Date.parse('2027-01-01T00:00:00Z');

/** Lot n of 1 to 2,000 ends on a day of its own, in an order that has nothing to do with n. */
const endOf = (lot: number) => firstEnd + ((lot * 719) % lots) * day;
const inBurnOrder = Array.from({ length: lots }, (_, index) => index + 1).sort((a, b) => endOf(a) - endOf(b));

async function giveManyLots(loyalty: Loyalty): Promise<void> {
  const reason = 'Test';
  const awards = Array.from({ length: lots }, (_, index) =>
    loyalty.award({
      ...member,
      points: 10,
      source: { type: 't', id: String(index + 1) },
      reason,
      expiresAt: new Date(endOf(index + 1)),
    }),
  );
  for (const outcome of await Promise.all(awards)) unwrap(outcome);
}

/** Decides on every card with its lots and holds in the reverse of the order they were loaded in. */
function reversing(store: LoyaltyStore): LoyaltyStore {
  const backwards = <Key, Value>(map: Map<Key, Value>) => new Map([...map].reverse());
  return overrideStore(store, {
    settle: (work) =>
      store.settle(
        work.map((one) => ({
          ...one,
          decide: (states) => {
            for (const state of states) {
              const { lots: loaded, holds } = state;
              state.lots = backwards(loaded);
              state.holds = backwards(holds);
            }
            return one.decide(states);
          },
        })),
      ),
  });
}

/** Cards with thousands of lots, and lots that come in any order. */
export const bigCardFacts: Facts = factsIn((open) => open(), {
  'a card with 2,000 lots burns them in the right order': async ({ loyalty }, expect) => {
    await giveManyLots(loyalty);
    const few = unwrap(await loyalty.redeem({ ...member, points: 25 }));
    expect(few.entries[0]?.lots).toEqual([
      { lot: inBurnOrder[0], points: -10 },
      { lot: inBurnOrder[1], points: -10 },
      { lot: inBurnOrder[2], points: -5 },
    ]);
    const many = unwrap(await loyalty.redeem({ ...member, points: 5_000 }));
    const taken = many.entries[0]?.lots ?? [];
    expect(taken).toHaveLength(501);
    expect(taken.map(({ lot }) => lot)).toEqual(inBurnOrder.slice(2, 503));
    const all = unwrap(await loyalty.redeem({ ...member, points: lots * 10 - 5_025 }));
    expect(all).toMatchObject({ balance: { available: 0, total: 0 } });
  },

  'a redemption over hundreds of lots is given back to each of them': async ({ loyalty }, expect) => {
    await giveManyLots(loyalty);
    const before = await loyalty.balance(member);
    const redeemed = unwrap(await loyalty.redeem({ ...member, points: 4_995 }));
    unwrap(await loyalty.reverse({ ...member, entry: redeemed.entries[0]?.seq ?? 0, reason: 'mistake' }));
    const { lifetime: _after, ...figures } = await loyalty.balance(member);
    const { lifetime: _before, ...expected } = before;
    expect(figures).toEqual(expected);
    const again = unwrap(await loyalty.redeem({ ...member, points: 4_995 }));
    expect(again.entries[0]?.lots).toEqual(redeemed.entries[0]?.lots);
  },

  'a thousand lots that end together expire together': async ({ loyalty, clock }, expect) => {
    await giveManyLots(loyalty);
    clock.set(firstEnd + 999 * day);
    expect(await loyalty.balance(member)).toMatchObject({ available: 10_000, nextExpiry: { points: 10 } });
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 1, expired: 10_000, failed: 0 });
    expect(await loyalty.balance(member)).toMatchObject({ available: 10_000, total: 10_000 });
  },

  'the order in which lots are loaded changes nothing': async ({ loyalty, store, clock }, expect) => {
    const reason = 'Test';
    const give = (customerId: string, id: string, expiresAt: string) =>
      loyalty.award({ ...member, customerId, points: 10, source: { type: 't', id }, reason, expiresAt });
    const ends = [
      '2027-03-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
      '2027-02-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
    ];
    for (const customerId of ['forwards', 'backwards']) {
      for (const [index, end] of ends.entries()) unwrap(await give(customerId, String(index), end));
    }
    const forwards = unwrap(await loyalty.redeem({ ...member, customerId: 'forwards', points: 35 }));
    const engine = createLoyalty({ store: reversing(store), clock });
    const backwards = unwrap(await engine.redeem({ ...member, customerId: 'backwards', points: 35 }));
    expect(backwards.entries[0]?.lots).toEqual(forwards.entries[0]?.lots);
    expect(backwards.entries[0]?.lots.map(({ lot }) => lot)).toEqual([2, 4, 3, 1]);
  },
});
