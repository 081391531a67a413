import type { Cell, ColumnType, Table } from '@loyalty-engine/core';
import type { ColumnParameter } from './message-writer.ts';
import type { Call, Rows } from './pipeline.ts';
import type { WriteStatement } from './statement.ts';

const decoders: Record<ColumnType, (text: string) => Cell> = {
  text: (text) => text,
  json: (text) => text,
  count: Number,
  amount: Number,
  // Milliseconds; see `selectList`.
  instant: Number,
};

/** The columns of a table for a SELECT, in the form that `readRow` takes, whatever the session says of time zones and dates. */
export function selectList(table: Pick<Table<never>, 'columns'>, alias: string): string {
  return table.columns
    .map(([name, type]) =>
      // Not extract: that is of type numeric, and several times slower.
      type === 'instant' ? `(date_part('epoch', ${alias}.${name}) * 1000)::bigint` : `${alias}.${name}`,
    )
    .join(', ');
}

/** A row of a `selectList` as the thing it holds. */
export function readRow<Thing>(table: Table<Thing>, fields: readonly (string | null)[]): Thing {
  const cells: Cell[] = [];
  const { columns } = table;
  for (let index = 0; index < columns.length; index += 1) {
    const text = fields[index] ?? null;
    cells.push(text === null ? null : decoders[(columns[index] as readonly [string, ColumnType])[1]](text));
  }
  return table.fromRow(cells);
}

export function readRows<Thing>(table: Table<Thing>, rows: Rows): Thing[] {
  return rows.map((fields) => readRow(table, fields));
}

/** Rows turned into one array parameter for each column. */
export function columnParameters(
  columns: readonly (readonly [name: string, type: ColumnType])[],
  rows: readonly (readonly Cell[])[],
): ColumnParameter[] {
  return columns.map(([, type], index) => ({ type, rows, index }));
}

/** The call that writes rows; none where there are none. */
export function writeRows(
  { one, many }: WriteStatement,
  columns: readonly (readonly [name: string, type: ColumnType])[],
  rows: readonly (readonly Cell[])[],
): Call[] {
  if (rows.length === 0) return [];
  return [{ statement: rows.length === 1 ? one : many, values: columnParameters(columns, rows) }];
}

/** Values of one type as an array parameter. */
export function arrayParameter(type: ColumnType, cells: readonly Cell[]): ColumnParameter {
  return { type, rows: cells.map((cell) => [cell]), index: 0 };
}
