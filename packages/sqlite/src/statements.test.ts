import BetterSqlite3, { type Statement } from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from './migrate.ts';
import { prepareStatements } from './statements.ts';

describe('the statements of a settle, and of every list', () => {
  const database = new BetterSqlite3(':memory:');
  migrate(database);
  const statements = prepareStatements(database);
  const onEveryCard = new Set(['programIds', 'lots', 'holds', 'forgetAttempts', 'forgetRequests']);
  const addingUp = new Set(['cardSums', 'talliesByKind', 'talliesByDay', 'talliesByLocation']);

  /** The steps of a plan, but for those through a list of parameters. */
  function planOf({ source }: Pick<Statement, 'source'>): string[] {
    const names = Array.from(source.matchAll(/[^\w]:(\w+)/g), ([, name = '']) => [name, 1]);
    const parameters =
      names.length > 0 ? [Object.fromEntries(names)] : Array.from(source.matchAll(/\?/g), () => 1);
    const plan = database
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${source}`)
      .all(...parameters);
    return plan.map(({ detail }) => detail).filter((detail) => !detail.includes('json_each'));
  }

  const sortingFew = new Set(['entriesOfOrder']);
  const others = new Set([...onEveryCard, ...addingUp, ...sortingFew]);

  it.each(Object.entries(statements).filter(([name]) => !others.has(name)))(
    '%s scans no table and sorts nothing',
    (_name, statement) => {
      for (const step of planOf(statement as Statement)) expect(step).not.toMatch(/^SCAN|TEMP B-TREE/);
    },
  );

  it('the entries of an order are found by the order, and only they are sorted', () => {
    const steps = planOf(statements.entriesOfOrder).filter((step) => /^SEARCH|^SCAN|TEMP/.test(step));
    expect(steps).toEqual([
      'SEARCH e USING INDEX loyalty_entries_order (order_id=?)',
      'SEARCH c USING PRIMARY KEY (card_id=?)',
      'USE TEMP B-TREE FOR ORDER BY',
    ]);
  });

  it('a page of all entries begins at its place in the order of their recording, a page of a card at its number', () => {
    expect(planOf(statements.entriesAcross)[0]).toBe(
      'SEARCH e USING INDEX loyalty_entries_recorded (recorded_at>? AND (recorded_at,card_id,seq)<(?,?,?))',
    );
    expect(planOf(statements.entriesOfCard)).toContain(
      'SEARCH e USING INDEX sqlite_autoindex_loyalty_entries_1 (card_id=? AND seq<?)',
    );
  });
});
