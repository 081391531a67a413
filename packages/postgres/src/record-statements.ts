import type { ColumnType } from '@loyalty-engine/core';
import { pgTypes } from './message-writer.ts';
import type { Statement } from './pipeline.ts';
import { selectList } from './rows.ts';
import {
  insert,
  quoteIdentifier,
  type Shape,
  statement,
  unnest,
  update,
  type WriteStatement,
} from './statement.ts';

/** What a merchant's books need of one of their tables. */
export interface RecordStatements {
  /** Rows by their keys, each with the place of its key at its end. */
  byKey: Statement;
  /** The same, locked in the order of their keys. */
  lock: Statement;
  /** By the last column of the key: what is after $1, as many as $2. What is before the last column is $3. */
  page: Statement;
  insert: WriteStatement;
  update: WriteStatement;
}

/** The statements for a merchant's books, made for each table when it is first used, and kept. */
export function recordStatementsFor(schemaName: string): (table: Shape) => RecordStatements {
  const schema = quoteIdentifier(schemaName);
  const made = new Map<string, RecordStatements>();
  return (table) => {
    let statements = made.get(table.name);
    if (!statements) {
      statements = statementsOf(`${schema}.${table.name}`, table);
      made.set(table.name, statements);
    }
    return statements;
  };
}

function statementsOf(name: string, table: Shape): RecordStatements {
  const keyColumns = table.columns.slice(0, table.keys);
  const keys = keyColumns.map(([column]) => column);
  const [last, type] = table.columns[table.keys - 1] as readonly [string, ColumnType];
  const selected = `SELECT ${selectList(table, 'r')}`;
  const place = ['place', 'count'] as const;
  const byKey = `${selected}, t.place FROM ${unnest([...keyColumns, place], 't')}
    JOIN ${name} r ON ${keys.map((key) => `r.${key} = t.${key}`).join(' AND ')}
    ORDER BY ${keys.map((key) => `r.${key}`).join(', ')}`;
  const within = keys.slice(0, -1).map((key) => `r.${key} = $3 AND `);
  return {
    byKey: statement(byKey),
    lock: statement(`${byKey} FOR UPDATE OF r`),
    page: statement(`${selected} FROM ${name} r
      WHERE ${within.join('')} r.${last} > $1::${pgTypes[type].name} ORDER BY r.${last} LIMIT $2`),
    insert: insert(name, table.columns),
    update: update(name, table.columns, table.keys),
  };
}

/** What comes before every key of a type. */
export const beforeAll: Partial<Record<ColumnType, string>> = { text: '', count: '-1' };
