import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addSpan, endOfNextDate, localDay, type Period, roundUpToPeriod, type Span } from './calendar.ts';

const iso = (at: number) => new Date(at).toISOString().replace(':00.000Z', 'Z');
const kolkata = 'Asia/Kolkata';
const newYork = 'America/New_York';
const lordHowe = 'Australia/Lord_Howe';

describe('a span later', () => {
  test.each<[string, string, Span, string, string]>([
    [
      'January 31 + 1 month is the last of February',
      '2026-01-31T00:00Z',
      { months: 1 },
      'UTC',
      '2026-02-28T00:00Z',
    ],
    ['in a leap year February 29', '2028-01-31T00:00Z', { months: 1 }, 'UTC', '2028-02-29T00:00Z'],
    [
      'February 29 + 12 months is February 28',
      '2028-02-29T10:00Z',
      { months: 12 },
      'UTC',
      '2029-02-28T10:00Z',
    ],
    [
      'February 29 + 48 months is February 29',
      '2028-02-29T10:00Z',
      { months: 48 },
      'UTC',
      '2032-02-29T10:00Z',
    ],
    ['12 months are no 360 days', '2026-01-15T06:30Z', { months: 12 }, kolkata, '2027-01-15T06:30Z'],
    [
      'Kolkata is in February when UTC is not',
      '2026-01-31T18:30Z',
      { months: 1 },
      kolkata,
      '2026-02-28T18:30Z',
    ],
    [
      'end of month by the wall clock of Kolkata',
      '2026-01-30T20:00Z',
      { months: 1 },
      kolkata,
      '2026-02-27T20:00Z',
    ],
    [
      'a day over the start of summer time has 23 hours',
      '2026-03-07T17:00Z',
      { days: 1 },
      newYork,
      '2026-03-08T16:00Z',
    ],
    ['a day over its end has 25', '2026-10-31T16:00Z', { days: 1 }, newYork, '2026-11-01T17:00Z'],
    [
      'months over the start of summer time',
      '2026-02-15T17:00Z',
      { months: 1 },
      newYork,
      '2026-03-15T16:00Z',
    ],
    ['a skipped wall time moves forward', '2026-03-07T07:30Z', { days: 1 }, newYork, '2026-03-08T07:30Z'],
    [
      'of a wall time that comes twice, the first',
      '2026-10-31T05:30Z',
      { days: 1 },
      newYork,
      '2026-11-01T05:30Z',
    ],
    ['half an hour of summer time begins', '2026-10-03T01:00Z', { days: 1 }, lordHowe, '2026-10-04T00:30Z'],
    ['half an hour of summer time ends', '2026-04-04T01:00Z', { days: 1 }, lordHowe, '2026-04-05T01:30Z'],
    [
      'a day that a zone left out is passed over',
      '2011-12-29T20:00Z',
      { days: 2 },
      'Pacific/Apia',
      '2011-12-30T20:00Z',
    ],
    ['no time at all', '2026-01-31T00:00Z', {}, 'UTC', '2026-01-31T00:00Z'],
  ])('%s', (_fact, from, span, zone, to) => {
    expect(iso(addSpan(Date.parse(from), span, zone))).toBe(to);
  });
});

