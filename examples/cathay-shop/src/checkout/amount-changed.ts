import { Problem } from '../server/problem.ts';

/** A customer pays what they agreed to, or nothing: prices, and what a point is worth, may have changed since their quote. */
export function amountChanged(facts: { total: string; amountDue: string | null }): Problem {
  const detail = 'The amount to pay has changed. Place the order again if you agree to it.';
  return new Problem(409, 'AMOUNT_CHANGED', detail, facts);
}
