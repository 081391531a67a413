import { describe, expect, test } from 'vitest';
import {
  Desk,
  type Differences,
  day,
  milesVersion,
  minute,
  noon,
  snapshot,
  stampVersion,
} from '../fixtures.test-data.ts';
import type { ProgramVersion } from '../program/version.ts';
import { adjust } from './adjust.ts';
import { anonymise } from './anonymise.ts';
import { award } from './award.ts';
import { deactivate, reactivate } from './card-status.ts';
import { parseInput } from './command.ts';
import { earn } from './earn.ts';
import { enroll } from './enroll.ts';
import { expire } from './expire.ts';
import { hold } from './hold.ts';
import { decideMerge, type MergeInput, mergeSchema } from './merge.ts';
import { unwrap } from './outcome.ts';
import { redeem } from './redeem.ts';
import { redeemStamps } from './redeem-stamps.ts';
import { stamp } from './stamp.ts';
import { useVoucher } from './use-voucher.ts';

const why = { reason: 'two cards', actor: 'anita' };
const gift = { reasonCode: 'promotion', actor: 'anita' };
const order = (id: string, total = '500') => ({ order: { id, total } });

/** Two cards of one program: the one that stays and the one that goes. */
function twoCards(...versions: ProgramVersion[]) {
  const used = versions.length === 0 ? [stampVersion()] : versions;
  const into = new Desk(...used);
  const from = new Desk(...used);
  from.state.card.cardId = 'card-2';
  into.ok(enroll, {});
  from.ok(enroll, {});
  return { into, from };
}

/** Decides a merge as a store would settle it. */
function merge({ into, from }: { into: Desk; from: Desk }, more: Partial<MergeInput> = {}, now = noon) {
  const refs = { into: { cardId: into.state.card.cardId }, from: { cardId: from.state.card.cardId } };
  const command = parseInput(mergeSchema, { ...refs, ...why, ...more });
  const before = snapshot([into.state, from.state]);
  const decision = decideMerge([into.state, from.state], command, now);
  expect(snapshot([into.state, from.state])).toBe(before);
  if (!decision.outcome.ok || !decision.changed) return decision.outcome;
  const [other] = decision.others ?? [];
  if (!other) throw new Error('the card that everything left is not among the changes');
  from.settle(other);
  into.settle(decision.changed);
  return decision.outcome;
}
const ends = ({ state }: Desk) =>
  [...state.lots.values()].flatMap(({ remaining, expiresAt }) =>
    remaining === 0 ? [] : [[remaining, expiresAt && (expiresAt - noon) / day]],
  );

