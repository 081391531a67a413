import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInput } from '../commands/command.ts';
import { earnSchema } from '../commands/earn.ts';
import { fingerprint } from './fingerprint.ts';

const member = { programId: 'miles', customerId: 'sachin' };
const of = (input: object, kind = 'earn') =>
  fingerprint(kind, parseInput(earnSchema, { ...member, ...input }));
const order = { id: 'ORDER123', total: '500' };

test('is the same for the same content, however it was written', () => {
  const usual = of({ order });
  expect(of({ order: { total: '500.00', id: 'ORDER123' } })).toBe(usual);
  expect(of({ order: { id: 'ORDER123', total: 500 } })).toBe(usual);
  expect(of({ metadata: { b: 1, a: 2 }, order })).toBe(of({ order, metadata: { a: 2, b: 1 } }));
  expect(of({ order, occurredAt: '2026-01-15T12:00:00+05:30' })).toBe(
    of({ order, occurredAt: new Date('2026-01-15T06:30:00Z') }),
  );
});

test('does not depend on the key, nor on how the card is named', () => {
  expect(of({ order, idempotencyKey: 'k' })).toBe(of({ order }));
  expect(fingerprint('earn', parseInput(earnSchema, { cardId: 'card-1', order }))).toBe(of({ order }));
});

test.each<[string, object]>([
  ['amount', { order: { ...order, total: '500.01' } }],
  ['order', { order: { ...order, id: 'ORDER124' } }],
  ['payment status', { order: { ...order, paymentStatus: 'paid' } }],
  ['time', { order, occurredAt: '2026-01-15T06:30:00Z' }],
  ['actor', { order, actor: 'anita' }],
  ['location', { order, locationId: 'fort' }],
  ['metadata', { order, metadata: { a: 1 } }],
])('differs where the %s does', (_what, input) => {
  expect(of(input)).not.toBe(of({ order }));
});

test('differs between kinds of command', () => {
  expect(of({ order }, 'earn')).not.toBe(of({ order }, 'redeem'));
});

test('differs for any two texts', () => {
  const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(fingerprint('x', { metadata: { a } }) === fingerprint('x', { metadata: { a: b } })).toBe(
        a === b,
      );
    }),
    { numRuns: 1000 },
  );
  const many = new Set(
    Array.from({ length: 50_000 }, (_, index) => fingerprint('x', { actor: `a${index}` })),
  );
  expect(many.size).toBe(50_000);
});
