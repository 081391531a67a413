import { describe, expect, test } from 'vitest';
import { parseInput } from '../commands/command.ts';
import { generatePin, isCommonPin, newPinSchema, pinSchema } from './pin.ts';

describe('a PIN', () => {
  test.each(['4829', '482913', '4829137605'])('%s is 4 to 10 digits', (pin) => {
    expect(parseInput(pinSchema, pin)).toBe(pin);
  });

  test.each([
    '482',
    '48291376051',
    '48 29',
    '48a9',
    '４８２９',
    '4829\n',
    '+482',
    '',
    4829,
    null,
    undefined,
    ['4829'],
  ])('%j is none, and what is said of it has it not', (input) => {
    const attempt = () => parseInput(pinSchema, input);
    expect(attempt).toThrow('expected 4 to 10 digits');
    expect(attempt).not.toThrow(/48/);
  });
});

describe('a common PIN', () => {
  test.each([
    ['one digit only', ['0000', '7777', '111111', '9999999999']],
    ['digits in a row', ['1234', '0123', '4321', '456789', '987654', '7890', '890123', '0987', '1234567890']],
    ['a shorter run again and again', ['1212', '121212', '123123', '48294829', '7373737373']],
    ['a year', ['1900', '1987', '2026', '2099']],
    ['one of the list', ['2580', '0852', '1004', '1122', '112233', '159753', '147258']],
  ])('is %s', (_kind, common) => {
    for (const pin of common) {
      expect(isCommonPin(pin)).toBe(true);
      expect(() => parseInput(newPinSchema, pin)).toThrow('is one of the PINs that are tried first');
      expect(() => parseInput(newPinSchema, pin)).not.toThrow(new RegExp(pin));
    }
  });

  test.each(['4829', '482913', '1235', '9081', '1887', '2187', '121213', '198745', '12341235'])(
    '%s is not one',
    (pin) => {
      expect(isCommonPin(pin)).toBe(false);
      expect(parseInput(newPinSchema, pin)).toBe(pin);
    },
  );

  test('is one of few: 330 of four digits and 1,120 of six', () => {
    const commonOf = (length: number) =>
      Array.from({ length: 10 ** length }, (_, index) => String(index).padStart(length, '0')).filter(
        isCommonPin,
      );
    expect(commonOf(4)).toHaveLength(330);
    expect(commonOf(6)).toHaveLength(1120);
  });
});

describe('a generated PIN', () => {
  const random = (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count));

  test('has the digits asked for, six by default, and is never common', () => {
    for (let round = 0; round < 2000; round += 1) {
      const four = generatePin(random, 4);
      expect(four).toMatch(/^\d{4}$/);
      expect(isCommonPin(four)).toBe(false);
    }
    expect(generatePin(random)).toMatch(/^\d{6}$/);
    expect(generatePin(random, 10)).toMatch(/^\d{10}$/);
  });

  test('has each digit as often as any other: bytes from 250 on are left out', () => {
    const counts = new Array<number>(10).fill(0);
    for (let round = 0; round < 5000; round += 1) {
      for (const digit of generatePin(random)) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(2600);
    expect(generatePin(() => Uint8Array.from([255, 254, 253, 252, 251, 250, 4, 8, 12, 9, 21, 33]))).toBe(
      '482913',
    );
  });

  test('of bytes that are not random is a defect, not an endless search', () => {
    const same = (byte: number) => (count: number) => new Uint8Array(count).fill(byte);
    expect(() => generatePin(same(0))).toThrow(expect.objectContaining({ code: 'BAD_RANDOM_BYTES' }));
    expect(() => generatePin(same(255))).toThrow(expect.objectContaining({ code: 'BAD_RANDOM_BYTES' }));
  });
});
