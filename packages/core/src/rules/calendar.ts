import { TZDate } from '@date-fns/tz';
import { addDays } from 'date-fns/addDays';
import { addMonths } from 'date-fns/addMonths';
import { startOfDay } from 'date-fns/startOfDay';
import { startOfMonth } from 'date-fns/startOfMonth';
import { startOfQuarter } from 'date-fns/startOfQuarter';
import { startOfYear } from 'date-fns/startOfYear';
import type { Instant } from '../program/instant.ts';

/** A span of calendar months or of calendar days. */
export interface Span {
  months?: number | undefined;
  days?: number | undefined;
}

/**
 * The same wall-clock time a span later in a zone. Months are calendar months, clamped to the end of the month; a wall
 * time that a zone skips moves forward with its clocks.
 *
 * @example
 * addSpan(Date.parse('2026-01-31T00:00:00Z'), { months: 1 }, 'UTC') //=> Date.parse('2026-02-28T00:00:00Z')
 */
export function addSpan(at: Instant, span: Span, zone: string): Instant {
  const start = new TZDate(at, zone);
  return (
    span.months === undefined ? addDays(start, span.days ?? 0) : addMonths(start, span.months)
  ).getTime();
}

const periods = {
  day: { start: startOfDay, next: (date: TZDate) => addDays(date, 1) },
  month: { start: startOfMonth, next: (date: TZDate) => addMonths(date, 1) },
  quarter: { start: startOfQuarter, next: (date: TZDate) => addMonths(date, 3) },
  year: { start: startOfYear, next: (date: TZDate) => addMonths(date, 12) },
};
export type Period = keyof typeof periods;

/** The end of the period an instant lies in, as the start of the next one; an instant at a start stays. */
export function roundUpToPeriod(at: Instant, period: Period, zone: string): Instant {
  const { start, next } = periods[period];
  const begin = start(new TZDate(at, zone));
  return begin.getTime() === at ? at : start(next(begin)).getTime();
}

/** The local day that an instant lies in: its name, and the instants [from, to). */
export interface LocalDay {
  day: string;
  from: Instant;
  to: Instant;
}

/**
 * The day of an instant in a zone. It may have 23 or 25 hours.
 *
 * @example
 * localDay(Date.parse('2026-01-15T20:00:00Z'), 'Asia/Kolkata').day //=> '2026-01-16'
 */
export function localDay(at: Instant, zone: string): LocalDay {
  if (zone !== lastZone || at < lastDay.from || at >= lastDay.to) {
    lastDay = knownDay(at, zone);
    lastZone = zone;
  }
  return lastDay;
}

// Nearly every command of a shop is of its today.
let lastZone = '';
let lastDay: LocalDay = { day: '', from: 0, to: 0 };

function knownDay(at: Instant, zone: string): LocalDay {
  let days = knownDays.get(zone);
  if (!days) {
    days = new Map();
    knownDays.set(zone, days);
  }
  const utcDay = Math.floor(at / 86_400_000);
  const near = days.get(utcDay) ?? [];
  const known = near.find(({ from, to }) => from <= at && at < to);
  if (known) return known;
  const day = workOutDay(at, zone);
  if (days.size >= mostKnownDays) days.clear();
  days.set(utcDay, [...near, day]);
  return day;
}

// Zone arithmetic is slow. By days in UTC, each of which two or three local ones meet.
const knownDays = new Map<string, Map<number, LocalDay[]>>();
const mostKnownDays = 4000;

function workOutDay(at: Instant, zone: string): LocalDay {
  const start = startOfDay(new TZDate(at, zone));
  const padded = (value: number, width: number) => String(value).padStart(width, '0');
  return {
    day: `${padded(start.getFullYear(), 4)}-${padded(start.getMonth() + 1, 2)}-${padded(start.getDate(), 2)}`,
    from: start.getTime(),
    to: startOfDay(addDays(start, 1)).getTime(),
  };
}

/**
 * The end of the next `month`/`day` in a zone that is not before an instant: the start of the day after it. February 29
 * is February 28 in a common year.
 */
export function endOfNextDate(at: Instant, month: number, day: number, zone: string): Instant {
  const year = new TZDate(at, zone).getFullYear();
  for (const candidate of [year, year + 1]) {
    const lastDay = new Date(Date.UTC(candidate, month, 0)).getUTCDate();
    const end = new TZDate(candidate, month - 1, Math.min(day, lastDay) + 1, zone).getTime();
    if (end > at) return end;
  }
  throw new RangeError('endOfNextDate: no such date in two years');
}
