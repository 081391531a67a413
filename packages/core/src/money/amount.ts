import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { invalid } from '../errors.ts';
import { minorDigits } from './currency.ts';

/** What a caller may write as an amount of money: `'499.90'`, a Decimal, or a finite number such as `499.9`. */
export type AmountInput = string | number | Decimal;

/**
 * An amount as the engine carries it between the edge and the rules: a plain decimal text without sign, exponent or
 * trailing zeros, so that equal amounts are equal texts.
 */
export type AmountText = string;

const plain = /^\d{1,16}(?:\.\d{1,18})?$/;
const rule =
  'expected an amount of zero or more as a decimal string, Decimal or finite number, such as "499.90"';

/** zod schema of an amount; its output is an {@link AmountText}. Negative, NaN, Infinity, -0 and '1e3' are refused. */
export const amountSchema = z
  .custom<AmountInput>()
  .meta({
    type: ['string', 'number'],
    pattern: '^\\d{1,16}(\\.\\d{1,18})?$',
    minimum: 0,
    description: 'An amount of money, exact: a decimal text is best.',
    examples: ['499.90'],
  })
  .transform((input, context): AmountText => {
    const text = plainText(input);
    if (text !== null) return text;
    context.addIssue({ code: 'custom', message: rule });
    return z.NEVER;
  });

function plainText(input: unknown): AmountText | null {
  if (typeof input === 'string') return plain.test(input) ? trimmed(input) : null;
  if (typeof input === 'number') {
    if (!Number.isFinite(input) || input < 0 || Object.is(input, -0)) return null;
    if (Number.isInteger(input)) return Number.isSafeInteger(input) ? String(input) : null;
    return plainText(String(input));
  }
  if (typeof input === 'object' && Decimal.isDecimal(input)) {
    const decimal = input as Decimal;
    return decimal.isFinite() && !decimal.isNegative() ? plainText(decimal.toFixed()) : null;
  }
  return null;
}

function trimmed(text: string): AmountText {
  const point = text.indexOf('.');
  if (point < 0) return text.length > 1 && text.startsWith('0') ? text.replace(/^0+(?=\d)/, '') : text;
  return text.replace(/^0+(?=\d)/, '').replace(/\.?0+$/, '');
}

/**
 * The amount in whole minor units of its currency (paise, cents, fils).
 *
 * @throws InvalidCommandError naming `path` when the amount has more digits than the currency or is too large.
 * @example
 * toMinor('499.9', 'INR', ['order', 'total']) //=> 49990
 */
export function toMinor(amount: AmountText, currency: string, path: (string | number)[]): number {
  const digits = minorDigits(currency);
  const point = amount.indexOf('.');
  const decimals = point < 0 ? 0 : amount.length - point - 1;
  if (decimals > digits) {
    throw invalid(path, `${currency} has ${digits} decimal digits, got ${decimals}`, 'too_many_digits');
  }
  const whole = point < 0 ? amount : amount.slice(0, point) + amount.slice(point + 1);
  const minor = Number(whole) * 10 ** (digits - decimals);
  if (minor > Number.MAX_SAFE_INTEGER) throw invalid(path, 'the amount is too large', 'too_big');
  return minor;
}

/**
 * Minor units as an exact decimal text with all the currency's digits.
 *
 * @example
 * fromMinor(49990, 'INR') //=> '499.90'
 */
export function fromMinor(minor: number, currency: string): string {
  const digits = minorDigits(currency);
  const sign = minor < 0 ? '-' : '';
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A positive decimal rate as a fraction of whole numbers: `'0.25'` is 25 / 100. */
export interface Ratio {
  numerator: number;
  denominator: number;
}

/** @example toRatio('0.25') //=> { numerator: 25, denominator: 100 } */
export function toRatio(rate: AmountText): Ratio {
  const decimal = new Decimal(rate);
  const denominator = 10 ** decimal.decimalPlaces();
  return { numerator: decimal.times(denominator).toNumber(), denominator };
}
