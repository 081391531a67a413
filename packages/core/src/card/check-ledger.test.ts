import { describe, expect, test } from 'vitest';
import { award } from '../commands/award.ts';
import { hold } from '../commands/hold.ts';
import { redeem } from '../commands/redeem.ts';
import { Desk } from '../fixtures.test-data.ts';
import type { Card, Hold, Lot } from './card-state.ts';
import { checkCard, checkEntry } from './check-ledger.ts';
import type { Entry } from './entry.ts';

const desk = new Desk();
for (const id of ['a', 'b']) desk.ok(award, { points: 50, source: { type: 'review', id }, reason: 'thanks' });
desk.ok(redeem, { points: 20 });
desk.ok(hold, { points: 10 });
const { state } = desk;

describe('an entry', () => {
  const good: Entry = {
    ...(desk.ledger[2] as Entry),
    seq: 4,
    points: -30,
    balanceAfter: 50,
    lots: [[1, -30]],
  };

  test('that follows from the state has no problem', () => {
    expect(checkEntry(state, good)).toEqual([]);
  });

  test.each<[string, Partial<Entry>, string]>([
    ['leaves a gap', { seq: 6 }, 'follows 3'],
    ['repeats a number', { seq: 3 }, 'follows 3'],
    ['continues another balance', { balanceAfter: 51 }, 'is not 51'],
    ['names a lot that is not there', { lots: [[9, -30]] }, 'names lot 9'],
    ['takes more than a lot has', { points: -31, balanceAfter: 49, lots: [[1, -31]] }, 'takes 31 from lot 1'],
    [
      'puts in more than a lot ever held',
      { points: 21, balanceAfter: 101, lots: [[1, 21]] },
      'more than it ever held',
    ],
    ['has allocations that do not add up', { lots: [[1, -29]] }, 'moves -29 points, but says -30'],
    ['hides points in debt', { debt: 1 }, 'moves -31 points'],
    [
      'repays debt that is not there',
      { points: 5, balanceAfter: 85, lots: [], debt: -5 },
      'repays more debt',
    ],
    [
      'makes an empty lot',
      { lot: { points: 0, expiresAt: null, byInactivity: false, availableAt: null } },
      'makes an empty lot',
    ],
    [
      'is posted before the entry before it',
      { postedAt: state.card.lastPostedAt - 1, occurredAt: 0 },
      'out of order',
    ],
    ['is posted before it happened', { occurredAt: good.postedAt + 1 }, 'out of order'],
  ])('that %s is caught', (_defect, change, problem) => {
    const problems = checkEntry(state, { ...good, ...change });
    expect(problems).toContainEqual(expect.stringContaining(problem));
    expect(problems.every((text) => text.startsWith(`entry ${change.seq ?? 4}: `))).toBe(true);
  });
});

describe('a card', () => {
  const lots = [...state.lots.values()];
  const holds = [...state.holds.values()];
  const [first, second] = lots as [Lot, Lot];
  const [open] = holds as [Hold];

  test('whose figures, lots and holds agree has no problem', () => {
    expect(checkCard(state.card, lots, holds)).toEqual([]);
  });

  test.each<[string, Partial<Card>, string]>([
    ['balance', { balance: 81 }, 'balance is 81, should be 80'],
    ['debt', { debt: 1 }, 'balance is 80, should be 79'],
    ['held', { held: 9 }, 'held is 9, should be 10'],
    ['pending', { pending: 1 }, 'pending is 1, should be 0'],
    ['openHolds', { openHolds: 2 }, 'open holds is 2, should be 1'],
    [
      'lifetime',
      { lifetime: { ...state.card.lifetime, redeemed: 19 } },
      'balance by lifetime figures is 80, should be 81',
    ],
  ])('whose %s is wrong is caught', (_figure, change, problem) => {
    expect(checkCard({ ...state.card, ...change }, lots, holds)).toContain(`card: ${problem}`);
  });

  test('with less than no debt is caught', () => {
    expect(checkCard({ ...state.card, debt: -1 }, lots, holds)).toContain('card: debt is -1');
  });

  test.each<[string, Lot[], string]>([
    ['more than it ever held', [{ ...first, remaining: 51 }, second], 'lot 1: remainder 51 of 50'],
    ['less than nothing', [{ ...first, remaining: -1 }, second], 'lot 1: remainder -1 of 50'],
    ['more held than left', [{ ...first, held: 31 }, second], 'lot 1: 31 held of 30'],
    ['held points that no hold reserves', [first, { ...second, held: 3 }], 'lot 2: held 3, holds say 0'],
    [
      'no held points where a hold reserves some',
      [{ ...first, held: 0 }, second],
      'lot 1: held 0, holds say 10',
    ],
  ])('with a lot that has %s is caught', (_defect, changed, problem) => {
    expect(checkCard(state.card, changed, holds)).toContain(problem);
  });

  test('with a hold on a lot that is gone is caught', () => {
    expect(checkCard(state.card, [second], holds)).toContain('lot 1: held, but not there');
  });

  test('a hold that is not open reserves nothing', () => {
    const released = holds.map((hold) => ({ ...hold, status: 'released' as const }));
    const free = lots.map((lot) => ({ ...lot, held: 0 }));
    expect(checkCard({ ...state.card, held: 0, openHolds: 0 }, free, released)).toEqual([]);
    expect(open.status).toBe('open');
  });
});
