import fc from 'fast-check';
import { expect, test } from 'vitest';
import { member } from '../fixtures.test-data.ts';
import { burnOrder, queueOf } from './burn-queue.ts';
import { type CardState, newCardState } from './card-state.ts';
import type { NewLot } from './entry.ts';
import { type DraftEntry, WorkingCard } from './working-card.ts';

const draft = (facts: Partial<DraftEntry>): DraftEntry => ({
  kind: 'award',
  points: 0,
  occurredAt: 0,
  recordedAt: 0,
  programVersion: 1,
  orderId: null,
  reverses: null,
  locationId: null,
  actor: null,
  staffId: null,
  stamps: 0,
  stampLots: [],
  lots: [],
  lot: null,
  debt: 0,
  explanation: [],
  details: {},
  ...facts,
});

const lots: fc.Arbitrary<NewLot> = fc.record({
  points: fc.integer({ min: 1, max: 9 }),
  expiresAt: fc.option(fc.nat(5), { nil: null }),
  byInactivity: fc.boolean(),
  availableAt: fc.constant(null),
});
const changes = fc.oneof(
  fc.record({ what: fc.constant('new' as const), lot: lots }),
  fc.record({ what: fc.constant('deplete' as const), seq: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ what: fc.constant('revive' as const), seq: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ what: fc.constant('deadline' as const), at: fc.option(fc.nat(6), { nil: null }) }),
);

/** One change on a working copy, as a command writes it. */
function change(
  working: WorkingCard,
  what: typeof changes extends fc.Arbitrary<infer Change> ? Change : never,
): void {
  if (what.what === 'new') working.write(draft({ lot: what.lot, points: what.lot.points }));
  else if (what.what === 'deadline') working.write(draft({ deadline: what.at }));
  else {
    const lot = working.lot(what.seq);
    if (!lot) return;
    const points = what.what === 'deplete' ? -lot.remaining : lot.points - lot.remaining;
    working.write(draft({ points, lots: [[lot.seq, points]] }));
  }
}

const freshSort = (state: CardState) =>
  burnOrder(
    [...state.lots.values()].filter((lot) => lot.remaining > 0),
    state.card,
  );

test('after any commands the lots come in the order of a fresh sort, between commits and within one', () => {
  const commands = fc.array(fc.array(changes, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
  fc.assert(
    fc.property(commands, (commands) => {
      const state = newCardState({ cardId: 'card-1', ...member });
      queueOf(state);
      for (const command of commands) {
        const working = new WorkingCard(state);
        for (const one of command) {
          change(working, one);
          const all = new Map([...state.lots, ...working.lots]);
          const within = burnOrder(
            [...all.values()].filter((lot) => lot.remaining > 0),
            working.card,
          );
          expect([...working.liveLots()].map(({ seq }) => seq)).toEqual(within);
        }
        working.commit();
        const live = queueOf(state).filter((seq) => (state.lots.get(seq)?.remaining ?? 0) > 0);
        expect(live).toEqual(freshSort(state));
        expect([...new WorkingCard(state).liveLots()].map(({ seq }) => seq)).toEqual(freshSort(state));
      }
    }),
    { numRuns: 500 },
  );
});

test('depleted lots at the front are dropped, so that a hot card stays fast', () => {
  const state = newCardState({ cardId: 'card-1', ...member });
  const working = new WorkingCard(state);
  for (let seq = 1; seq <= 5; seq += 1) {
    working.write(
      draft({ points: 1, lot: { points: 1, expiresAt: seq, byInactivity: false, availableAt: null } }),
    );
  }
  working.commit();
  expect(queueOf(state)).toEqual([1, 2, 3, 4, 5]);
  const burn = new WorkingCard(state);
  burn.write(
    draft({
      points: -3,
      lots: [
        [1, -1],
        [2, -1],
        [4, -1],
      ],
    }),
  );
  burn.commit();
  expect(queueOf(state)).toEqual([3, 4, 5]);
});
