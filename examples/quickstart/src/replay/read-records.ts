import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { type Line, LineReader } from './line-reader.ts';
import type { TextSource } from './open-text.ts';

/** One record of the file and the line it starts on. `broken` says why it could not be read at all. */
export type RawRecord = { line: number; fields: string[] } | { line: number; broken: string };

/** Quoted text may span lines, but a quote that is never closed must not swallow the file. */
const maxLinesOfRecord = 50;

/**
 * Streams a file's records, the header first; empty lines are passed over. A header with a comma makes it a CSV file;
 * otherwise columns are separated by blanks or tabs.
 */
export async function* readRecords({ chunks }: Pick<TextSource, 'chunks'>): AsyncGenerator<RawRecord> {
  const lines = new LineReader(chunks);
  let commas: boolean | undefined;
  for (let line = await lines.next(); line; line = await lines.next()) {
    if (line.text.trim() === '') continue;
    commas ??= line.text.includes(',');
    if (!commas) yield { line: line.number, fields: line.text.trim().split(/\s+/) };
    else if (!line.text.includes('"')) yield { line: line.number, fields: line.text.split(',') };
    else yield await readQuoted(line, lines);
  }
}

/** Reads a record with quotes. Where it turns out broken only its first line is; those after it are read anew. */
async function readQuoted(first: Line, lines: LineReader): Promise<RawRecord> {
  const line = first.number;
  const taken: Line[] = [];
  let text = first.text;
  for (;;) {
    const fields = splitQuoted(text);
    if (typeof fields !== 'string') return { line, fields };
    const more = fields === stillOpen && taken.length < maxLinesOfRecord ? await lines.next() : null;
    if (!more) {
      lines.unread(taken);
      return { line, broken: fields };
    }
    taken.push(more);
    text += `\n${more.text}`;
  }
}

const stillOpen = 'has a quote that is not closed';

/** The fields of a record; text says why there are none. */
function splitQuoted(text: string): string[] | string {
  try {
    const [fields = []] = parse(text, { record_delimiter: '\u0000', relax_column_count: true });
    return fields;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return error.code === 'CSV_QUOTE_NOT_CLOSED' ? stillOpen : 'has a quote in the wrong place';
  }
}
