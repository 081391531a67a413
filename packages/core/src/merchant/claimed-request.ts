import type { Instant } from '../program/instant.ts';

/** A request that was begun, by the key that its sender gave it. */
export interface ClaimedRequest {
  /** Within what the key means one request: whose it is. */
  scope: string;
  key: string;
  /** What tells a repetition from another request under the same key; `ofFreeKey`: the request failed. */
  fingerprint: string;
  at: Instant;
  /** Which call wrote the row: a store that lost the answer of its commit runs again, and finds its own. */
  claimId: string;
  /** What it came to, as JSON; null: it is under way, or it failed, or whoever made it broke off. */
  answer: string | null;
}

/** How long a claimed request is remembered at least. */
export const claimDays = 7;

/** How long a request is taken to be under way: after it, whoever made it has broken off. */
export const claimSeconds = 60;

/** The fingerprint of a request that failed: that of none, so that its key is free for any. */
export const ofFreeKey = '';
