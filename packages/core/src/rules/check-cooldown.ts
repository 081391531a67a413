import type { Instant } from '../program/instant.ts';

/** When another stamp can be given, and in how many whole seconds, rounded up: never 0 while one must wait. */
export interface CooldownWait {
  retryAt: Instant;
  retryAfterSeconds: number;
}

/**
 * Whether a stamp at an instant keeps the distance of `cooldownMinutes` from the stamps at other times, earlier and later
 * ones: null where it does. A clock that is behind the last stamp never makes a wait negative.
 *
 * Source: can_stamp of the company-wide cards, which rounded the wait down to "0 minutes".
 *
 * @example
 * checkCooldown([Date.parse('2026-01-15T10:00:00Z')], Date.parse('2026-01-15T10:59:59.500Z'), 60)
 * //=> { retryAt: Date.parse('2026-01-15T11:00:00Z'), retryAfterSeconds: 1 }
 */
export function checkCooldown(
  times: readonly Instant[],
  at: Instant,
  cooldownMinutes: number,
): CooldownWait | null {
  const cooldown = cooldownMinutes * 60_000;
  const isNear = (instant: Instant) => Math.abs(instant - at) < cooldown;
  if (!times.some(isNear)) return null;
  // The first instant from `at` on that is far enough from every stamp.
  let retryAt = at;
  for (const time of [...times].sort((a, b) => a - b)) {
    if (time + cooldown > retryAt && time - cooldown < retryAt) retryAt = time + cooldown;
  }
  return { retryAt, retryAfterSeconds: Math.ceil((retryAt - at) / 1000) };
}
