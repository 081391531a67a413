import type { Table } from '@loyalty-engine/core';

/** What of a table its statements are made of. */
export type Shape = Pick<Table<never>, 'name' | 'columns' | 'keys'>;

export function nameOf({ name }: Pick<Shape, 'name'>): string {
  return `loyalty_${name}`;
}

export function namesOf({ columns }: Pick<Shape, 'columns'>): string[] {
  return columns.map(([name]) => name);
}

export function assignments(columns: readonly string[]): string {
  return columns.map((column) => `${column} = ?`).join(', ');
}

export function selectSql(table: Shape, rest: string): string {
  return `SELECT ${namesOf(table).join(', ')} FROM ${nameOf(table)} ${rest}`;
}

export function insertSql(table: Shape): string {
  const columns = namesOf(table);
  return `INSERT INTO ${nameOf(table)} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
}

/** Inserts a row, or replaces all but its key. */
export function upsertSql(table: Shape): string {
  return onConflict(table, (column) => `${column} = excluded.${column}`);
}

/** Inserts a row, or adds its figures to those of the row there is. */
export function addSql(table: Shape): string {
  return onConflict(table, (column) => `${column} = ${column} + excluded.${column}`);
}

function onConflict(table: Shape, assign: (column: string) => string): string {
  const columns = namesOf(table);
  const key = columns.slice(0, table.keys).join(', ');
  const values = columns.slice(table.keys).map(assign);
  return `${insertSql(table)} ON CONFLICT (${key}) DO UPDATE SET ${values.join(', ')}`;
}

/** `column = ? AND ...` for the first columns of a table's key; all of them by default. */
export function byKey(table: Shape, columns = table.keys): string {
  return namesOf(table)
    .slice(0, columns)
    .map((column) => `${column} = ?`)
    .join(' AND ');
}
