import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { type CardState, newCardState } from '../card/card-state.ts';
import { checkCard } from '../card/check-ledger.ts';
import { adjust } from '../commands/adjust.ts';
import { type CommandDefinition, parseInput } from '../commands/command.ts';
import { earn } from '../commands/earn.ts';
import { expire } from '../commands/expire.ts';
import type { Outcome } from '../commands/outcome.ts';
import { redeem } from '../commands/redeem.ts';
import { refund } from '../commands/refund.ts';
import { day, milesVersion, noon, snapshot } from '../fixtures.test-data.ts';
import type { Work } from '../ports/loyalty-store.ts';
import { fingerprint } from './fingerprint.ts';
import { foldWork } from './fold-work.ts';

const versions = [milesVersion({ expiry: { kind: 'after-earning', days: 30 }, welcomeBonus: 10 })];

/** Fresh cards by customer, and the lookup that foldWork asks for them with. */
function cards() {
  const states = new Map<string, CardState>();
  const stateOf = (customerId: string): CardState => {
    const state =
      states.get(customerId) ??
      newCardState({ cardId: `card-${customerId}`, programId: 'miles', customerId }, versions);
    states.set(customerId, state);
    return state;
  };
  return {
    states,
    stateOf,
    fold: (work: Work[]) => foldWork(work, ({ card }) => stateOf(card.customerId as string)),
  };
}

/** Work as the engine makes it, under a key where one is given. */
function work<Schema extends z.ZodType, Facts extends object>(
  definition: CommandDefinition<Schema, Facts>,
  input: object,
  { customer = 'sachin', key = undefined as string | undefined, now = noon } = {},
): Work {
  const card = { programId: 'miles', customerId: customer };
  const command = parseInput(definition.schema, { ...card, ...input });
  const keys = key === undefined ? [] : [`key:${key}`];
  return {
    touches: [{ card, newCard: () => ({ cardId: '', number: '', qrToken: '' }), keys, at: now, now }],
    keys,
    fingerprint: fingerprint(definition.kind, command as object),
    decide: ([state]) => definition.decide(state as CardState, command, now),
  };
}

const order = (id: string, total = '500') => ({ order: { id, total } });
const take = (points: number) => ({ points: -points, reasonCode: 'correction', actor: 'anita' });
const outcomes = ({ settled }: ReturnType<typeof foldWork>) =>
  settled.map((one) => {
    if ('error' in one) return 'error';
    return one.outcome.ok ? ((one.outcome as { points?: number }).points ?? 'ok') : one.outcome.code;
  });

describe('one batch', () => {
  test('settles many commands on one card, each on top of the one before', () => {
    const { fold, stateOf } = cards();
    const done = fold([
      work(earn, order('A')),
      work(adjust, take(55)),
      work(adjust, take(6)),
      work(adjust, take(5)),
    ]);
    expect(outcomes(done)).toEqual([50, -55, 'NOT_ENOUGH_POINTS', -5]);
    expect(done.changes.cards).toHaveLength(1);
    expect(done.changes.cards[0]).toMatchObject({ isNew: true, card: { balance: 0, seq: 4 } });
    expect(done.changes.entries.map(({ entry }) => entry.seq)).toEqual([1, 2, 3, 4]);
    expect(done.changes.lots.map(({ lot, isNew }) => [lot.seq, lot.remaining, isNew])).toEqual([
      [1, 0, true],
      [2, 0, true],
    ]);
    expect(done.changes.cards[0]?.card).toBe(stateOf('sachin').card);
  });

  test('a command that throws hurts neither its neighbours nor the card', () => {
    const { fold } = cards();
    const broken: Work = {
      ...work(earn, order('B')),
      decide: ([state]) => {
        earn.decide(
          state as CardState,
          parseInput(earn.schema, { programId: 'miles', customerId: 'x', ...order('B') }),
          noon,
        );
        throw new Error('boom');
      },
    };
    const done = fold([work(earn, order('A')), broken, work(earn, order('C'))]);
    expect(outcomes(done)).toEqual([50, 'error', 50]);
    expect(done.settled[1]).toEqual({ error: new Error('boom') });
    expect(done.changes.cards[0]?.card).toMatchObject({ balance: 110, seq: 3 });
    expect(done.changes.orders.map(({ order }) => order.orderId)).toEqual(['A', 'C']);
  });

  test('a refusal on a new card makes no card', () => {
    const { fold } = cards();
    const done = fold([work(redeem, { points: 5 })]);
    expect(outcomes(done)).toEqual(['NOT_ENOUGH_POINTS']);
    const { names, ...rows } = done.changes;
    expect(names).toEqual({ added: [], removed: [] });
    expect(Object.values(rows).flat()).toEqual([]);
  });

  test('cards do not touch each other', () => {
    const { fold } = cards();
    const done = fold([
      work(earn, order('A'), { customer: 'sachin' }),
      work(earn, order('A'), { customer: 'rahul' }),
      work(adjust, take(60), { customer: 'rahul' }),
    ]);
    expect(outcomes(done)).toEqual([50, 50, -60]);
    expect(done.changes.cards.map(({ card }) => [card.cardId, card.balance])).toEqual([
      ['card-sachin', 60],
      ['card-rahul', 0],
    ]);
  });

  test('a card that is not there is refused', () => {
    const done = foldWork([work(earn, order('A'))], () => undefined);
    expect(outcomes(done)).toEqual(['CARD_NOT_FOUND']);
  });

  test('expires an inactive card once, however often the batch asks', () => {
    const { fold, stateOf } = cards();
    fold([work(earn, order('A'))]);
    stateOf('sachin').card.status = 'inactive';
    const late = { now: noon + 40 * day };
    const done = fold([work(expire, {}, late), work(expire, {}, late)]);
    expect(outcomes(done)).toEqual([60, 0]);
    expect(done.changes.cards.map(({ card }) => [card.balance, card.status])).toEqual([[0, 'inactive']]);
  });
});