describe('a merge', () => {
  test('moves every lot, each with its own end, and the entries of both name the other card', () => {
    const cards = twoCards();
    const { into, from } = cards;
    into.ok(adjust, { points: 5, ...gift, expiresAt: new Date(noon + 3 * day) });
    from.ok(adjust, { points: 20, ...gift });
    from.ok(adjust, { points: 10, ...gift, expiresAt: new Date(noon + 2 * day) });
    expect(unwrap(merge(cards))).toMatchObject({
      from: 'card-2',
      into: 'card-1',
      points: 30,
      debt: 0,
      stamps: 0,
      balance: { available: 35, total: 35 },
    });
    expect(ends(into)).toEqual([
      [5, 3],
      [10, 2],
      [20, null],
    ]);
    expect(ends(from)).toEqual([]);
    expect(into.ledger.at(-1)).toMatchObject({
      kind: 'merge-in',
      points: 20,
      details: { mergedFrom: 'card-2' },
    });
    expect(from.ledger.at(-1)).toMatchObject({
      kind: 'merge-out',
      points: -30,
      details: { mergedInto: 'card-1', reason: 'two cards' },
    });
    expect(from.state.card).toMatchObject({ balance: 0, status: 'inactive', mergedInto: 'card-1' });
    expect(from.state.card.lifetime).toMatchObject({ adjusted: 0 });
  });

  test('moves stamps with their ends, those with one end together', () => {
    const cards = twoCards(stampVersion({ expiry: { kind: 'after-earning', days: 10 } }));
    cards.from.ok(stamp, {});
    cards.from.ok(stamp, {});
    cards.from.now = noon + day;
    cards.from.ok(stamp, {});
    expect(unwrap(merge(cards, {}, noon + day))).toMatchObject({ stamps: 3 });
    expect(cards.into.state.card).toMatchObject({
      stamps: 3,
      stampLots: [
        [1, 2, noon + 10 * day],
        [2, 1, noon + 11 * day],
      ],
    });
    expect(cards.from.state.card).toMatchObject({ stamps: 0, stampLots: [], stampsEarned: 3 });
    // What the customer did is counted where it was done.
    expect(cards.into.state.card).toMatchObject({ stampsEarned: 0, lastStampAt: null });
  });

  test('moves debt, and one card pays what the other owed', () => {
    const cards = twoCards();
    cards.into.ok(adjust, { points: 100, ...gift });
    cards.from.ok(adjust, { points: -30, ...gift, allowDebt: true });
    expect(unwrap(merge(cards))).toMatchObject({
      points: 0,
      debt: 30,
      balance: { available: 70, total: 70 },
    });
    expect(cards.from.state.card).toMatchObject({ debt: 0, balance: 0 });
  });

  test('lets points pay the debt of the card that stays', () => {
    const cards = twoCards();
    cards.into.ok(adjust, { points: -30, ...gift, allowDebt: true });
    cards.from.ok(adjust, { points: 100, ...gift });
    expect(unwrap(merge(cards)).balance).toMatchObject({ available: 70, debt: 0, total: 70 });
    expect(cards.into.ok(redeem, { points: 70 }).balance.available).toBe(0);
    expect(cards.into.refused(redeem, { points: 1 }).code).toBe('NOT_ENOUGH_POINTS');
  });

  test('of an empty card links it all the same', () => {
    const cards = twoCards();
    expect(unwrap(merge(cards))).toMatchObject({ points: 0, stamps: 0, entries: [] });
    const out = cards.from.ledger.at(-1);
    expect(out).toMatchObject({ kind: 'merge-out', points: 0, stamps: 0 });
    expect(Object.is(out?.points, 0) && Object.is(out?.debt, 0) && Object.is(out?.stamps, 0)).toBe(true);
    expect(cards.from.refused(earn, order('A'))).toMatchObject({ code: 'CARD_MERGED', cardId: 'card-1' });
  });

  test('moves no points and no stamps that have ended, at exactly that instant', () => {
    const cards = twoCards(stampVersion({ expiry: { kind: 'after-earning', days: 2 } }));
    cards.from.ok(adjust, { points: 10, ...gift, expiresAt: new Date(noon + 2 * day) });
    cards.from.ok(stamp, {});
    expect(unwrap(merge(cards, {}, noon + 2 * day))).toMatchObject({ points: 0, stamps: 0 });
    expect(cards.from.ledger.map(({ kind }) => kind)).toEqual([
      'adjust',
      'stamp',
      'expire-stamps',
      'expire',
      'merge-out',
    ]);
  });

  test('moves pending points with their day', () => {
    const cards = twoCards(milesVersion({ earn: { availability: { afterDays: 5 } } }));
    cards.from.ok(earn, order('A'));
    expect(unwrap(merge(cards)).balance).toMatchObject({ available: 0, pending: 50 });
    cards.into.now = noon + 5 * day;
    expect(cards.into.ok(expire, {}).balance).toMatchObject({ available: 50, pending: 0 });
  });

  test('leaves points that wait for their order with the order', () => {
    const cards = twoCards(milesVersion({ earn: { availability: 'on-confirm' } }));
    cards.from.ok(earn, order('A'));
    cards.from.ok(adjust, { points: 10, ...gift });
    expect(unwrap(merge(cards))).toMatchObject({ points: 10, balance: { total: 10 } });
    expect(cards.from.state.card).toMatchObject({ balance: 50, pending: 50 });
  });

  test('can follow a merge with the same card, and with no other: points and what they owe stay together', () => {
    const cards = twoCards();
    unwrap(merge(cards));
    expect(unwrap(merge(cards))).toMatchObject({ points: 0, debt: 0, stamps: 0 });
    const third = new Desk(stampVersion());
    third.state.card.cardId = 'card-3';
    third.ok(enroll, {});
    expect(merge({ into: third, from: cards.from })).toMatchObject({ code: 'CARD_MERGED', cardId: 'card-1' });
    expect(cards.from.state.card).toMatchObject({ mergedInto: 'card-1', status: 'inactive' });
  });

  test('leaves vouchers where they are, and they are still good', () => {
    const cards = twoCards(stampVersion({ target: 1 }));
    cards.from.ok(stamp, {});
    const { voucherCode: code } = cards.from.ok(redeemStamps, {});
    unwrap(merge(cards));
    expect(cards.from.ok(useVoucher, { code })).toMatchObject({ reward: 'Coffee' });
  });

  test('takes an inactive card in, and one whose holds have run out', () => {
    const cards = twoCards();
    cards.from.ok(adjust, { points: 10, ...gift });
    cards.from.ok(hold, { points: 10, holdMinutes: 10 });
    cards.from.ok(deactivate, { reason: 'lost', actor: 'anita' });
    expect(merge(cards)).toMatchObject({ code: 'CARD_HAS_HOLDS', holds: 1 });
    expect(unwrap(merge(cards, {}, noon + 10 * minute))).toMatchObject({ points: 10 });
    expect(cards.from.refused(reactivate, { ...why })).toMatchObject({
      code: 'CARD_MERGED',
      cardId: 'card-1',
    });
  });

  test('is written by the later of the two clocks', () => {
    const cards = twoCards();
    cards.from.now = noon + day;
    cards.from.ok(adjust, { points: 10, ...gift });
    unwrap(merge(cards, {}, noon));
    expect(cards.into.state.card.lastRecordedAt).toBe(noon + day);
  });
});

