import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidCommandError } from '../errors.ts';
import { amountSchema, fromMinor, toMinor, toRatio } from './amount.ts';

const parse = (input: unknown) => {
  const result = amountSchema.safeParse(input);
  return result.success ? result.data : 'refused';
};

describe('an amount', () => {
  test.each<[string, unknown]>([
    ['negative text', '-5'],
    ['negative number', -5],
    ['negative Decimal', new Decimal(-5)],
    ['a smallest negative number', -Number.MIN_VALUE],
    ['minus zero', -0],
    ['minus zero as text', '-0'],
    ['minus zero as Decimal', new Decimal(-0)],
    ['NaN', Number.NaN],
    ['NaN as text', 'NaN'],
    ['NaN as Decimal', new Decimal(Number.NaN)],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['Infinity as text', 'Infinity'],
    ['Infinity as Decimal', new Decimal(Number.POSITIVE_INFINITY)],
    ['an exponent', '1e3'],
    ['an exponent in capitals', '1E3'],
    ['a number that is written with an exponent', 1e-7],
    ['hexadecimal', '0x10'],
    ['a blank before', ' 5'],
    ['a blank after', '5 '],
    ['a line break after', '5\n'],
    ['a plus sign', '+5'],
    ['nothing before the point', '.5'],
    ['nothing after the point', '5.'],
    ['a point alone', '.'],
    ['two points', '1.2.3'],
    ['a comma', '1,50'],
    ['thousands', '1,000.00'],
    ['an underscore', '1_000'],
    ['an Arabic digit', '٣'],
    ['a fullwidth digit', '５'],
    ['a currency sign', '₹5'],
    ['no character', ''],
    ['17 digits before the point', '12345678901234567'],
    ['19 digits after the point', '0.1234567890123456789'],
    ['an unsafe number', 2 ** 53],
    ['a number beyond all money', 1e21],
    ['a huge Decimal', new Decimal('1e40')],
    ['a bigint', 5n],
    ['true', true],
    ['null', null],
    ['undefined', undefined],
    ['an array', ['5']],
    ['an object', { toString: () => '5' }],
    ['a boxed number', Object(5)],
  ])('refuses %s', (_name, input) => {
    expect(parse(input)).toBe('refused');
  });

  test.each<[unknown, string]>([
    ['0', '0'],
    [0, '0'],
    ['0.00', '0'],
    ['000', '0'],
    ['007', '7'],
    ['00.50', '0.5'],
    ['499.90', '499.9'],
    ['500.00', '500'],
    ['1000', '1000'],
    [499.9, '499.9'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [new Decimal('499.90'), '499.9'],
    [new Decimal('1e3'), '1000'],
    [new Decimal('1e-7'), '0.0000001'],
    ['9999999999999999', '9999999999999999'],
  ])('%s is kept as %s', (input, kept) => {
    expect(parse(input)).toBe(kept);
  });

  test('has one spelling: equal amounts are equal texts, however they were written', () => {
    const amounts = fc.tuple(fc.nat(10 ** 12), fc.nat(99), fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(amounts, ([whole, cents, before, after]) => {
        const plain = `${whole}.${String(cents).padStart(2, '0')}`;
        const padded = `${'0'.repeat(before)}${plain}${'0'.repeat(after)}`;
        const kept = new Decimal(plain).toFixed();
        expect([padded, plain, new Decimal(plain), Number(plain)].map(parse)).toEqual(Array(4).fill(kept));
      }),
    );
  });
});

describe('minor units', () => {
  test.each([
    ['499.9', 'INR', 49_990],
    ['0.01', 'INR', 1],
    ['0', 'INR', 0],
    ['500', 'JPY', 500],
    ['1.234', 'KWD', 1234],
    ['1', 'KWD', 1000],
    ['90071992547409.91', 'INR', Number.MAX_SAFE_INTEGER],
  ])('%s %s are %i', (amount, currency, minor) => {
    expect(toMinor(amount, currency, [])).toBe(minor);
  });

  test.each([
    ['0.001', 'INR', 'too_many_digits'],
    ['0.5', 'JPY', 'too_many_digits'],
    ['0.0001', 'KWD', 'too_many_digits'],
    [parse(0.1 + 0.2), 'INR', 'too_many_digits'],
    ['90071992547409.92', 'INR', 'too_big'],
    ['9999999999999999', 'JPY', 'too_big'],
  ])('%s %s is refused as %s, and the field is named', (amount, currency, code) => {
    const attempt = () => toMinor(amount, currency, ['order', 'lines', 2, 'unitPrice']);
    expect(attempt).toThrow(InvalidCommandError);
    expect(attempt).toThrow(
      expect.objectContaining({
        field: 'order.lines.2.unitPrice',
        issues: [expect.objectContaining({ code })],
      }),
    );
  });

  test.each([
    [0, 'INR', '0.00'],
    [5, 'INR', '0.05'],
    [49_990, 'INR', '499.90'],
    [-30, 'INR', '-0.30'],
    [500, 'JPY', '500'],
    [1, 'KWD', '0.001'],
    [Number.MAX_SAFE_INTEGER, 'INR', '90071992547409.91'],
  ])('%i minor units of %s read %s', (minor, currency, text) => {
    expect(fromMinor(minor, currency)).toBe(text);
  });

  test('go to text and back unchanged', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.constantFrom('INR', 'JPY', 'KWD'), (minor, currency) => {
        expect(toMinor(parse(fromMinor(minor, currency)), currency, [])).toBe(minor);
      }),
    );
  });
});

test.each([
  ['0.25', { numerator: 25, denominator: 100 }],
  ['0.003', { numerator: 3, denominator: 1000 }],
  ['12', { numerator: 12, denominator: 1 }],
])('the rate %s is a fraction of whole numbers', (rate, ratio) => {
  expect(toRatio(rate)).toEqual(ratio);
});
