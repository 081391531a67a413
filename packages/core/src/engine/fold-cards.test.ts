import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Card, newCardState } from '../card/card-state.ts';
import { checkCard, checkEntry } from '../card/check-ledger.ts';
import type { Entry } from '../card/entry.ts';
import { evolveInPlace } from '../card/evolve.ts';
import { adjust } from '../commands/adjust.ts';
import { deactivate, reactivate } from '../commands/card-status.ts';
import { expire } from '../commands/expire.ts';
import { redeemReward } from '../commands/redeem-reward.ts';
import { redeemStamps } from '../commands/redeem-stamps.ts';
import { stamp } from '../commands/stamp.ts';
import { useVoucher } from '../commands/use-voucher.ts';
import { voidReward } from '../commands/void-reward.ts';
import { voidStamp } from '../commands/void-stamp.ts';
import { hour, noon, snapshot, stampVersion } from '../fixtures.test-data.ts';
import type { Work } from '../ports/loyalty-store.ts';
import { cardShop } from './card-shop.test-data.ts';

const customers = ['sachin', 'rahul', 'saurav'];
const step = fc.record({
  what: fc.constantFrom(
    ...['stamp', 'stamp', 'stamp', 'void-stamp', 'redeem-stamps', 'give', 'redeem-reward', 'redeem-reward'],
    ...['use', 'void-reward', 'merge', 'expire', 'deactivate', 'reactivate'],
  ),
  customer: fc.nat(2),
  number: fc.nat(7),
  hours: fc.integer({ min: -10, max: 300 }),
});
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

const version = stampVersion(
  { target: 3, maxPerVisit: 2, maxPerDay: 4, carryOver: false, expiry: { kind: 'after-earning', days: 5 } },
  { expiry: { kind: 'inactivity', days: 8 } },
);
const shop = () => cardShop({ stock: 3, perCustomer: 2 }, version);
const by = { reason: 'test', actor: 'anita' };

/** The steps as work: a voucher is one that an earlier step may have made. */
function workOf({ one, merge, codes }: ReturnType<typeof shop>, steps: readonly Step[]): Work[] {
  return steps.map(({ what, customer, number, hours }) => {
    const who = customers[customer] as string;
    const now = noon + hours * hour;
    const code = codes[number % Math.max(1, codes.length)] ?? '0000-0000-0000';
    if (what === 'stamp') return one(stamp, who, { stamps: 1 + (number % 2) }, now);
    if (what === 'void-stamp') return one(voidStamp, who, { entry: number + 1, reason: 'test' }, now);
    if (what === 'redeem-stamps') return one(redeemStamps, who, {}, now);
    if (what === 'give') return one(adjust, who, { points: 15, reasonCode: 'gift', actor: 'anita' }, now);
    if (what === 'redeem-reward') return one(redeemReward, who, { rewardId: 'coffee' }, now);
    if (what === 'use') return one(useVoucher, who, { code }, now);
    if (what === 'void-reward') return one(voidReward, who, { code, reason: 'test' }, now);
    if (what === 'merge') return merge(who, customers[(customer + 1 + (number % 2)) % 3] as string, now);
    if (what === 'expire') return one(expire, who, {}, now);
    return one(what === 'deactivate' ? deactivate : reactivate, who, by, now);
  });
}

/** What of a card follows from its entries. */
function figuresOf({ enrolledAt: _at, lastActivityAt: _use, nextExpiryAt: _end, ...figures }: Card): string {
  const { pendingAsOf: _now, customerId: _who, ...kept } = figures;
  return snapshot(kept);
}

test('stamps, rewards, vouchers and merges: folding A and B together is folding A and then B, and replays', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.array(step, { maxLength: 20 }), (a, b) => {
      const together = shop();
      const apart = shop();
      const work = workOf(together, [...a, ...b]);
      const whole = together.fold(...work);
      const parts = [apart.fold(...work.slice(0, a.length)), apart.fold(...work.slice(a.length))];
      expect(whole.settled).toEqual(parts.flatMap(({ settled }) => settled));
      expect(snapshot([...together.states])).toBe(snapshot([...apart.states]));
      expect(snapshot([...together.rewards])).toBe(snapshot([...apart.rewards]));

      const ledgers = new Map<string, Entry[]>();
      for (const { cardId, entry } of whole.changes.entries)
        ledgers.set(cardId, [...(ledgers.get(cardId) ?? []), entry]);
      let redeemed = 0;
      for (const { card, lots, holds, vouchers } of together.states.values()) {
        expect(checkCard(card, lots.values(), holds.values())).toEqual([]);
        const replayed = newCardState(card, [version]);
        for (const entry of ledgers.get(card.cardId) ?? []) {
          expect(checkEntry(replayed, entry)).toEqual([]);
          evolveInPlace(replayed, entry);
        }
        expect(figuresOf(card)).toBe(figuresOf(replayed.card));
        const valid = [...vouchers.values()].filter(({ status }) => status !== 'void');
        expect(card.rewardsRedeemed).toBe(valid.length);
        redeemed += valid.filter(({ rewardId }) => rewardId !== null).length;
      }
      // The catalogue counts what customers hold: no more than there is, and no voucher is lost.
      expect(together.rewards.get('coffee')?.redeemed).toBe(redeemed);
      expect(redeemed).toBeLessThanOrEqual(3);
    }),
    { numRuns: 300 },
  );
});
