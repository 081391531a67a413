import { expect, test } from 'vitest';
import { type RawRecord, readRecords } from './read-records.ts';

async function recordsOf(text: string, chunkBytes = 7): Promise<RawRecord[]> {
  const bytes = Buffer.from(text);
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  };
  const records: RawRecord[] = [];
  for await (const record of readRecords({ chunks: chunks() })) records.push(record);
  return records;
}

test('reads comma-separated records with the line that each starts on', async () => {
  expect(await recordsOf('a,b\n1,2\n\n3,4')).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['1', '2'] },
    { line: 4, fields: ['3', '4'] },
  ]);
});

test('takes off CRLF and a byte order mark', async () => {
  expect(await recordsOf('\uFEFFa,b\r\n1,£2\r\n')).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['1', '£2'] },
  ]);
});

test('keeps commas, quotes and line breaks inside quotes', async () => {
  expect(await recordsOf('a,b\n"1,5","say ""hi"""\n"two\nlines",x\n9,9\n')).toEqual([
    { line: 1, fields: ['a', 'b'] },
    { line: 2, fields: ['1,5', 'say "hi"'] },
    { line: 3, fields: ['two\nlines', 'x'] },
    { line: 5, fields: ['9', '9'] },
  ]);
});

test('separates by runs of blanks where the header has no comma', async () => {
  expect(await recordsOf(' id  date total\r\n 00001 19970101   11.77\r\n')).toEqual([
    { line: 1, fields: ['id', 'date', 'total'] },
    { line: 2, fields: ['00001', '19970101', '11.77'] },
  ]);
});

test('an unclosed quote breaks its own line and no other', async () => {
  const rows = Array.from({ length: 120 }, (_, row) => `${row},"x"`);
  const records = await recordsOf(`a,b\n"open,1\n${rows.join('\n')}\n`, 100);
  expect(records[1]).toEqual({ line: 2, broken: 'has a quote in the wrong place' });
  expect(records).toHaveLength(122);
  expect(records.at(-1)).toEqual({ line: 122, fields: ['119', 'x'] });
  expect((await recordsOf('a,b\n"open,1\n2,3\n')).slice(1)).toEqual([
    { line: 2, broken: 'has a quote that is not closed' },
    { line: 3, fields: ['2', '3'] },
  ]);
});

test('refuses a file that has no lines', async () => {
  await expect(recordsOf('x'.repeat(1_100_000), 100_000)).rejects.toThrow('line 1 is longer than a million');
});
