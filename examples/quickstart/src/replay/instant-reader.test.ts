import { expect, test } from 'vitest';
import { instantReader } from './instant-reader.ts';

const at = (text: string, format?: string, zone = 'Europe/London') => {
  const instant = instantReader(format, zone)(text);
  return instant === null ? null : new Date(instant).toISOString();
};

test('a time without a zone is wall time of the program', () => {
  expect(at('2011-01-15 08:26:00', 'yyyy-MM-dd HH:mm:ss')).toBe('2011-01-15T08:26:00.000Z');
  expect(at('2011-07-15 08:26:00', 'yyyy-MM-dd HH:mm:ss')).toBe('2011-07-15T07:26:00.000Z');
  expect(at('19970101', 'yyyyMMdd', 'America/New_York')).toBe('1997-01-01T05:00:00.000Z');
});

test('reads ISO 8601 where no format is given', () => {
  expect(at('2024-07-01T10:00:00+05:30')).toBe('2024-07-01T04:30:00.000Z');
  expect(at('2024-07-01T10:00:00Z')).toBe('2024-07-01T10:00:00.000Z');
  expect(at('2024-07-01 10:00')).toBe('2024-07-01T09:00:00.000Z');
  expect(at('2024-07-01')).toBe('2024-06-30T23:00:00.000Z');
});

test.each(['2024-06-31', '2023-02-30T10:00:00Z', 'yesterday', '', '1-2-3', '0001-01-01'])(
  'refuses %j, which is no date of an order',
  (text) => {
    expect(at(text)).toBeNull();
  },
);

test('refuses a date that is not in the given format', () => {
  expect(at('2011-01-15', 'yyyyMMdd')).toBeNull();
  expect(at('19970231', 'yyyyMMdd')).toBeNull();
});
