import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemTitles, type Route, refusalStatus, routes } from '@loyalty-engine/http';
import { expect, it } from 'vitest';
import { readPage, root } from './check/read-page.ts';

const { lines } = readPage('docs/http-api.md');

/** The rows of the table that has a heading, or begins with these columns; cells as they are written. */
function tableUnder(start: string): string[][] {
  const from = lines.findIndex((line) => line === start || (start.startsWith('|') && line.startsWith(start)));
  expect(from, `the page has ${start}`).toBeGreaterThan(0);
  const header = lines.findIndex((line, index) => index >= from && line.startsWith('|'));
  const end = lines.findIndex((line, index) => index > header && !line.startsWith('|'));
  return lines.slice(header + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

it.each(Object.entries(routes))(
  'the page has every operation of the area %s as it is',
  (area, operations) => {
    const rows = Object.entries(operations).map(([name, route]) => {
      const { method, path, summary, roles, key = '', etag } = route as Route;
      const request = `\`${method} ${path}\``;
      return [`\`${name}\``, request, summary, roles.join(', '), key, etag ? 'yes' : ''];
    });
    expect(tableUnder(`### Of the ${area}`)).toEqual(rows);
  },
);

it("the page has every code of the API's own with its status", () => {
  const source = readFileSync(join(root, 'packages/http/src/problem.ts'), 'utf8');
  const codes = Object.keys(problemTitles).map((code) => {
    const status = new RegExp(`^ {2}${code}: (\\d{3}),$`, 'm').exec(source)?.[1];
    return [`\`${code}\``, status];
  });
  const told = tableUnder('| Code | Status |').map(([code, status]) => [code, status]);
  expect(told.sort()).toEqual(codes.sort());
});

it('the page has the status of every refusal that is not 409', () => {
  const told = tableUnder('| Status | Refusals |').flatMap(([status, codes = '']) =>
    [...codes.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => [code, Number(status)]),
  );
  const others = Object.entries(refusalStatus).filter(([, status]) => status !== 409);
  expect(told.sort()).toEqual(others.sort());
});

it('no reading has a key, and whatever shows a PIN needs one', () => {
  const all = Object.values(routes).flatMap((area) => Object.entries(area) as [string, Route][]);
  expect(all.filter(([, { method, key }]) => method === 'GET' && key)).toEqual([]);
  const required = all.filter(([, { key }]) => key === 'required').map(([name]) => name);
  expect(required).toEqual(expect.arrayContaining(['registerStaff', 'resetPin', 'earn', 'redeem', 'adjust']));
});
