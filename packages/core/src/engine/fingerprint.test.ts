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
  expect(of({ order: { ...order, paymentStatus: 'paid' } })).toBe(usual);
});

test('does not depend on the key, how the card is named, nor on when, where and by whom it is sent again', () => {
  const usual = of({ order });
  expect(fingerprint('earn', parseInput(earnSchema, { cardId: 'card-1', order }))).toBe(usual);
  for (const around of [
    { idempotencyKey: 'k' },
    { occurredAt: '2026-01-15T06:30:00Z' },
    { actor: 'anita' },
    { locationId: 'fort' },
    { metadata: { attempt: 2 } },
  ]) {
    expect(of({ order, ...around })).toBe(usual);
  }
});

test.each<[string, object]>([
  ['amount', { order: { ...order, total: '500.01' } }],
  ['order', { order: { ...order, id: 'ORDER124' } }],
  ['payment status', { order: { ...order, paymentStatus: 'pending' } }],
])('differs where the %s does', (_what, input) => {
  expect(of(input)).not.toBe(of({ order }));
});

test('differs between kinds of command', () => {
  expect(of({ order }, 'earn')).not.toBe(of({ order }, 'redeem'));
});

test('differs for any two texts', () => {
  const of = (orderId: string) => fingerprint('refund', { orderId } as object);
  const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(of(a) === of(b)).toBe(a === b);
    }),
    { numRuns: 1000 },
  );
  const many = new Set(Array.from({ length: 50_000 }, (_, index) => of(`ORDER${index}`)));
  expect(many.size).toBe(50_000);
});
