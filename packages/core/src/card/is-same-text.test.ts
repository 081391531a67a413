import { expect, test } from 'vitest';
import { isSameText } from './is-same-text.ts';

test.each([
  ['', '', true],
  ['abc', 'abc', true],
  ['abc', 'abd', false],
  ['abc', 'xbc', false],
  ['abc', 'ab', false],
  ['', 'a', false],
])('%j and %j: the same is %s', (a, b, same) => {
  expect(isSameText(a, b)).toBe(same);
});
