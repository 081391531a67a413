import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './stripe-books.test-data.ts';

interface Kept {
  fingerprint: string;
  answer: Answer | null;
  /** How many times more the answer gets lost on its way. */
  losses: number;
}

/**
 * Idempotency keys as Stripe keeps them: the first answer again, errors included, for the same request; 400 idempotency_error for
 * another one; 409 while the first is under way.
 */
export function stripeIdempotency() {
  const kept = new Map<string, Kept>();

  async function answer(key: string, fingerprint: string, work: () => Answer): Promise<Answer> {
    const before = kept.get(key);
    if (before) return again(before, fingerprint);
    const entry: Kept = { fingerprint, answer: null, losses: 0 };
    kept.set(key, entry);
    // Long enough for another request to come in between.
    await wait(5);
    const first = work();
    if (first.lost === 'before') {
      kept.delete(key);
      return first;
    }
    // The client's library sends a request that was lost once more by itself: that answer is lost as well.
    entry.losses = first.lost === 'after' ? 1 : 0;
    const { lost: _, ...answered } = first;
    entry.answer = answered;
    return first;
  }

  return Object.assign(answer, { forget: () => kept.clear() });
}

function again(entry: Kept, fingerprint: string): Answer {
  if (entry.fingerprint !== fingerprint) {
    const message = 'Keys for idempotent requests can only be used with the same parameters.';
    return { status: 400, body: { error: { type: 'idempotency_error', message } } };
  }
  if (!entry.answer) return invalid(409, { code: 'idempotency_key_in_use' });
  if (entry.losses === 0) return { ...entry.answer, replayed: true };
  entry.losses -= 1;
  return { ...entry.answer, lost: 'after' };
}

export function invalid(status: number, error: { code?: string; param?: string; message?: string }): Answer {
  return {
    status,
    body: { error: { type: 'invalid_request_error', message: error.code ?? 'Invalid request', ...error } },
  };
}
