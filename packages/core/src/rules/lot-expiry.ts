import type { Instant } from '../program/instant.ts';
import type { ExpiryPolicy, StampRules } from '../program/program.ts';
import { addSpan, endOfNextDate, roundUpToPeriod, type Span } from './calendar.ts';

/** When a lot ends by its date, and whether it ends by the card's inactivity instead. */
export interface LotExpiry {
  expiresAt: Instant | null;
  byInactivity: boolean;
}

/**
 * The expiry of a lot earned at an instant. The interval is [earned, expiresAt): the lot is gone at exactly `expiresAt`.
 *
 * Source: Cathay Shop expires points 12 months after earning; here they are calendar months in the program's zone.
 */
export function lotExpiry(policy: ExpiryPolicy, earnedAt: Instant, zone: string): LotExpiry {
  if (policy.kind === 'inactivity') return { expiresAt: null, byInactivity: true };
  return { expiresAt: policy.kind === 'never' ? null : dated(policy, earnedAt, zone), byInactivity: false };
}

/** When stamps given at an instant end; null: never. */
export function stampExpiry(policy: StampRules['expiry'], givenAt: Instant, zone: string): Instant | null {
  return policy.kind === 'never' ? null : dated(policy, givenAt, zone);
}

/**
 * The instant at which a card without further activity loses its points, or null where the policy does not look at
 * activity.
 *
 * Source: the company-wide cards expire points by inactivity, counted from enrolment where there was no activity.
 */
export function inactivityDeadline(
  policy: ExpiryPolicy,
  lastActivityAt: Instant,
  zone: string,
): Instant | null {
  return policy.kind === 'inactivity' ? spanEnd(policy, lastActivityAt, zone) : null;
}

type DatedPolicy = Extract<ExpiryPolicy, { kind: 'after-earning' | 'fixed-date' }>;

function dated(policy: DatedPolicy, earnedAt: Instant, zone: string): Instant {
  if (policy.kind === 'fixed-date') {
    return perSlot(policy, `date ${zone}`, earnedAt, (at) =>
      endOfNextDate(at, policy.month, policy.day, zone),
    );
  }
  const end = spanEnd(policy, earnedAt, zone);
  const { roundUpTo } = policy;
  if (roundUpTo === undefined || end % slot === 0) {
    return roundUpTo === undefined ? end : roundUpToPeriod(end, roundUpTo, zone);
  }
  // Periods start on a quarter hour, so every instant inside one rounds up alike.
  return perSlot(policy, `round ${zone}`, end, (at) => roundUpToPeriod(at + 1, roundUpTo, zone));
}

function spanEnd(policy: ExpiryPolicy & Span, at: Instant, zone: string): Instant {
  return perSlot(policy, `span ${zone}`, at, (start) => addSpan(start, policy, zone)) + (at % slot);
}

// Zone arithmetic is slow and a busy shop asks for the same quarter of an hour again and again. No zone changes its
// offset inside a quarter hour that starts on one, so the answer for its start serves all of it.
const slot = 15 * 60_000;
const maxRemembered = 512;
const memory = new WeakMap<object, Map<string, Instant>>();

function perSlot(
  policy: object,
  question: string,
  at: Instant,
  work: (slotStart: Instant) => Instant,
): Instant {
  let answers = memory.get(policy);
  if (!answers) {
    answers = new Map();
    memory.set(policy, answers);
  }
  const start = at - (at % slot);
  const key = `${question} ${start}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = work(start);
    if (answers.size >= maxRemembered) answers.clear();
    answers.set(key, answer);
  }
  return answer;
}
