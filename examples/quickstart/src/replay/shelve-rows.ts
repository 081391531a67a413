import type { LeftOut } from './left-out.ts';
import { locateColumns } from './locate-columns.ts';
import type { Mapping } from './mapping.ts';
import type { TextSource } from './open-text.ts';
import type { OrderShelf } from './order-shelf.ts';
import type { ProgressBar } from './progress-bar.ts';
import { readRecords } from './read-records.ts';
import { rowParser } from './row-parser.ts';

/**
 * Reads a file row by row onto the shelf. What makes no sense is left out with why.
 *
 * @returns how many rows there were, the header not counted.
 * @throws Error in one line when the file has no header or its header lacks a column.
 */
export async function shelveRows(
  source: TextSource,
  mapping: Mapping,
  shelf: OrderShelf,
  leftOut: LeftOut,
  bar: ProgressBar,
): Promise<number> {
  let parse: ReturnType<typeof rowParser> | undefined;
  let rows = 0;
  for await (const record of readRecords(source)) {
    if (!parse) {
      if ('broken' in record) throw new Error(`the header cannot be read: ${record.broken}`);
      parse = rowParser(mapping, locateColumns(record.fields, mapping));
      continue;
    }
    rows += 1;
    if (rows % 5000 === 0) bar.update(source.bytesRead());
    const row = parse(record);
    if ('why' in row) {
      leftOut.add(row);
      continue;
    }
    const { line, orderId, customerId } = row;
    const misfit = shelf.add(row);
    if (misfit) leftOut.add({ line, why: 'broken', orderId, customerId, reason: misfit });
  }
  if (!parse) throw new Error('the file of orders is empty');
  return rows;
}
