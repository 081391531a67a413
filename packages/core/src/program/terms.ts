import { type Ratio, toMinor, toRatio } from '../money/amount.ts';
import type { ProgramVersion } from './version.ts';

/** The amounts and lists of a version in the form that arithmetic wants: minor units, fractions and sets. */
export interface Terms {
  perAmount: number;
  minOrderAmount: number;
  valuePerPoint: Ratio;
  maxShareOfOrder: Ratio | null;
  excludeCategories: ReadonlySet<string>;
  excludeSkus: ReadonlySet<string>;
}

const known = new WeakMap<ProgramVersion, Terms>();

/** The terms of a version, worked out once. `valuePerPoint` is in minor units a point. */
export function termsOf(version: ProgramVersion): Terms {
  let terms = known.get(version);
  if (!terms) {
    terms = workOut(version);
    known.set(version, terms);
  }
  return terms;
}

function workOut({ currency, points: { earn, redeem } }: ProgramVersion): Terms {
  const value = toRatio(redeem.valuePerPoint);
  const oneUnit = toMinor('1', currency, []);
  // Both are powers of ten: taking out what they share first keeps the product a safe integer.
  const shared = Math.min(oneUnit, value.denominator);
  return {
    perAmount: toMinor(earn.perAmount, currency, ['points', 'earn', 'perAmount']),
    minOrderAmount: earn.minOrderAmount
      ? toMinor(earn.minOrderAmount, currency, ['points', 'earn', 'minOrderAmount'])
      : 0,
    valuePerPoint: reduced(value.numerator * (oneUnit / shared), value.denominator / shared),
    maxShareOfOrder: redeem.maxShareOfOrder ? toRatio(redeem.maxShareOfOrder) : null,
    excludeCategories: new Set(earn.excludeCategories),
    excludeSkus: new Set(earn.excludeSkus),
  };
}

function reduced(numerator: number, denominator: number): Ratio {
  let [a, b] = [numerator, denominator];
  while (b !== 0) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}
