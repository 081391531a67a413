import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { Problem } from '../server/problem.ts';

/**
 * The request's `Idempotency-Key`: 1 to 200 printable ASCII characters.
 *
 * @throws Problem 400 IDEMPOTENCY_KEY_REQUIRED, IDEMPOTENCY_KEY_INVALID.
 */
export function idempotencyKeyOf(request: Request): string {
  const key = request.get('Idempotency-Key');
  if (key === undefined || key === '') {
    const detail =
      'Send an Idempotency-Key header: a text of your own that is new for every purchase or refund.';
    throw new Problem(400, 'IDEMPOTENCY_KEY_REQUIRED', detail);
  }
  if (!/^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(key)) {
    const detail = 'Idempotency-Key: expected 1 to 200 printable ASCII characters.';
    throw new Problem(400, 'IDEMPOTENCY_KEY_INVALID', detail);
  }
  return key;
}

/** A short text that is the same for the same content, whatever the order in which its fields were sent. */
export function fingerprintOf(parsed: object): string {
  return createHash('sha256').update(JSON.stringify(parsed)).digest('base64url');
}

/** @throws Problem 422 where a key that was used before comes with other content. */
export function mustMatch(known: string, fingerprint: string): void {
  if (known === fingerprint) return;
  throw new Problem(
    422,
    'IDEMPOTENCY_KEY_REUSED',
    'The same Idempotency-Key was used before with other content.',
  );
}
