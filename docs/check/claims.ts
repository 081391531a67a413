import type { Database } from 'better-sqlite3';
import { expect } from 'vitest';

/** The claims that were reached, so that one behind a condition that is never true does not pass unseen. */
export const reached = new Set<string>();

/** What `expression //=> value` says. `partial` where the value ends in `...`. */
export function claim(where: string, actual: unknown, expected: unknown, partial: boolean): void {
  reached.add(where);
  if (partial) expect(actual, where).toMatchObject(expected as object);
  else expect(actual, where).toEqual(expected);
}

/** What `expression //=> throws CODE` says. */
export async function claimThrows(where: string, run: () => unknown, code: string): Promise<void> {
  reached.add(where);
  const thrown = await Promise.resolve()
    .then(run)
    .then(
      () => ({ code: 'nothing' }),
      (error: { code?: unknown }) => error,
    );
  expect(thrown, where).toMatchObject({ code });
}

/** What an SQL block and the table under it say. */
export function claimRows(where: string, database: Database, sql: string, expected: string[][] | null): void {
  reached.add(where);
  const statement = database.prepare(sql).raw();
  const rows = statement.all() as unknown[][];
  if (expected === null) return;
  const table = [statement.columns().map(({ name }) => name), ...rows.map((row) => row.map(String))];
  expect(table, where).toEqual(expected);
}
