import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adjust } from '../commands/adjust.ts';
import { award } from '../commands/award.ts';
import { earn } from '../commands/earn.ts';
import { confirmEarn } from '../commands/pending-earn.ts';
import { redeem } from '../commands/redeem.ts';
import { refund } from '../commands/refund.ts';
import { Desk, day, member, milesVersion, noon, snapshot } from '../fixtures.test-data.ts';
import { newCardState } from './card-state.ts';
import type { Entry } from './entry.ts';
import { copyState, evolve, stateAt } from './evolve.ts';

const entry: Entry = {
  seq: 1,
  kind: 'earn',
  points: 50,
  balanceAfter: 50,
  occurredAt: noon,
  postedAt: noon,
  recordedAt: noon,
  programVersion: 1,
  orderId: 'ORDER123',
  reverses: null,
  locationId: null,
  actor: null,
  lots: [],
  lot: { points: 50, expiresAt: noon + 30 * day, byInactivity: false, availableAt: null },
  debt: 0,
  staffId: null,
  stamps: 0,
  stampLots: [],
  explanation: [],
  details: {},
};
const empty = newCardState({ cardId: 'card-1', ...member });

describe('evolve', () => {
  test('an earn makes a lot and counts as earned', () => {
    const { card, lots, exists } = evolve(empty, entry);
    expect(card).toMatchObject({ seq: 1, balance: 50, enrolledAt: noon, nextExpiryAt: noon + 30 * day });
    expect(card.lifetime).toEqual({ earned: 50, redeemed: 0, expired: 0, adjusted: 0, reversed: 0 });
    expect(lots.get(1)).toMatchObject({ points: 50, remaining: 50, earnedAt: noon });
    expect(exists).toBe(true);
  });

  test('leaves the state it was given as it was', () => {
    const once = evolve(empty, entry);
    const before = [snapshot(empty), snapshot(once)];
    const spent: Entry = {
      ...entry,
      seq: 2,
      kind: 'redeem',
      points: -20,
      balanceAfter: 30,
      lots: [[1, -20]],
      lot: null,
    };
    expect(evolve(once, spent).lots.get(1)?.remaining).toBe(30);
    expect([snapshot(empty), snapshot(once)]).toEqual(before);
  });

  test('an entry that names a lot which is not there is a defect', () => {
    expect(() => evolve(empty, { ...entry, lots: [[7, -1]] })).toThrow('names lot 7, which is not loaded');
  });

  test('a copy shares nothing that can change', () => {
    const original = evolve(empty, entry);
    const before = snapshot(original);
    const copy = copyState(original);
    copy.card.balance = 0;
    copy.card.lifetime.earned = 0;
    for (const part of [copy.lots, copy.holds, copy.orders, copy.receipts, copy.entries, copy.reversed])
      part.clear();
    expect(snapshot(original)).toBe(before);
  });
});

test('a reader sees a pending lot become available in time, and the state stays as it was', () => {
  const pending = evolve(empty, {
    ...entry,
    lot: { points: 50, expiresAt: null, byInactivity: false, availableAt: noon + 5 * day },
  });
  const before = snapshot(pending);
  expect(stateAt(pending, noon + 5 * day - 1).card.pending).toBe(50);
  expect(stateAt(pending, noon + 5 * day).card.pending).toBe(0);
  expect(snapshot(pending)).toBe(before);
});

// The desk replays every entry it writes and compares lots and figures with the card; here it gets random work.
const steps = fc.array(
  fc.record({
    what: fc.constantFrom('earn', 'spend', 'refund', 'award', 'take', 'confirm', 'wait'),
    amount: fc.integer({ min: 1, max: 900 }),
    order: fc.nat(4),
  }),
  { minLength: 5, maxLength: 30 },
);

test('replaying the entries of any history gives its lots, figures and debt', () => {
  const versions = fc.constantFrom(
    milesVersion({ expiry: { kind: 'after-earning', days: 20 }, welcomeBonus: 30 }),
    milesVersion({ expiry: { kind: 'inactivity', days: 15 } }),
    milesVersion({ earn: { availability: 'on-confirm' }, refunds: { restoreGraceDays: 0 } }),
    milesVersion({
      earn: { availability: { afterDays: 3 } },
      expiry: { kind: 'fixed-date', month: 2, day: 1 },
    }),
  );
  let entries = 0;
  fc.assert(
    fc.property(versions, steps, (version, steps) => {
      const desk = new Desk(version);
      for (const [index, { what, amount, order: number }] of steps.entries()) {
        const order = { id: `ORDER${number}`, total: '900' };
        if (what === 'wait') desk.now += (amount % 12) * day;
        if (what === 'earn') desk.run(earn, { order });
        if (what === 'spend') desk.run(redeem, { points: amount, order, clamp: true });
        if (what === 'refund') desk.run(refund, { orderId: order.id, amount, reason: 'back' });
        if (what === 'award')
          desk.run(award, { points: amount, source: { type: 't', id: `${index}` }, reason: 'r' });
        if (what === 'take')
          desk.run(adjust, { points: -amount, reasonCode: 'r', actor: 'a', allowDebt: true });
        if (what === 'confirm') desk.run(confirmEarn, { orderId: order.id });
      }
      entries += desk.ledger.length;
    }),
  );
  expect(entries).toBeGreaterThan(200);
});
