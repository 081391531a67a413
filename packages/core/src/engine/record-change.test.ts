import { expect, test } from 'vitest';
import { changedFields } from './record-change.ts';

test('fields that differ are named as they were and as they are', () => {
  expect(changedFields({ a: 1, b: [1], c: null }, { a: 1, b: [2], c: null })).toEqual({
    before: { b: [1] },
    after: { b: [2] },
  });
});

test('rows that are alike have none, also where an empty field is left out', () => {
  expect(changedFields({ a: 1 }, { a: 1, b: undefined })).toBeNull();
});
