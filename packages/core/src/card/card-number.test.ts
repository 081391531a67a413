import { describe, expect, test } from 'vitest';
import { randomIds } from '../ports/ids.ts';
import { cardNumber, cardNumberSchema, formatCardNumber, parseCardNumber } from './card-number.ts';

/** Gives the bytes it was told, in order, as often as it is asked. */
function bytesOf(...bytes: number[]) {
  return (count: number) => Uint8Array.from(bytes.splice(0, count));
}

describe('a card number', () => {
  test('is 11 random digits and their check digit', () => {
    // 572 and its check digit 4 are the example of Damm's thesis.
    expect(cardNumber(bytesOf(0, 0, 0, 0, 0, 0, 0, 0, 5, 7, 2))).toBe('000000005724');
  });

  test('takes no byte of which a digit would be likelier than others', () => {
    expect(cardNumber(bytesOf(255, 250, 0, 0, 0, 0, 0, 0, 0, 0, 249, 7, 2))).toMatch(/^00000000972\d$/);
  });

  test('has every digit as often as every other', () => {
    const counts = new Map<string, number>();
    for (let made = 0; made < 10_000; made += 1) {
      for (const digit of cardNumber(randomIds.bytes).slice(0, 11))
        counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    expect(counts.size).toBe(10);
    // 11,000 of each are expected; ten standard deviations are 995.
    for (const count of counts.values()) expect(Math.abs(count - 11_000)).toBeLessThan(995);
  });

  test('is printed in three groups', () => {
    expect(formatCardNumber('123456789012')).toBe('1234-5678-9012');
  });
});

describe('reading a card number', () => {
  const number = cardNumber(bytesOf(1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1));
  const [a, b, c] = [number.slice(0, 4), number.slice(4, 8), number.slice(8)];

  test.each([number, formatCardNumber(number), `${a} ${b} ${c}`, ` ${number} `, `${a}${b}-${c}`])(
    'takes %j',
    (text) => {
      expect(parseCardNumber(text)).toBe(number);
      expect(cardNumberSchema.parse(text)).toBe(number);
    },
  );

  test.each([
    '',
    '1234',
    `${number}0`,
    number.slice(1),
    `${a}--${b}-${c}`,
    `${a}_${b}_${c}`,
    `-${number}`,
    `${number.slice(0, 11)}x`,
    `${number.slice(0, 11)}٨`,
    `${number.slice(0, 2)}-${number.slice(2)}`,
  ])('refuses %j', (text) => {
    expect(parseCardNumber(text)).toBeNull();
    expect(cardNumberSchema.safeParse(text).success).toBe(false);
  });

  test('names the rule that a wrong number breaks', () => {
    const wrong = cardNumberSchema.safeParse('1234-5678-9012');
    expect(wrong.error?.issues).toMatchObject([
      { message: 'expected a card number: 12 digits, of which the last checks the others' },
    ]);
  });

  test('of 100,000 numbers, none with one wrong digit or two neighbours swapped is taken', () => {
    let passed = 0;
    for (let made = 0; made < 100_000; made += 1) {
      const right = cardNumber(randomIds.bytes);
      if (parseCardNumber(right) !== right) throw new Error(`${right} is refused`);
      for (const wrong of mistakes(right)) if (parseCardNumber(wrong) !== null) passed += 1;
    }
    expect(passed).toBe(0);
  }, 60_000);
});

/** Every number that differs in one digit, and every one with two different neighbours swapped. */
function* mistakes(number: string): Generator<string> {
  for (let place = 0; place < number.length; place += 1) {
    const before = number.slice(0, place);
    const digit = number[place] as string;
    const after = number.slice(place + 1);
    for (let other = 0; other < 10; other += 1) {
      if (String(other) !== digit) yield before + other + after;
    }
    const next = after[0];
    if (next !== undefined && next !== digit) yield before + next + digit + after.slice(1);
  }
}
