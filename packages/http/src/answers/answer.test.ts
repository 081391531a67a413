import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { answer } from './answer.ts';

interface Visit {
  readonly at: string;
  note?: string | undefined;
  lines: readonly { kind: 'tea' | 'coffee' }[];
  by: { name: string | null } | null;
}

const by = z.object({ name: z.string().nullable() }).nullable();
const lines = z.array(z.object({ kind: z.enum(['tea', 'coffee']) }));
const note = z.string().optional();
const at = z.string();
const visit = answer<Visit>();

describe('the schema of an answer', () => {
  test('is given back as it is', () => {
    const schema = z.object({ at, note, lines, by }).meta({ id: 'Visit' });
    expect(visit(schema)).toBe(schema);
  });

  // What is said here is checked by tsc: an expected error that does not come is one.
  test('does not compile where it is not what the engine answers', () => {
    // @ts-expect-error a field is missing
    visit(z.object({ note, lines, by }));
    // @ts-expect-error an optional field is missing
    visit(z.object({ at, lines, by }));
    // @ts-expect-error there is a field more
    visit(z.object({ at, note, lines, by, more: z.string() }));
    // @ts-expect-error there is an optional field more
    visit(z.object({ at, note, lines, by, more: z.string().optional() }));
    // @ts-expect-error an optional field is demanded
    visit(z.object({ at, note: z.string(), lines, by }));
    // @ts-expect-error a value is missing, deep inside
    visit(z.object({ at, note, lines: z.array(z.object({ kind: z.enum(['tea']) })), by }));
    // @ts-expect-error there is a value more, deep inside
    visit(z.object({ at, note, lines: z.array(z.object({ kind: z.enum(['tea', 'coffee', 'milk']) })), by }));
    // @ts-expect-error null is not allowed for
    visit(z.object({ at, note, lines, by: by.unwrap() }));
    // @ts-expect-error something that is not JSON
    visit(z.object({ at: z.date(), note, lines, by }));
    // @ts-expect-error nothing is said of a field
    visit(z.object({ at: z.any(), note, lines, by }));
    // @ts-expect-error nothing is said at all
    visit(z.any());
  });

  test('does not compile where one of several forms is missing', () => {
    type Price = { points: number } | { stamps: number };
    const [points, stamps] = [z.object({ points: z.int() }), z.object({ stamps: z.int() })];
    answer<Price>()(z.union([points, stamps]));
    // @ts-expect-error there are prices in stamps
    answer<Price>()(points);
    // @ts-expect-error a price of neither is none
    answer<Price>()(z.object({ points: z.int().optional(), stamps: z.int().optional() }));
  });
});