describe('rounding up to', () => {
  test.each<[Period, string, string, string]>([
    ['day', '2026-01-15T06:30Z', kolkata, '2026-01-15T18:30Z'],
    ['day', '2026-01-15T18:30Z', kolkata, '2026-01-15T18:30Z'],
    ['day', '2026-03-08T04:59Z', newYork, '2026-03-08T05:00Z'],
    ['day', '2026-03-08T06:00Z', newYork, '2026-03-09T04:00Z'],
    ['day', '2026-11-01T12:00Z', newYork, '2026-11-02T05:00Z'],
    ['day', '2026-04-04T20:00Z', lordHowe, '2026-04-05T13:30Z'],
    ['day', '2011-12-29T20:00Z', 'Pacific/Apia', '2011-12-30T10:00Z'],
    ['day', '2018-11-03T15:00Z', 'America/Sao_Paulo', '2018-11-04T03:00Z'],
    ['day', '2018-11-04T15:00Z', 'America/Sao_Paulo', '2018-11-05T02:00Z'],
    ['month', '2026-02-01T00:00Z', 'UTC', '2026-02-01T00:00Z'],
    ['month', '2026-02-28T23:59Z', 'UTC', '2026-03-01T00:00Z'],
    ['month', '2026-01-31T18:29Z', kolkata, '2026-01-31T18:30Z'],
    ['month', '2026-01-31T18:31Z', kolkata, '2026-02-28T18:30Z'],
    ['quarter', '2026-01-01T00:00Z', 'UTC', '2026-01-01T00:00Z'],
    ['quarter', '2026-02-15T00:00Z', 'UTC', '2026-04-01T00:00Z'],
    ['quarter', '2026-12-31T23:59Z', 'UTC', '2027-01-01T00:00Z'],
    ['year', '2026-01-01T00:00Z', 'UTC', '2026-01-01T00:00Z'],
    ['year', '2026-06-15T00:00Z', kolkata, '2026-12-31T18:30Z'],
    ['year', '2026-12-31T18:30Z', kolkata, '2026-12-31T18:30Z'],
  ])('the %s, %s in %s is %s', (period, at, zone, end) => {
    expect(iso(roundUpToPeriod(Date.parse(at), period, zone))).toBe(end);
  });

  test('a millisecond after a start goes to the next, a millisecond before it to that one', () => {
    const start = Date.parse('2026-03-31T18:30:00Z');
    for (const period of ['day', 'month', 'quarter'] as const) {
      expect(roundUpToPeriod(start - 1, period, kolkata)).toBe(start);
      expect(roundUpToPeriod(start, period, kolkata)).toBe(start);
      expect(roundUpToPeriod(start + 1, period, kolkata)).toBeGreaterThan(start);
    }
  });
});

describe('the end of the next', () => {
  test.each<[string, [number, number], string, string, string]>([
    ['March 31 before it', [3, 31], '2026-01-15T06:30Z', kolkata, '2026-03-31T18:30Z'],
    ['March 31 on the very day', [3, 31], '2026-03-31T10:00Z', kolkata, '2026-03-31T18:30Z'],
    ['March 31 in its last minute', [3, 31], '2026-03-31T18:29Z', kolkata, '2026-03-31T18:30Z'],
    ['March 31 at its very end', [3, 31], '2026-03-31T18:30Z', kolkata, '2027-03-31T18:30Z'],
    ['March 31 after it', [3, 31], '2026-06-01T00:00Z', kolkata, '2027-03-31T18:30Z'],
    ['December 31', [12, 31], '2026-06-01T00:00Z', 'UTC', '2027-01-01T00:00Z'],
    ['December 31 by the year of the zone', [12, 31], '2026-12-31T20:00Z', kolkata, '2027-12-31T18:30Z'],
    ['February 29 in a leap year', [2, 29], '2028-01-01T00:00Z', 'UTC', '2028-03-01T00:00Z'],
    ['February 29 in a common year', [2, 29], '2026-01-01T00:00Z', 'UTC', '2026-03-01T00:00Z'],
    ['February 29 on February 28 of a common year', [2, 29], '2026-02-28T12:00Z', 'UTC', '2026-03-01T00:00Z'],
    [
      'a date before a skipped midnight',
      [11, 3],
      '2018-10-01T00:00Z',
      'America/Sao_Paulo',
      '2018-11-04T03:00Z',
    ],
    ['a date before a day left out', [12, 29], '2011-12-01T00:00Z', 'Pacific/Apia', '2011-12-30T10:00Z'],
  ])('%s', (_fact, [month, date], at, zone, end) => {
    expect(iso(endOfNextDate(Date.parse(at), month, date, zone))).toBe(end);
  });
});

/** The wall clock of a zone, by the platform alone. */
function wallClock(at: number, zone: string): string {
  const format = new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return format.format(at);
}

const zones = fc.constantFrom(
  'UTC',
  kolkata,
  newYork,
  lordHowe,
  'Pacific/Apia',
  'Pacific/Chatham',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Europe/Dublin',
);
const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) });

