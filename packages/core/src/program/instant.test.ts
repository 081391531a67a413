import { expect, test } from 'vitest';
import { instantSchema, isoText, isoTextOrNull } from './instant.ts';

test.each<[unknown, string]>([
  ['2026-01-31T10:00:00+05:30', '2026-01-31T04:30:00.000Z'],
  ['2026-01-31T10:00Z', '2026-01-31T10:00:00.000Z'],
  ['2026-01-31T10:00:00.5Z', '2026-01-31T10:00:00.500Z'],
  ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
  ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
])('%s is the instant %s', (input, text) => {
  expect(isoText(instantSchema.parse(input))).toBe(text);
});

test.each<[string, unknown]>([
  ['a time without a zone', '2026-01-31T10:00:00'],
  ['a day without a time', '2026-01-31'],
  ['a zone by name', '2026-01-31T10:00:00 IST'],
  ['a zone that is none', '2026-01-31T10:00:00+99:00'],
  ['a blank between day and time', '2026-01-31 10:00:00Z'],
  ['month 13', '2026-13-01T00:00:00Z'],
  ['February 30', '2026-02-30T00:00:00Z'],
  ['April 31 in a zone', '2026-04-31T10:00:00+05:30'],
  ['February 29 of a common year', '2026-02-29T00:00:00Z'],
  ['hour 25', '2026-01-31T25:00:00Z'],
  ['a year before 1970', '1969-12-31T23:59:59Z'],
  ['the year 10000', new Date(Date.UTC(10_000, 0, 1))],
  ['a Date of nothing', new Date(Number.NaN)],
  ['milliseconds', 1_700_000_000_000],
  ['null', null],
  ['no text', ''],
])('%s is no instant', (_name, input) => {
  expect(instantSchema.safeParse(input).success).toBe(false);
});

test('no instant has no text', () => {
  expect(isoTextOrNull(null)).toBeNull();
  expect(isoTextOrNull(0)).toBe('1970-01-01T00:00:00.000Z');
});
