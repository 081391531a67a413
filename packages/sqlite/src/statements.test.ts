import BetterSqlite3, { type Statement } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrations.ts';
import { prepareStatements } from './statements.ts';

describe('the statements of a settle', () => {
  const database = new BetterSqlite3(':memory:');
  migrate(database);
  const statements = prepareStatements(database);
  const onEveryCard = new Set(['programIds', 'lots', 'holds']);

  it.each(Object.entries(statements).filter(([name]) => !onEveryCard.has(name)))(
    '%s scans no table and sorts nothing',
    (_name, statement) => {
      const { source } = statement as Statement;
      const parameters = Array.from(source.matchAll(/\?/g), () => 1);
      const plan = database
        .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`)
        .all(...parameters);
      for (const { detail } of plan) {
        if (detail.includes('json_each')) continue;
        expect(detail).not.toMatch(/^SCAN|TEMP B-TREE/);
      }
    },
  );
});
