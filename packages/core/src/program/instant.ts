import { z } from 'zod';

/** An instant inside the engine: whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

/** What a caller may write as an instant: a Date, or an ISO 8601 text with a zone such as `2026-01-31T10:00:00+05:30`. */
export type InstantInput = Date | string;

const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const earliest = Date.UTC(1970, 0, 1);
const latest = Date.UTC(9999, 11, 31);

/** zod schema of an instant between the years 1970 and 9999; its output is an {@link Instant}. */
export const instantSchema = z
  .custom<InstantInput>()
  .meta({
    type: 'string',
    format: 'date-time',
    description: 'An instant, with its zone.',
    examples: ['2026-01-31T10:00:00+05:30'],
  })
  .transform((input, context): Instant => {
    const at =
      input instanceof Date
        ? input.getTime()
        : typeof input === 'string' && iso.test(input) && isRealDay(input)
          ? Date.parse(input)
          : NaN;
    if (at >= earliest && at <= latest) return at;
    context.addIssue({ code: 'custom', message: 'expected a Date or an ISO 8601 text with a zone' });
    return z.NEVER;
  });

/** Engines differ over February 30: some refuse it, some read March 2. Here no month has a day that it has not. */
function isRealDay(text: string): boolean {
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return Number(text.slice(8, 10)) <= lastDay;
}

// One command shows the same few instants again and again, and wording one costs as much as a rule.
let lastAt: Instant = 0;
let lastText = '1970-01-01T00:00:00.000Z';

/** @example isoText(0) //=> '1970-01-01T00:00:00.000Z' */
export function isoText(at: Instant): string {
  if (at !== lastAt) {
    lastText = new Date(at).toISOString();
    lastAt = at;
  }
  return lastText;
}

/** `isoText` that keeps null as null. */
export function isoTextOrNull(at: Instant | null): string | null {
  return at === null ? null : isoText(at);
}
