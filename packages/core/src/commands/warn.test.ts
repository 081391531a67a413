import { describe, expect, test } from 'vitest';
import { Desk, day, milesVersion, noon } from '../fixtures.test-data.ts';
import { award } from './award.ts';
import type { Decision } from './outcome.ts';
import { decideForgetWarning, decideWarn, type Warned } from './warn.ts';

const at = (days: number) => noon + days * day;
let sources = 0;

/** A card with an award of so many points for each end, in days from noon. */
function cardWith(ends: Record<number, number>): Desk {
  const desk = new Desk(milesVersion());
  for (const [days, points] of Object.entries(ends)) give(desk, Number(days), points);
  return desk;
}

/** One more award, which ends so many days from noon. */
function give(desk: Desk, days: number, points: number): void {
  const source = { type: 'test', id: `s${++sources}` };
  desk.ok(award, { points, source, reason: 'test', expiresAt: new Date(at(days)) });
}

/** What the job would say up to so many days from noon; the card is written as a store would write it. */
function warn(desk: Desk, untilDays: number) {
  const decision = decideWarn(desk.state, { until: at(untilDays) }, desk.now);
  decision.changed?.commit();
  const { outcome } = decision;
  if (!outcome.ok) throw new Error(outcome.code);
  const daysTo = (end: number | null) => end && (end - noon) / day;
  return [outcome.points, daysTo(outcome.expiresAt), daysTo(outcome.lastExpiresAt)];
}

/** What the card knows once it was warned up to so many days from noon. */
function warnedOn(desk: Desk, untilDays: number): Warned {
  warn(desk, untilDays);
  const { warnedOf, warnedSeq } = desk.state.card;
  return { warnedOf, warnedSeq };
}

const nothing = [0, null, null];

describe('what a customer is warned of', () => {
  test('are the points that end by then, once', () => {
    const desk = cardWith({ 5: 50, 7: 20, 40: 10 });
    expect(warn(desk, 30)).toEqual([70, 5, 7]);
    expect(warn(desk, 30)).toEqual(nothing);
    expect(desk.state.card.warnedOf).toBe(at(7));
  });

  test('are points that came after a warning and end before what it was of', () => {
    const desk = cardWith({ 20: 50 });
    expect(warn(desk, 30)).toEqual([50, 20, 20]);
    give(desk, 5, 30);
    expect(warn(desk, 30)).toEqual([30, 5, 5]);
    expect(warn(desk, 30)).toEqual(nothing);
    expect(desk.state.card).toMatchObject({ warnedOf: at(20), warnedSeq: 2 });
  });

  test('are points that a run with a shorter outlook has left out, with what lies as far ahead', () => {
    const desk = cardWith({ 25: 50 });
    expect(warn(desk, 30)).toEqual([50, 25, 25]);
    give(desk, 5, 30);
    give(desk, 20, 10);
    expect(warn(desk, 7)).toEqual([30, 5, 5]);
    expect(warn(desk, 7)).toEqual(nothing);
    expect(warn(desk, 30)).toEqual([60, 20, 25]);
    expect(warn(desk, 30)).toEqual(nothing);
  });

  test('are points with the next deadline as soon as that comes near, though an earlier one is still ahead', () => {
    const desk = cardWith({ 5: 50, 7: 20 });
    expect(warn(desk, 6)).toEqual([50, 5, 5]);
    desk.now = at(1);
    expect(warn(desk, 7)).toEqual([20, 7, 7]);
  });

  test('are no points that have ended already, at exactly that instant included', () => {
    const desk = cardWith({ 5: 50, 7: 20 });
    desk.now = at(5);
    expect(warn(desk, 30)).toEqual([20, 7, 7]);
  });

  test('are points that end at exactly the last instant looked at', () => {
    expect(warn(cardWith({ 5: 50 }), 5)).toEqual([50, 5, 5]);
    expect(warn(cardWith({ 5: 50 }), 4)).toEqual(nothing);
  });

  test('are no points that never end', () => {
    const desk = new Desk(milesVersion());
    desk.ok(award, { points: 50, source: { type: 'test', id: 'forever' }, reason: 'test' });
    expect(warn(desk, 3650)).toEqual(nothing);
  });

  test('are all points once more where an activity has moved the deadline', () => {
    const desk = new Desk(milesVersion({ expiry: { kind: 'inactivity', days: 10, activities: ['award'] } }));
    const use = (id: string) => desk.ok(award, { points: 10, source: { type: 'test', id }, reason: 'test' });
    use('first');
    expect(warn(desk, 10)).toEqual([10, 10, 10]);
    desk.now = at(2);
    use('second');
    expect(warn(desk, 11)).toEqual(nothing);
    expect(warn(desk, 12)).toEqual([20, 12, 12]);
  });

  test('is nothing on an inactive card', () => {
    const desk = cardWith({ 5: 50 });
    desk.state.card.status = 'inactive';
    expect(warn(desk, 30)).toEqual(nothing);
    expect(desk.state.card.warnedOf).toBeNull();
  });

  test('changes no card that there is nothing to say about', () => {
    const desk = cardWith({ 40: 50 });
    expect(decideWarn(desk.state, { until: at(30) }, desk.now)).toMatchObject({
      changed: null,
      outcome: { ok: true, points: 0 },
    });
  });
});

describe('a warning that could not be given', () => {
  const forget = (desk: Desk, warned: Warned, warnedBefore: Warned) => {
    const claim = { warned, warnedBefore };
    const decision: Decision<object> = decideForgetWarning(desk.state, claim, desk.now);
    decision.changed?.commit();
  };

  test('is forgotten, and what came before it is not', () => {
    const desk = cardWith({ 5: 50, 7: 20 });
    const before = warnedOn(desk, 5);
    const last = warnedOn(desk, 7);
    forget(desk, last, before);
    expect(warn(desk, 7)).toEqual([20, 7, 7]);
  });

  test('stays where the customer was warned of a later deadline meanwhile', () => {
    const desk = cardWith({ 5: 50, 7: 20 });
    const first = warnedOn(desk, 5);
    warn(desk, 7);
    forget(desk, first, { warnedOf: null, warnedSeq: 0 });
    expect(warn(desk, 7)).toEqual(nothing);
  });
});
