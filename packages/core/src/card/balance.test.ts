import { describe, expect, test } from 'vitest';
import { adjust } from '../commands/adjust.ts';
import { award } from '../commands/award.ts';
import { earn } from '../commands/earn.ts';
import { hold } from '../commands/hold.ts';
import { redeem } from '../commands/redeem.ts';
import { Desk, day, milesVersion, minute, noon } from '../fixtures.test-data.ts';
import { balanceFigures, nextExpiry } from './balance.ts';
import { stateAt } from './evolve.ts';

const figures = (desk: Desk, at = desk.now) => {
  const { lifetime: _lifetime, ...figures } = balanceFigures(stateAt(desk.state, at), at);
  return figures;
};
const give = (desk: Desk, points: number, expiresAt?: number) =>
  desk.ok(award, {
    points,
    source: { type: 'gift', id: String(desk.ledger.length) },
    reason: 'gift',
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt) }),
  });

describe('the figures of a card', () => {
  test('are zeros before anything happened', () => {
    expect(figures(new Desk())).toEqual({ available: 0, pending: 0, held: 0, debt: 0, total: 0 });
  });

  test('set apart what is held and what is pending', () => {
    const desk = new Desk(milesVersion({ earn: { availability: { afterDays: 3 } } }));
    desk.ok(earn, { order: { id: 'ORDER123', total: '500' } });
    give(desk, 100);
    desk.ok(hold, { points: 30, holdMinutes: 10 });
    expect(figures(desk)).toEqual({ available: 70, pending: 50, held: 30, debt: 0, total: 150 });
    expect(figures(desk, noon + 10 * minute - 1)).toMatchObject({ available: 70, held: 30 });
    expect(figures(desk, noon + 10 * minute)).toMatchObject({ available: 100, held: 0 });
    expect(figures(desk, noon + 3 * day)).toEqual({
      available: 150,
      pending: 0,
      held: 0,
      debt: 0,
      total: 150,
    });
  });

  test('do not count a lot at exactly its end, without any job having run', () => {
    const desk = new Desk();
    give(desk, 20, noon + day);
    give(desk, 5);
    expect(figures(desk, noon + day - 1)).toMatchObject({ available: 25, total: 25 });
    expect(figures(desk, noon + day)).toMatchObject({ available: 5, total: 5 });
  });

  test('count held points past their end as held until the hold ends, and no others', () => {
    const desk = new Desk();
    give(desk, 20, noon + 5 * minute);
    desk.ok(hold, { points: 15, holdMinutes: 10 });
    expect(figures(desk, noon + 6 * minute)).toEqual({
      available: 0,
      pending: 0,
      held: 15,
      debt: 0,
      total: 15,
    });
    expect(figures(desk, noon + 10 * minute)).toMatchObject({ available: 0, held: 0, total: 0 });
  });

  test('take debt off what is available, and let points that are due pay it before they are lost', () => {
    const desk = new Desk(milesVersion({ earn: { availability: { afterDays: 3 } } }));
    desk.ok(earn, { order: { id: 'ORDER123', total: '500' } });
    desk.ok(adjust, { points: -20, allowDebt: true, reasonCode: 'correction', actor: 'anita' });
    expect(figures(desk)).toEqual({ available: 0, pending: 50, held: 0, debt: 20, total: 30 });
    expect(figures(desk, noon + 3 * day)).toEqual({ available: 30, pending: 0, held: 0, debt: 0, total: 30 });
  });

  test('never un-expire: asked for an earlier instant, they stand at the last written one', () => {
    const desk = new Desk();
    give(desk, 20, noon + day);
    desk.now = noon + 2 * day;
    give(desk, 5);
    expect(stateAt(desk.state, noon).card.pendingAsOf).toBe(noon + 2 * day);
    expect(figures(desk, noon)).toMatchObject({ available: 5, total: 5 });
  });
});

describe('the next expiry', () => {
  const next = (desk: Desk, at = desk.now) => nextExpiry(stateAt(desk.state, at), at);

  test('is none where nothing expires', () => {
    const desk = new Desk();
    give(desk, 5);
    expect(next(desk)).toBeNull();
  });

  test('adds up the lots that end together, and goes on to the next when they have ended', () => {
    const desk = new Desk();
    for (const [points, end] of [
      [7, noon + 2 * day],
      [20, noon + day],
      [5, noon + day],
    ] as const) {
      give(desk, points, end);
    }
    expect(next(desk)).toEqual({ points: 25, at: new Date(noon + day).toISOString() });
    desk.ok(redeem, { points: 6 });
    expect(next(desk)?.points).toBe(19);
    expect(next(desk, noon + day)).toEqual({ points: 7, at: new Date(noon + 2 * day).toISOString() });
  });

  test('is the deadline where points end by inactivity', () => {
    const desk = new Desk(milesVersion({ expiry: { kind: 'inactivity', days: 10 } }));
    desk.ok(earn, { order: { id: 'ORDER123', total: '500' } });
    expect(next(desk)).toEqual({ points: 50, at: new Date(noon + 10 * day).toISOString() });
  });
});
