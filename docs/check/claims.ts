import type { Database } from 'better-sqlite3';
import type { Knex } from 'knex';
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

/** A store with tables to ask. */
type SqlStore = { database: Database } | { knex: Knex };

/** What an SQL block and the table under it say. */
export async function claimRows(
  where: string,
  store: SqlStore,
  sql: string,
  expected: string[][] | null,
): Promise<void> {
  reached.add(where);
  const table = 'knex' in store ? await tableOfPostgres(store.knex, sql) : tableOfSqlite(store.database, sql);
  if (expected !== null) expect(table, where).toEqual(expected);
}

function tableOfSqlite(database: Database, sql: string): string[][] {
  const statement = database.prepare(sql).raw();
  const rows = statement.all() as unknown[][];
  return [statement.columns().map(({ name }) => name), ...rows.map((row) => row.map(String))];
}

/** Cells as the server writes them, which is what psql shows. */
async function tableOfPostgres(knex: Knex, sql: string): Promise<string[][]> {
  const connection = await knex.client.acquireConnection();
  try {
    const types = { getTypeParser: () => (text: string) => text };
    const { fields, rows } = await connection.query({ text: sql, rowMode: 'array', types });
    const names = (fields as { name: string }[]).map(({ name }) => name);
    return [names, ...(rows as unknown[][]).map((row) => row.map(String))];
  } finally {
    await knex.client.releaseConnection(connection);
  }
}
