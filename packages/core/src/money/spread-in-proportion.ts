import { mulDiv } from './rounding.ts';

/**
 * Splits `total` over `weights` in whole units so that the parts add up to `total` exactly and no part exceeds its
 * weight while `total` is at most the sum of the weights. Parts are rounded cumulatively, so no unit is lost or made.
 *
 * @example
 * spreadInProportion(100, [1, 1, 1]) //=> [33, 33, 34]
 */
export function spreadInProportion(total: number, weights: readonly number[]): number[] {
  let whole = 0;
  for (const weight of weights) whole += weight;
  if (whole === 0) return weights.map(() => 0);
  let weightSoFar = 0;
  let givenSoFar = 0;
  return weights.map((weight) => {
    weightSoFar += weight;
    const target = mulDiv(total, weightSoFar, whole, 'down');
    const part = target - givenSoFar;
    givenSoFar = target;
    return part;
  });
}
