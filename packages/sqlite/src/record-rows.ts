import type { Cell, RecordRow, Table } from '@loyalty-engine/core';
import type { Database, Statement } from 'better-sqlite3';
import { bind, boundRow } from './rows.ts';
import { assignments, byKey, insertSql, nameOf, namesOf, type Shape, selectSql } from './sql.ts';

interface TableStatements {
  find: Statement<unknown[], Cell[]>;
  within: Statement<unknown[], Cell[]>;
  insert: Statement<unknown[]>;
  update: Statement<unknown[]>;
}

/** The rows of merchants' books, whatever table they are of; the statements of a table are prepared once. */
export class RecordRows {
  private readonly prepared = new Map<string, TableStatements>();
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  find<Row>(table: Table<Row>, key: readonly Cell[]): Row | null {
    const row = this.statementsOf(table).find.get(key.map(bind));
    return row ? table.fromRow(row) : null;
  }

  /** Rows that begin with `within`, where the key has more than one column, by the last of them. */
  within<Row>(table: Table<Row>, within: string | null, after: Cell, limit: number): Row[] {
    const [, type] = table.columns[table.keys - 1] ?? [];
    const from = after ?? (type === 'text' ? '' : -1);
    const parameters = within === null ? [bind(from), limit] : [within, bind(from), limit];
    return this.statementsOf(table).within.all(parameters).map(table.fromRow);
  }

  write({ table, row, isNew }: RecordRow): void {
    const values = boundRow(table, row, '');
    const { insert, update } = this.statementsOf(table);
    if (isNew) insert.run(values);
    else update.run([...values.slice(table.keys), ...values.slice(0, table.keys)]);
  }

  private statementsOf(table: Shape): TableStatements {
    let statements = this.prepared.get(table.name);
    if (!statements) {
      statements = this.prepare(table);
      this.prepared.set(table.name, statements);
    }
    return statements;
  }

  private prepare(table: Shape): TableStatements {
    const read = (rest: string) =>
      this.database.prepare<unknown[], Cell[]>(selectSql(table, rest)).raw().safeIntegers(false);
    const columns = namesOf(table);
    const last = columns[table.keys - 1];
    const before = table.keys === 1 ? '' : `${byKey(table, table.keys - 1)} AND`;
    return {
      find: read(`WHERE ${byKey(table)}`),
      within: read(`WHERE ${before} ${last} > ? ORDER BY ${last} LIMIT ?`),
      insert: this.database.prepare(insertSql(table)),
      update: this.database.prepare(
        `UPDATE ${nameOf(table)} SET ${assignments(columns.slice(table.keys))} WHERE ${byKey(table)}`,
      ),
    };
  }
}
