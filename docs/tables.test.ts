import { defaultSettings, entryKinds, operations, programSchema, rewardSchema } from '@loyalty-engine/core';
import { exampleProgram } from '@loyalty-engine/testing';
import { expect, it } from 'vitest';
import { readPage } from './check/read-page.ts';

/** The cells of the table whose header is given. */
function tableOf(name: string, header: string): string[][] {
  const { lines } = readPage(name);
  const first = lines.findIndex((line) => line.startsWith(header));
  expect(first, `${name} has a table ${header}`).toBeGreaterThan(0);
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const codesIn = (cell = '') => [...cell.matchAll(/`([\w-]+)`/g)].map(([, code = '']) => code);

it('the settings and their defaults are those of core', () => {
  const rows = tableOf('docs/staff-and-security.md', '| Setting |');
  const told = Object.fromEntries(rows.map(([name, value = '']) => [codesIn(name)[0], value]));
  expect(told).toEqual({
    ...Object.fromEntries(Object.entries(defaultSettings).map(([name, value]) => [name, String(value)])),
    staffPin: "`'optional'` for every operation",
  });
  expect(defaultSettings.staffPin).toEqual({});
});

it('the operations that a PIN can be asked for are those of core', () => {
  const rows = tableOf('docs/staff-and-security.md', '| Operation |');
  expect(rows.flatMap(([cell]) => codesIn(cell)).sort()).toEqual([...operations].sort());
});

it('the kinds of entries are those of core', () => {
  const rows = tableOf('docs/concepts.md', '| Kind |');
  expect(rows.flatMap(([cell]) => codesIn(cell))).toEqual(expect.arrayContaining([...entryKinds]));
  expect(rows.flatMap(([cell]) => codesIn(cell))).toHaveLength(entryKinds.length);
});

it('the fields of stamps and their defaults are those of core', () => {
  const rows = tableOf('docs/rules.md', '| Field of `stamps` |');
  const told = Object.fromEntries(rows.map(([name, value = '']) => [codesIn(name)[0], value]));
  const stamps = { target: 10, reward: { name: 'A coffee' } };
  const {
    target: _target,
    reward,
    expiry,
    ...rest
  } = programSchema.parse({ ...exampleProgram, stamps }).stamps ?? {};
  const defaults = Object.entries(rest).map(([name, value]) => [name, String(value)]);
  expect(told).toEqual({
    ...Object.fromEntries(defaults),
    target: '',
    reward: '',
    maxPerDay: 'no limit',
    expiry: expiry?.kind,
  });
  const [, , what] = rows.find(([name]) => name === '`reward`') ?? [];
  expect(what).toContain(`\`voucherDays\` (${reward?.voucherDays})`);
});

it('the fields of a reward are those of core', () => {
  const rows = tableOf('docs/cards-and-stamps.md', '| Field |');
  const told = rows.flatMap(([cell]) => codesIn(cell));
  const fields = Object.keys(rewardSchema.shape);
  expect([...told, 'programId', 'id', 'name'].sort()).toEqual(fields.sort());
  const days = rewardSchema.shape.voucherDays.parse(undefined);
  expect(rows.find(([name]) => name === '`voucherDays`')?.[1]).toBe(String(days));
});
