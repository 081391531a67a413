import { expect, test } from 'vitest';
import { z } from 'zod';
import { identifierSchema } from '../program/identifier.ts';
import { cursorSchema, cursorText, placeOf } from './cursor.ts';

const placeSchema = z.tuple([z.number(), identifierSchema]);

test('a cursor stands for its place, however long the ids in it', () => {
  const place = [7, '"\\'.repeat(100)];
  const cursor = cursorSchema.parse(cursorText(place));
  expect(placeOf(placeSchema, cursor, 'a list')).toEqual(place);
  expect(cursorSchema.safeParse(cursorText(['"'.repeat(200), '"'.repeat(200)])).success).toBe(true);
});

test.each(['', 'x', '7', '[]', '[7]', '["7","a"]', '[7,"a",8]', '[7,"a\\u0000b"]', '[7,""]', '{"0":7}'])(
  '%j is not a cursor',
  (cursor) => {
    expect(() => placeOf(placeSchema, cursor, 'a list of cards')).toThrow(
      'cursor: is not a cursor of a list of cards',
    );
  },
);
