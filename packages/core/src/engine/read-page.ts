import { z } from 'zod';
import type { Cell, Table } from '../ports/table.ts';
import { identifierSchema } from '../program/identifier.ts';
import { cursorSchema, cursorText, placeOf } from './cursor.ts';
import type { Books } from './record-change.ts';

/** What every list takes: at most 1,000 rows a page, 50 where nobody says, and where the page before ended. */
export const pageShape = {
  limit: z.number().int().min(1).max(1000).default(50),
  cursor: cursorSchema.optional(),
};

export const pageQuerySchema = z.strictObject(pageShape);

export type PageQuery = z.input<typeof pageQuerySchema>;

const placeSchemas = { text: z.tuple([identifierSchema]), count: z.tuple([z.number().int().min(0)]) };

/**
 * A page of rows that begin with `within`, by the last column of their key, from the cursor on; those that `admits` lets
 * through. `nextCursor` is null on the last page.
 *
 * @throws InvalidCommandError naming `cursor`.
 */
export async function readPage<Row>(
  store: Books,
  table: Table<Row>,
  within: string | null,
  { limit, cursor }: z.output<typeof pageQuerySchema>,
  admits: (row: Row) => boolean = () => true,
): Promise<{ rows: Row[]; nextCursor: string | null }> {
  const [, type] = table.columns[table.keys - 1] ?? [];
  const placeSchema = type === 'text' ? placeSchemas.text : placeSchemas.count;
  const placeIn = (row: Row) => table.toRow(row, '')[table.keys - 1] ?? null;
  const admitted: Row[] = [];
  let [after]: Cell[] = cursor === undefined ? [null] : placeOf(placeSchema, cursor, 'this list');
  let mayBeMore = true;
  while (mayBeMore && admitted.length <= limit) {
    const found = await store.recordsIn(table, within, after ?? null, limit + 1);
    admitted.push(...found.filter(admits));
    after = found.length > 0 ? placeIn(found.at(-1) as Row) : null;
    mayBeMore = found.length > limit;
  }
  const rows = admitted.slice(0, limit);
  const last = admitted.length > limit ? rows.at(-1) : undefined;
  return { rows, nextCursor: last === undefined ? null : cursorText([placeIn(last) ?? '']) };
}