describe('points that end by inactivity', () => {
  const idle: Differences = { expiry: { kind: 'inactivity', days: 10 } };
  const present = { points: 10, reason: 'gift', source: { type: 'gift', id: '1' } };

  test('end on the later of the two deadlines, so that neither card loses by a merge', () => {
    for (const first of ['into', 'from'] as const) {
      const cards = twoCards(milesVersion(idle));
      const second = first === 'into' ? 'from' : 'into';
      cards[first].ok(award, present);
      cards[second].now = noon + 4 * day;
      cards[second].ok(award, present);
      unwrap(merge(cards, {}, noon + 5 * day));
      expect(cards.into.state.card.deadline).toBe(noon + 14 * day);
    }
  });

  test('keep their deadline on a card that had none', () => {
    const cards = twoCards(milesVersion(idle));
    cards.from.ok(award, present);
    unwrap(merge(cards, {}, noon + 5 * day));
    expect(cards.into.state.card.deadline).toBe(noon + 10 * day);
  });

  // A merge gave points whose deadline a later version had lifted the deadline of the other card.
  test('of either card that never end any more never end after it', () => {
    for (const lifted of ['into', 'from'] as const) {
      const cards = twoCards(milesVersion(idle), {
        ...milesVersion(),
        version: 2,
        effectiveFrom: noon + day,
      });
      const other = lifted === 'into' ? 'from' : 'into';
      for (const desk of [cards.into, cards.from]) desk.ok(award, present);
      cards[lifted].now = noon + 2 * day;
      cards[lifted].ok(earn, order('A'));
      expect(cards[lifted].state.card.deadline).toBeNull();
      expect(cards[other].state.card.deadline).toBe(noon + 10 * day);
      unwrap(merge(cards, {}, noon + 2 * day));
      expect(cards.into.state.card.deadline).toBeNull();
      cards.into.now = noon + 100 * day;
      expect(cards.into.ok(expire, {}).balance.available).toBe(70);
    }
  });
});

describe('a merge is refused', () => {
  test('for a card that is not there, and for one card with itself', () => {
    const cards = twoCards();
    const none = new Desk(stampVersion());
    expect(merge({ into: none, from: cards.from })).toMatchObject({ code: 'CARD_NOT_FOUND' });
    expect(merge({ into: cards.into, from: none })).toMatchObject({ code: 'CARD_NOT_FOUND' });
    expect(merge({ into: cards.into, from: cards.into })).toMatchObject({ code: 'SAME_CARD' });
  });

  test('for cards of two programs', () => {
    const cards = twoCards();
    cards.from.state.card.programId = 'kilometres';
    expect(merge(cards)).toMatchObject({ code: 'OTHER_PROGRAM' });
  });

  test('into a card that is inactive, or was merged itself', () => {
    const cards = twoCards();
    cards.into.ok(deactivate, { reason: 'lost', actor: 'anita' });
    expect(merge(cards)).toMatchObject({ code: 'CARD_INACTIVE' });
    const chain = twoCards();
    unwrap(merge(chain));
    expect(merge({ into: chain.from, from: chain.into })).toMatchObject({
      code: 'CARD_MERGED',
      cardId: 'card-1',
    });
  });

  // The points of a card whose customer was forgotten went to whoever was named.
  test('for a card that belongs to nobody any more', () => {
    const cards = twoCards();
    cards.from.ok(adjust, { points: 10, ...gift });
    cards.from.ok(anonymise, { reason: 'asked to', actor: 'anita' });
    expect(merge(cards)).toMatchObject({ code: 'CARD_ANONYMISED' });
    expect(cards.from.state.card.balance).toBe(10);
  });

  test('where the card that stays could not hold it all', () => {
    const cards = twoCards();
    cards.from.ok(adjust, { points: 10, ...gift });
    cards.into.state.card.balance = Number.MAX_SAFE_INTEGER;
    expect(merge(cards)).toMatchObject({ code: 'BALANCE_LIMIT' });
  });

  test('without an actor, or with a card that is not named', () => {
    const parse = (input: object) => () =>
      parseInput(mergeSchema, { into: { cardId: 'a' }, from: { cardId: 'b' }, ...why, ...input });
    expect(parse({ actor: undefined })).toThrow(expect.objectContaining({ field: 'actor' }));
    expect(parse({ from: {} })).toThrow(expect.objectContaining({ field: 'from.programId' }));
    expect(parse({ into: { cardId: 'a', qrToken: 'b' } })).toThrow(
      expect.objectContaining({ code: 'INVALID_COMMAND' }),
    );
  });
});
