import type { Instant } from '../program/instant.ts';

/** Where the engine reads the time: milliseconds since 1970-01-01T00:00:00Z, as `Date.now` gives them. */
export interface Clock {
  now(): Instant;
}

export const systemClock: Clock = { now: () => Date.now() };
