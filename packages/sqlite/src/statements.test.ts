import BetterSqlite3, { type Statement } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { prepareStatements } from './statements.ts';

describe('the statements of a settle, and of every list', () => {
  const database = new BetterSqlite3(':memory:');
  migrate(database);
  const statements = prepareStatements(database);
  const onEveryCard = new Set(['programIds', 'lots', 'holds', 'forgetAttempts']);
  const addingUp = new Set(['cardSums', 'talliesByKind', 'talliesByDay', 'talliesByLocation']);

  it.each(Object.entries(statements).filter(([name]) => !onEveryCard.has(name) && !addingUp.has(name)))(
    '%s scans no table and sorts nothing',
    (_name, statement) => {
      const { source } = statement as Statement;
      const names = Array.from(source.matchAll(/[^\w]:(\w+)/g), ([, name = '']) => [name, 1]);
      const parameters =
        names.length > 0 ? [Object.fromEntries(names)] : Array.from(source.matchAll(/\?/g), () => 1);
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
