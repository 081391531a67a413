import { expect, it } from 'vitest';
import { mappingSchema } from '../examples/quickstart/src/replay/mapping.ts';
import { readPage } from './check/read-page.ts';

it('every mapping on the page is one that the replay takes', () => {
  const mappings = readPage('docs/replay.md').blocks.filter(({ language }) => language === 'json');
  expect(mappings).not.toEqual([]);
  for (const { text } of mappings) mappingSchema.parse(JSON.parse(text));
});
