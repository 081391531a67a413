const plain = /^(-?)(\d{1,15})(?:\.(\d+))?$/;

/**
 * An amount of the file in minor units, exactly; text says why it is none. Zeros beyond the currency's digits are
 * nothing to round: 2.500 is 2.50.
 *
 * @example
 * readAmount('2.55', 2) //=> 255
 * readAmount('0.001', 2) //=> 'has more than 2 decimals'
 */
export function readAmount(text: string, digits: number): number | string {
  const [, sign, whole, decimals = ''] = plain.exec(text) ?? [];
  if (whole === undefined) return 'is no amount';
  const significant = decimals.replace(/0+$/, '');
  if (significant.length > digits) return `has more than ${digits} decimals`;
  const minor = Number(whole + significant.padEnd(digits, '0'));
  if (!Number.isSafeInteger(minor)) return 'is too large';
  return sign === '-' && minor > 0 ? -minor : minor;
}
