import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore, type SqliteStore } from '@loyalty-engine/sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPage } from './check/read-page.ts';

const { lines } = readPage('docs/sqlite.md');
const folder = mkdtempSync(join(tmpdir(), 'loyalty-'));
let store: SqliteStore;
beforeAll(() => {
  store = openSqliteStore({ file: join(folder, 'loyalty.sqlite') });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

it('the page tells of every table, and of no other', () => {
  const told = lines.flatMap((line) => /^\| `(loyalty_\w+)` \|/.exec(line)?.[1] ?? []);
  const tables = store.database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    .pluck();
  expect(told.sort()).toEqual((tables.all() as string[]).sort());
});

it('the page tells the settings that a file of the store runs with', () => {
  const settings = [
    'journal_mode',
    'synchronous',
    'foreign_keys',
    'cache_size',
    'wal_autocheckpoint',
    'busy_timeout',
  ];
  const told = lines.flatMap((line) => /^\| `(\w+)` \| ([^|]+) \|/.exec(line)?.slice(1) ?? []);
  for (const name of settings) expect(told).toContain(name);
  const values = settings.map((name) => store.database.pragma(name, { simple: true }));
  expect(values).toEqual(['wal', 2, 1, -4096, 16_000, 20]);
});