describe('a key', () => {
  test('gives the first outcome again within one batch, marked as replayed', () => {
    const { fold } = cards();
    const once = work(earn, order('A'), { key: 'k' });
    const [first, second] = fold([once, once]).settled as { outcome: Outcome<object> }[];
    expect(first?.outcome).toMatchObject({ ok: true, replayed: false, points: 50 });
    expect(second?.outcome).toEqual({ ...first?.outcome, replayed: true });
  });

  test('gives it again later, though the card has changed', () => {
    const { fold } = cards();
    const once = work(earn, order('A'), { key: 'k' });
    const [first] = fold([once]).settled as { outcome: Outcome<object> }[];
    const again = fold([work(adjust, take(30)), once]);
    expect(again.settled[1]).toEqual({ outcome: { ...first?.outcome, replayed: true } });
    expect(again.changes.entries).toHaveLength(1);
  });

  test('gives the explanation of an outcome without entries again', () => {
    const { fold } = cards();
    fold([work(earn, order('A'))]);
    const zero = work(earn, order('B', '5'), { key: 'k' });
    const [first, second] = fold([zero, zero]).settled as { outcome: { explanation: object[] } }[];
    expect(second?.outcome.explanation).toEqual(first?.outcome.explanation);
    expect(second?.outcome.explanation).toHaveLength(2);
  });

  test('used for other content is refused, and nothing is written', () => {
    const { fold, states } = cards();
    fold([work(earn, order('A'), { key: 'k' })]);
    const before = snapshot([...states]);
    const done = fold([work(earn, order('B'), { key: 'k' })]);
    expect(done.settled).toMatchObject([
      { outcome: { ok: false, code: 'IDEMPOTENCY_KEY_REUSED', key: 'key:k' } },
    ]);
    expect(snapshot([...states])).toBe(before);
  });

  test('of a refused command is free: a later try is decided anew', () => {
    const { fold } = cards();
    const spend = work(adjust, take(5), { key: 'k' });
    expect(outcomes(fold([work(redeem, { points: 5 }), spend]))).toEqual(['NOT_ENOUGH_POINTS', -5]);
    const more = work(adjust, take(50), { key: 'm' });
    expect(outcomes(fold([more, work(earn, order('A')), more, more]))).toEqual([
      'NOT_ENOUGH_POINTS',
      50,
      -50,
      -50,
    ]);
  });

  test('belongs to its card', () => {
    const { fold } = cards();
    const done = fold([
      work(earn, order('A'), { key: 'k', customer: 'sachin' }),
      work(earn, order('B', '100'), { key: 'k', customer: 'rahul' }),
    ]);
    expect(outcomes(done)).toEqual([50, 10]);
  });
});

test('folding A and B together is folding A and then B', () => {
  const step = fc.record({
    what: fc.constantFrom('earn', 'spend', 'take', 'refund', 'expire'),
    customer: fc.constantFrom('sachin', 'rahul'),
    order: fc.constantFrom('A', 'B', 'C'),
    points: fc.integer({ min: 1, max: 80 }),
    keyed: fc.boolean(),
    days: fc.nat(40),
  });
  const toWork = ({
    what,
    customer,
    order: id,
    points,
    keyed,
    days,
  }: typeof step extends fc.Arbitrary<infer Step> ? Step : never) => {
    const at = { customer, now: noon + days * day, key: keyed ? `${id}${points % 3}` : undefined };
    if (what === 'earn') return work(earn, order(id), at);
    if (what === 'spend') return work(redeem, { ...order(id), points }, at);
    if (what === 'refund') return work(refund, { orderId: id, amount: String(points), reason: 'return' }, at);
    return what === 'take' ? work(adjust, take(points), at) : work(expire, {}, at);
  };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.array(step, { maxLength: 12 }), (a, b) => {
      const together = cards();
      const apart = cards();
      const first = [...a, ...b].map(toWork);
      const whole = together.fold(first);
      const parts = [apart.fold(a.map(toWork)), apart.fold(b.map(toWork))];
      expect(whole.settled).toEqual(parts.flatMap(({ settled }) => settled));
      expect(snapshot([...together.states])).toBe(snapshot([...apart.states]));
      for (const { card, lots, holds } of together.states.values()) {
        expect(checkCard(card, lots.values(), holds.values())).toEqual([]);
      }
      const entries = parts.flatMap(({ changes }) => changes.entries);
      const bySeq = (one: (typeof entries)[number]) =>
        `${one.cardId} ${String(one.entry.seq).padStart(4, '0')}`;
      const sorted = (all: typeof entries) => [...all].sort((x, y) => (bySeq(x) < bySeq(y) ? -1 : 1));
      expect(sorted(whole.changes.entries)).toEqual(sorted(entries));
    }),
    { numRuns: 200 },
  );
});
