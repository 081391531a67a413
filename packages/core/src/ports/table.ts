/**
 * What a column holds: `text`; `json` text; a `count` below 2^31; an `amount` of points or minor units up to 2^53-1;
 * an `instant` in milliseconds, of which those from 10^15 on stand for "on confirm", "by inactivity" and "never".
 */
export type ColumnType = 'text' | 'json' | 'count' | 'amount' | 'instant';

/** A value as a row holds it. */
export type Cell = string | number | null;

/**
 * One table of a store that keeps rows: its columns, of which the first `keys` are the primary key, and the way between
 * a row and what it holds. Rows start with their card's id.
 */
export interface Table<Thing> {
  name: string;
  columns: readonly (readonly [name: string, type: ColumnType])[];
  keys: number;
  toRow(thing: Thing, cardId: string): Cell[];
  fromRow(row: readonly Cell[]): Thing;
}
