import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adjust } from '../commands/adjust.ts';
import { stamp } from '../commands/stamp.ts';
import { Desk, day, hour, noon, stampVersion } from '../fixtures.test-data.ts';
import { tallyEntries } from './tally-entries.ts';

const gift = { reasonCode: 'promotion', actor: 'anita' };

/** A card with stamps and corrections at some hours after noon, and the lines of a tally of its entries. */
function tallied(hours: readonly number[]) {
  const desk = new Desk(stampVersion({ maxPerVisit: 3 }));
  for (const [index, after] of hours.entries()) {
    desk.now = Math.max(desk.now, noon + after * hour);
    if (index % 3 === 0)
      desk.ok(adjust, index % 2 === 0 ? { points: 10, ...gift } : { points: -1, ...gift, allowDebt: true });
    else desk.ok(stamp, { stamps: index % 3, locationId: index % 2 === 0 ? 'bandra' : 'colaba' });
  }
  return desk;
}

test('entries are added up by the local day they were posted on: midnight in Kolkata is 18:30 in UTC', () => {
  const desk = new Desk(stampVersion());
  for (const at of ['2026-01-15T18:29:59.999Z', '2026-01-15T18:30:00.000Z']) {
    desk.now = Date.parse(at);
    desk.ok(stamp, {});
  }
  const tallies = tallyEntries([{ state: desk.state, entries: desk.ledger }]);
  expect(tallies.map(({ day: on, entries }) => [on, entries])).toEqual([
    ['2026-01-15', 1],
    ['2026-01-16', 1],
  ]);
});

test('an entry that is written late counts on the day of its posting, after those before it', () => {
  const desk = new Desk(stampVersion());
  desk.now = noon + 2 * day;
  desk.ok(stamp, {});
  desk.ok(stamp, { occurredAt: new Date(noon) });
  const tallies = tallyEntries([{ state: desk.state, entries: desk.ledger }]);
  expect(tallies).toMatchObject([{ day: '2026-01-17', entries: 2, stamps: 2 }]);
});

test('tallies of parts add up to those of the whole, in the same order, and lose nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(80), { maxLength: 15 }), fc.nat(15), (hours, cut) => {
      const { state, ledger } = tallied(hours.sort((a, b) => a - b));
      const whole = tallyEntries([{ state, entries: ledger }]);
      const parts = tallyEntries([
        { state, entries: ledger.slice(cut) },
        { state, entries: ledger.slice(0, cut) },
      ]);
      expect(parts).toEqual(whole);
      const sum = (of: 'entries' | 'points' | 'stamps') => whole.reduce((all, tally) => all + tally[of], 0);
      expect([sum('entries'), sum('points'), sum('stamps')]).toEqual([
        ledger.length,
        state.card.balance,
        state.card.stamps,
      ]);
    }),
    { numRuns: 50 },
  );
});
