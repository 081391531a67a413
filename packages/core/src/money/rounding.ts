/**
 * The named ways to make a whole number of a fraction of zero or more.
 * `down` truncates, `up` goes to the next whole, `half-up` and `half-down` go to the nearest and differ at exactly one
 * half, `half-even` sends one half to the even neighbour (bankers' rounding).
 */
export const roundingModes = ['down', 'up', 'half-up', 'half-down', 'half-even'] as const;
export type RoundingMode = (typeof roundingModes)[number];

/**
 * `a * b / c` as a whole number, exact however large the product, for whole `a, b >= 0` and `c > 0`.
 *
 * @throws RangeError when the result is not a safe integer.
 * @example
 * mulDiv(1, 50_099, 1_000, 'down') //=> 50
 */
export function mulDiv(a: number, b: number, c: number, mode: RoundingMode): number {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const rest = product % c;
    return (product - rest) / c + carry(rest, c, (product - rest) / c, mode);
  }
  return mulDivBig(BigInt(a), BigInt(b), BigInt(c), mode);
}

function carry(rest: number, divisor: number, quotient: number, mode: RoundingMode): 0 | 1 {
  if (rest === 0 || mode === 'down') return 0;
  if (mode === 'up') return 1;
  const upperHalf = divisor - rest;
  if (rest !== upperHalf) return rest > upperHalf ? 1 : 0;
  if (mode === 'half-even') return quotient % 2 === 0 ? 0 : 1;
  return mode === 'half-up' ? 1 : 0;
}

function mulDivBig(a: bigint, b: bigint, c: bigint, mode: RoundingMode): number {
  const product = a * b;
  let quotient = product / c;
  const rest = product % c;
  if (rest !== 0n) {
    const twice = rest * 2n;
    const up =
      mode === 'up' ||
      (mode !== 'down' &&
        (twice > c ||
          (twice === c && (mode === 'half-up' || (mode === 'half-even' && quotient % 2n === 1n)))));
    if (up) quotient += 1n;
  }
  const result = Number(quotient);
  if (!Number.isSafeInteger(result)) throw new RangeError('mulDiv: the result is not a safe integer');
  return result;
}
