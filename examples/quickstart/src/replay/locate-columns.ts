import { type ColumnName, columnNames, type Mapping } from './mapping.ts';

/** Where each column stands in a record; undefined where the file has none. */
export type Columns = Partial<Record<ColumnName, number>> & { count: number };

/**
 * Finds the columns in the header.
 *
 * @throws Error in one line that names the column: one that the mapping names is missing, one without which no order
 * can be read is missing, or one is there twice.
 */
export function locateColumns(header: readonly string[], mapping: Mapping): Columns {
  const names = header.map((name) => name.trim());
  const columns: Columns = { count: names.length };
  for (const column of columnNames) {
    const wanted = mapping.columns[column];
    const at = names.indexOf(wanted ?? column);
    if (at >= 0 && names.indexOf(wanted ?? column, at + 1) >= 0) {
      throw new Error(`the header has the column '${wanted ?? column}' twice`);
    }
    if (at >= 0) columns[column] = at;
    else if (wanted !== undefined) throw missing(wanted, `the mapping's columns.${column}`, names);
  }
  for (const column of ['customer_id', 'placed_at'] as const) {
    if (columns[column] === undefined) throw missing(column, 'whose, or when, an order was', names);
  }
  if (columns.order_id === undefined && !mapping.missingOrderId) {
    throw missing('order_id', 'or a mapping with missingOrderId', names);
  }
  const hasLines = columns.quantity !== undefined && columns.unit_price !== undefined;
  if (columns.total === undefined && !hasLines) {
    throw missing('total', 'or quantity and unit_price, one row a line', names);
  }
  return columns;
}

function missing(column: string, why: string, names: readonly string[]): Error {
  return new Error(`the header has no column '${column}' (${why}); it has ${names.join(', ')}`.slice(0, 400));
}
