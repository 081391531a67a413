import { z } from 'zod';

// The quasigroup of H. Michael Damm's thesis (2004): a row is what was read so far, a column the next digit.
const damm = [
  '0317598642',
  '7092154863',
  '4206871359',
  '1750983426',
  '6123045978',
  '3674209581',
  '5869720134',
  '8945362017',
  '9438617205',
  '2581436790',
].map((row) => [...row].map(Number));

/** What a text of digits comes to: for a number without its check digit, that digit; for a right number, 0. */
function dammOf(digits: string): number {
  let interim = 0;
  for (const digit of digits) interim = damm[interim]?.[Number(digit)] ?? 0;
  return interim;
}

/**
 * A new card number: 11 random digits and the Damm check digit, with which no single wrong digit and no two neighbours
 * swapped give another right number. `bytes` gives random bytes.
 */
export function cardNumber(bytes: (count: number) => Uint8Array): string {
  let digits = '';
  while (digits.length < 11) {
    // Of 256 bytes the last six would make some digits likelier than others.
    for (const byte of bytes(11 - digits.length)) if (byte < 250) digits += String(byte % 10);
  }
  return `${digits}${dammOf(digits)}`;
}

/**
 * A card number as it is printed.
 *
 * @example
 * formatCardNumber('123456789012') //=> '1234-5678-9012'
 */
export function formatCardNumber(number: string): string {
  return `${number.slice(0, 4)}-${number.slice(4, 8)}-${number.slice(8)}`;
}

/**
 * The 12 digits of a card number, with or without a dash or a blank between its groups of four; null where it is not of
 * that shape, or where its check digit is wrong.
 *
 * @example
 * parseCardNumber('1234-5678-9018') //=> '123456789018'
 * parseCardNumber('1234-5678-9081') //=> null
 */
export function parseCardNumber(text: string): string | null {
  const groups = /^(\d{4})[- ]?(\d{4})[- ]?(\d{4})$/.exec(text.trim());
  if (!groups) return null;
  const digits = groups.slice(1).join('');
  return dammOf(digits) === 0 ? digits : null;
}

/** zod schema of a card number as people write it; its output is the 12 digits. */
export const cardNumberSchema = z
  .string()
  .max(40)
  .transform((text, context): string => {
    const digits = parseCardNumber(text);
    if (digits !== null) return digits;
    context.addIssue({
      code: 'custom',
      message: 'expected a card number: 12 digits, of which the last checks the others',
    });
    return z.NEVER;
  });
