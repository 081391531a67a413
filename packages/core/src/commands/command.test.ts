import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidCommandError } from '../errors.ts';
import { commandSchema, parseInput, pointsSchema } from './command.ts';
import { earnSchema } from './earn.ts';
import { metadataSchema } from './metadata.ts';

const schema = commandSchema({ points: pointsSchema });
const member = { programId: 'miles', customerId: 'sachin' };

function refusal(input: unknown): InvalidCommandError {
  try {
    parseInput(schema, input);
  } catch (error) {
    if (error instanceof InvalidCommandError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('a command refuses, and names', () => {
  test.each<[string, unknown]>([
    ['points', { ...member }],
    ['points', { ...member, points: 0 }],
    ['points', { ...member, points: -5 }],
    ['points', { ...member, points: 1.5 }],
    ['points', { ...member, points: Number.NaN }],
    ['points', { ...member, points: Number.POSITIVE_INFINITY }],
    ['points', { ...member, points: '5' }],
    ['points', { ...member, points: 10 ** 12 + 1 }],
    ['programId', { points: 1 }],
    ['customerId', { points: 1, programId: 'miles' }],
    ['programId', { points: 1, customerId: 'sachin' }],
    ['programId', { points: 1, cardId: 'c', ...member }],
    ['customerId', { points: 1, cardId: 'c', customerId: 'sachin' }],
    ['customerId', { points: 1, programId: 'miles', customerId: '' }],
    ['idempotencyKey', { ...member, points: 1, idempotencyKey: '' }],
    ['occurredAt', { ...member, points: 1, occurredAt: 'yesterday' }],
    ['actor', { ...member, points: 1, actor: ' anita' }],
    ['locationId', { ...member, points: 1, locationId: 7 }],
    ['metadata', { ...member, points: 1, metadata: [] }],
    ['points_', { ...member, points: 1, points_: 1 }],
    ['', null],
    ['', 'earn'],
    ['', []],
  ])('%j: %j', (field, input) => {
    expect(refusal(input)).toMatchObject({ code: 'INVALID_COMMAND', field });
  });

  test('every wrong field, the first as the field of the error', () => {
    const { issues, message } = refusal({ ...member, points: -1, actor: '' });
    expect(issues.map(({ path }) => path.join('.')).sort()).toEqual(['actor', 'points']);
    expect(message.startsWith(`${issues[0]?.path.join('.')}: `)).toBe(true);
  });

  test('a field deep inside', () => {
    const order = { id: 'ORDER123', lines: [{ unitPrice: '5' }, { unitPrice: 'five' }] };
    expect(() => parseInput(earnSchema, { ...member, order })).toThrow(
      expect.objectContaining({ field: 'order.lines.1.unitPrice' }),
    );
  });

  test('an unknown field of any length, cut short', () => {
    expect(refusal({ ...member, points: 1, ['x'.repeat(5000)]: 1 }).field).toBe('x'.repeat(60));
  });
});

describe('input that cannot be read', () => {
  const explosive = (name: string) =>
    Object.defineProperty({ ...member, points: 1 }, name, {
      enumerable: true,
      get: () => {
        throw new Error('boom');
      },
    });

  test.each(['points', 'occurredAt', 'actor'])(
    'a getter of %s that throws is invalid input, no crash',
    (name) => {
      expect(refusal(explosive(name))).toMatchObject({
        code: 'INVALID_COMMAND',
        message: 'command: the input cannot be read',
      });
    },
  );

  test('nor is a proxy that throws', () => {
    const proxy = new Proxy(
      {},
      {
        get: () => Promise.reject,
        ownKeys: () => {
          throw new Error('boom');
        },
      },
    );
    expect(refusal(proxy).code).toBe('INVALID_COMMAND');
  });

  test('a schema without trouble passes its output through', () => {
    expect(parseInput(z.object({ n: z.number().default(3) }), {})).toEqual({ n: 3 });
  });
});

describe('metadata', () => {
  const parse = (input: unknown) => {
    const result = metadataSchema.safeParse(input);
    return result.success ? JSON.stringify(result.data) : 'refused';
  };
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { in: nested(levels - 1) });

  test('has one form: keys in order, whatever order they came in, at every level', () => {
    const canonical = '{"a":[{"x":1,"y":2}],"b":{"c":true,"d":null}}';
    expect(parse({ b: { d: null, c: true }, a: [{ y: 2, x: 1 }] })).toBe(canonical);
    expect(parse({ a: [{ x: 1, y: 2 }], b: { c: true, d: null } })).toBe(canonical);
  });

  test('is a copy', () => {
    const input = { list: [1] };
    const copy = metadataSchema.parse(input) as { list: number[] };
    input.list.push(2);
    expect(copy.list).toEqual([1]);
  });

  test.each<[string, unknown]>([
    ['a list', []],
    ['a text', 'text'],
    ['null', null],
    ['a Date', { at: new Date(0) }],
    ['a Map', { map: new Map() }],
    ['a class of its own', { own: new (class Own {})() }],
    ['a function', { run: () => 1 }],
    ['undefined', { nothing: undefined }],
    ['a bigint', { big: 1n }],
    ['NaN', { n: Number.NaN }],
    ['Infinity', { n: Number.POSITIVE_INFINITY }],
    ['minus zero', { n: -0 }],
    ['a zero character', { text: 'a\0b' }],
    ['half a surrogate pair', { text: '\ud800' }],
    ['a key with half a surrogate pair', { '\udc00': 1 }],
    ['__proto__ as a key', JSON.parse('{"__proto__": {"admin": true}}')],
    ['six levels', nested(6)],
    ['more than 4,096 characters', { text: 'x'.repeat(4096) }],
    [
      'a throwing getter',
      Object.defineProperty({}, 'x', {
        enumerable: true,
        get: () => {
          throw new Error('boom');
        },
      }),
    ],
  ])('refuses %s', (_name, input) => {
    expect(parse(input)).toBe('refused');
  });

  test('a loop is refused like anything too deep', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(parse(loop)).toBe('refused');
  });

  test('accepts five levels, 4,096 characters and an object without a prototype', () => {
    expect(parse(nested(5))).toBe(JSON.stringify(nested(5)));
    expect(parse({ text: 'x'.repeat(4096 - '{"text":""}'.length) })).toHaveLength(4096);
    expect(parse(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });
});
