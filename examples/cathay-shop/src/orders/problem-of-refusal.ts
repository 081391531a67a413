import type { Refusal } from '@loyalty-engine/core';
import { Problem } from '../server/problem.ts';

/** What a client is told when the engine refuses: the refusal's code and facts. 409, or 503 where it is only too busy. */
export function problemOfRefusal({ ok, code, message, ...facts }: Refusal): Problem {
  if (code === 'OVERLOADED') return new Problem(503, code, message, { ...facts, retryAfterSeconds: 1 });
  return new Problem(409, code, message, facts);
}

/**
 * The same, where an order or a refund ends with it.
 *
 * @throws Problem 503 where the engine is only too busy: that decides nothing, and is tried again later.
 */
export function verdictOf(refusal: Refusal): Problem {
  const problem = problemOfRefusal(refusal);
  if (problem.status === 503) throw problem;
  return problem;
}
