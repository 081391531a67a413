import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrate } from './migrate.ts';

it('makes its tables once, however often it runs', () => {
  const database = new BetterSqlite3(':memory:');
  migrate(database);
  migrate(database);
  const names = database.prepare('SELECT name FROM loyalty_migrations').pluck().all();
  expect(names).toEqual(['0001-loyalty']);
});

it('refuses a reward that is redeemed more often than there is of it', () => {
  const database = new BetterSqlite3(':memory:');
  migrate(database);
  const insert = database.prepare(
    "INSERT INTO loyalty_rewards VALUES ('miles', ?, 'Coffee', 'active', ?, ?, '{}')",
  );
  insert.run('limited', 2, 2);
  insert.run('endless', null, 1_000);
  expect(() => insert.run('sold-out', 2, 3)).toThrow('CHECK');
  expect(() => insert.run('negative', null, -1)).toThrow('CHECK');
});
