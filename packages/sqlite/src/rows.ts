import { type Cell, entryKinds, type Table } from '@loyalty-engine/core';

/** What better-sqlite3 binds. */
export type Bound = Cell | bigint;

const maxBoundAsDouble = 2 ** 51;

/** A JavaScript number is bound as a double, and SQLite takes a double for an integer only up to 2^51. */
export function bind(cell: Cell): Bound {
  return typeof cell === 'number' && Math.abs(cell) >= maxBoundAsDouble ? BigInt(cell) : cell;
}

/** A thing as the values of its table's columns. */
export function boundRow<Thing>(table: Table<Thing>, thing: Thing, cardId: string): Bound[] {
  return table.toRow(thing, cardId).map(bind);
}

/** Every kind of entry, for the table's CHECK. */
export const entryKindList = entryKinds.map((kind) => `'${kind}'`).join(', ');
