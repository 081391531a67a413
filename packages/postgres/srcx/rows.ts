import type { Cell, ColumnType, Table } from '@loyalty-engine/core';
import type { ColumnParameter } from './message-writer.ts';
import type { Rows } from './pipeline.ts';

const decoders: Record<ColumnType, (text: string) => Cell> = {
  text: (text) => text,
  json: (text) => text,
  count: Number,
  amount: Number,
  // Seconds since 1970 with six decimals; see `selectList`.
  instant: (text) => Math.round(Number(text) * 1000),
};

/** The columns of a table for a SELECT, in the form that `readRow` takes, whatever the session says of time zones and dates. */
export function selectList(table: Pick<Table<never>, 'columns'>, alias: string): string {
  return table.columns
    .map(([name, type]) => (type === 'instant' ? `extract(epoch FROM ${alias}.${name})` : `${alias}.${name}`))
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

/** Values of one type as an array parameter. */
export function arrayParameter(type: ColumnType, cells: readonly Cell[]): ColumnParameter {
  return { type, rows: cells.map((cell) => [cell]), index: 0 };
}
