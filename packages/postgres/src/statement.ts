import { createHash } from 'node:crypto';
import type { ColumnType, Table } from '@loyalty-engine/core';
import { pgTypes } from './message-writer.ts';
import type { Statement } from './pipeline.ts';

export type Columns = readonly (readonly [name: string, type: ColumnType])[];
/** What of a table its statements are made of. */
export type Shape = Pick<Table<never>, 'name' | 'columns' | 'keys'>;

/** Named by its text, so that two copies of this package on one connection agree on what a name means. */
export function statement(text: string): Statement {
  return { name: `loyalty_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`, text };
}

/** A name of the host's choice as SQL. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Rows of parameters, one array a column, as a source of rows. */
export function unnest(columns: Columns, alias: string): string {
  return `unnest(${arrays(columns).join(', ')}) AS ${alias} (${namesOf(columns).join(', ')})`;
}

/** The same for one row. Every array that the server unnests costs it as much as a column of twenty rows does. */
function onlyRow(columns: Columns, alias: string): string {
  const names = namesOf(columns);
  const cells = arrays(columns).map((array, index) => `(${array})[1] AS ${names[index]}`);
  return `(SELECT ${cells.join(', ')}) AS ${alias}`;
}

function arrays(columns: Columns): string[] {
  return columns.map(([, type], index) => `$${index + 1}::${pgTypes[type].name}[]`);
}

/** A statement that writes rows of parameters: for one row, and for any number of them. */
export interface WriteStatement {
  one: Statement;
  many: Statement;
}

/** The statement that `text` makes of a source of rows. */
export function writing(columns: Columns, text: (rows: string) => string): WriteStatement {
  return { one: statement(text(onlyRow(columns, 't'))), many: statement(text(unnest(columns, 't'))) };
}

export function insert(table: string, columns: Columns): WriteStatement {
  return writing(
    columns,
    (rows) => `INSERT INTO ${table} (${namesOf(columns).join(', ')}) SELECT * FROM ${rows}`,
  );
}

/** Replaces columns of the rows that the first `keys` of them name. */
export function update(table: string, columns: Columns, keys: number): WriteStatement {
  const names = namesOf(columns);
  const values = names.slice(keys).map((name) => `${name} = t.${name}`);
  const matches = names.slice(0, keys).map((name) => `r.${name} = t.${name}`);
  return writing(
    columns,
    (rows) => `UPDATE ${table} r SET ${values.join(', ')} FROM ${rows} WHERE ${matches.join(' AND ')}`,
  );
}

/** Inserts rows; replaces rows. */
export function rowStatements(table: string, { columns, keys }: Pick<Shape, 'columns' | 'keys'>) {
  return [insert(table, columns), update(table, columns, keys)] as const;
}

function namesOf(columns: Columns): string[] {
  return columns.map(([name]) => name);
}
