import { expect, it } from 'vitest';
import { readPage } from './read-page.ts';
import { differenceOf, shellExamplesOf } from './shell-examples.ts';

const shown = (text: string, language: 'json' | 'text' = 'json') => ({
  where: 'a page',
  commands: 'curl',
  answer: { language, text },
});

it.each([
  ['{ "a": 1 }', '{"a":1}'],
  ['{ "a": "..." }', '{"a":{"b":2}}'],
  ['{ "a": 1, "...": "..." }', '{"b":2,"a":1}'],
  ['[1, "..."]', '[1,2,3]'],
  ['{ "a": [{ "b": null }] }', '{"a":[{"b":null}]}'],
])('%s is what %s shows', (text, printed) => {
  expect(differenceOf(shown(text), printed)).toBeNull();
});

it.each([
  ['{ "a": 1 }', '{"a":2}', '.a'],
  ['{ "a": 1 }', '{"a":1,"b":2}', '.b'],
  ['{ "a": "..." }', '{}', '.a'],
  ['{ "a": 1, "...": "..." }', '{"b":2}', '.a'],
  ['[1]', '[1,2]', '.1'],
  ['[1, 2, "..."]', '[1]', '.1'],
  ['{ "a": [] }', '{"a":{}}', '.a'],
  ['{ "a": "1" }', '{"a":1}', '.a'],
])('%s is not what %s shows', (text, printed, path) => {
  expect(differenceOf(shown(text), printed)).toMatchObject({ path });
});

it('lines of text are printed in the order shown, whatever else is printed', () => {
  const printed = 'HTTP/1.1 200 OK\r\nDate: today\r\nETag: W/"1"\r\n\r\n{"a":1}';
  expect(differenceOf(shown('HTTP/1.1 200 OK\netag: ...\n{"a":1}', 'text'), printed)).toBeNull();
  expect(differenceOf(shown('etag: ...\nHTTP/1.1 200 OK', 'text'), printed)).toMatchObject({
    line: 'HTTP/1.1 200 OK',
  });
});

it('finds the commands of a page with the answer right under them', () => {
  const [first] = shellExamplesOf(readPage('docs/security.md'));
  expect(first?.commands).toContain('/logout');
  expect(first?.answer?.text).toContain('CROSS_SITE_REQUEST');
});