describe('in any zone at any instant', () => {
  test('a start of a day, month, quarter or year reads so on the wall clock, and is not before the instant', () => {
    fc.assert(
      fc.property(
        instants,
        zones,
        fc.constantFrom<Period>('day', 'month', 'quarter', 'year'),
        (at, zone, period) => {
          const end = roundUpToPeriod(at, period, zone);
          expect(end).toBeGreaterThanOrEqual(at);
          const [date = ''] = wallClock(end, zone).split(' ');
          expect(wallClock(end - 1, zone).startsWith(date)).toBe(false);
          if (period !== 'day') expect(date.slice(8)).toBe('01');
          if (period === 'quarter') expect(['01', '04', '07', '10']).toContain(date.slice(5, 7));
          if (period === 'year') expect(date.slice(5, 7)).toBe('01');
          const longest = { day: 2, month: 32, quarter: 93, year: 367 }[period];
          expect(end - at).toBeLessThan(longest * 86_400_000);
        },
      ),
    );
  });

  test('a number of days later the wall clock shows the same time, unless the zone skips it', () => {
    fc.assert(
      fc.property(instants, zones, fc.integer({ min: 1, max: 800 }), (at, zone, days) => {
        const [date, time] = wallClock(at, zone).split(' ');
        const [laterDate, laterTime] = wallClock(addSpan(at, { days }, zone), zone).split(' ');
        const wanted = new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
        if (laterTime === time && laterDate === wanted) return;
        // Skipped: an hour before, this wall time had not come yet; now it has passed.
        expect(`${laterDate} ${laterTime}` > `${wanted} ${time}`).toBe(true);
        expect(wallClock(addSpan(at, { days }, zone) - 3_600_000, zone) < `${wanted} ${time}`).toBe(true);
      }),
    );
  });
});

describe('a local day', () => {
  test.each([
    ['2026-01-15T18:29:59.999Z', kolkata, '2026-01-15', '2026-01-14T18:30Z', '2026-01-15T18:30Z'],
    ['2026-01-15T18:30:00.000Z', kolkata, '2026-01-16', '2026-01-15T18:30Z', '2026-01-16T18:30Z'],
    ['2026-03-08T12:00:00.000Z', newYork, '2026-03-08', '2026-03-08T05:00Z', '2026-03-09T04:00Z'],
    ['2026-11-01T12:00:00.000Z', newYork, '2026-11-01', '2026-11-01T04:00Z', '2026-11-02T05:00Z'],
    ['2026-03-28T23:00:00.000Z', 'Asia/Beirut', '2026-03-29', '2026-03-28T22:00Z', '2026-03-29T21:00Z'],
    ['2026-11-01T04:30:00.000Z', 'America/Havana', '2026-11-01', '2026-11-01T04:00Z', '2026-11-02T05:00Z'],
    ['2026-04-05T03:30:00.000Z', 'America/Santiago', '2026-04-04', '2026-04-04T03:00Z', '2026-04-05T04:00Z'],
    ['2026-09-06T04:00:00.000Z', 'America/Santiago', '2026-09-06', '2026-09-06T04:00Z', '2026-09-07T03:00Z'],
  ])('%s in %s is %s', (at, zone, day, from, to) => {
    const found = localDay(Date.parse(at), zone);
    expect([found.day, iso(found.from), iso(found.to)]).toEqual([day, from, to]);
  });

  test('is one of those that part time: each instant lies in one day, and days follow each other', () => {
    const withMidnights = fc.oneof(
      zones,
      fc.constantFrom('Asia/Beirut', 'America/Havana', 'America/Santiago', 'Africa/Cairo', 'Asia/Kathmandu'),
    );
    fc.assert(
      fc.property(instants, withMidnights, (at, zone) => {
        const { day, from, to } = localDay(at, zone);
        expect(from <= at && at < to).toBe(true);
        expect(wallClock(at, zone).split(' ')[0]).toBe(day);
        expect(to - from).toBeGreaterThanOrEqual(22 * 3_600_000);
        expect(to - from).toBeLessThanOrEqual(26 * 3_600_000);
        expect(localDay(from, zone)).toEqual({ day, from, to });
        expect(localDay(to - 1, zone)).toEqual({ day, from, to });
        expect(localDay(to, zone).from).toBe(to);
        expect(localDay(from - 1, zone).to).toBe(from);
        expect(localDay(to, zone).day > day).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test('is remembered, and forgetting changes no answer', () => {
    const days = Array.from({ length: 4200 }, (_, index) => Date.UTC(2020, 0, 1 + index, 20));
    const first = days.map((at) => localDay(at, kolkata).day);
    expect(days.map((at) => localDay(at, kolkata).day)).toEqual(first);
    expect(new Set(first).size).toBe(4200);
    expect(first[0]).toBe('2020-01-02');
  });
});
