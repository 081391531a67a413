import type { MerchantSettings } from '../merchant/settings.ts';
import type { PinAttempts } from '../merchant/staff.ts';
import type { RecordKey, RecordRow } from '../ports/loyalty-store.ts';
import { pinAttemptsTable } from '../ports/merchant-tables.ts';
import type { Instant } from '../program/instant.ts';

const minute = 60_000;

/** Whose wrong PINs are counted: a staff member's, or those at a terminal. */
export type PinSubject =
  | { staffId: string; terminalId?: undefined }
  | { terminalId: string; staffId?: undefined };

/** The name of a counter. */
export function subjectOf({ staffId, terminalId }: PinSubject): string {
  return staffId === undefined ? `terminal:${terminalId}` : `staff:${staffId}`;
}

/** The row of a counter, to lock. */
export function attemptsKey(merchantId: string, subject: PinSubject): RecordKey {
  return { table: pinAttemptsTable, key: [merchantId, subjectOf(subject)] };
}

/** When the counter's lock ends; null where it is not locked, or no longer. */
export function lockEnd(attempts: PinAttempts | null, at: Instant): Instant | null {
  return attempts?.lockedUntil && attempts.lockedUntil > at ? attempts.lockedUntil : null;
}

/** True where an admin has set the lock, which counts no attempts; one that attempts have set counts those. */
export function isLockedByHand(attempts: PinAttempts | null, at: Instant): boolean {
  return attempts?.count === 0 && lockEnd(attempts, at) !== null;
}

/**
 * The counter with one more attempt, which is not locked. It starts again where its first attempt is as long ago as a
 * lock lasts, or a lock is over; the attempt that reaches the limit locks it at once, before anybody knows whether its PIN
 * is right, so that nobody else gets a check meanwhile.
 */
export function countAttempt(
  attempts: PinAttempts | null,
  of: Pick<PinAttempts, 'merchantId' | 'subject'>,
  { pinAttempts, pinLockMinutes }: MerchantSettings,
  at: Instant,
): PinAttempts {
  const lasts = pinLockMinutes * minute;
  const goesOn =
    attempts !== null && attempts.count > 0 && attempts.lockedUntil === null && attempts.since + lasts > at;
  const count = goesOn ? attempts.count + 1 : 1;
  return {
    merchantId: of.merchantId,
    subject: of.subject,
    count,
    since: goesOn ? attempts.since : at,
    lockedUntil: count >= pinAttempts ? at + lasts : null,
  };
}

/** What it takes to write a counter back at zero and unlocked; nothing where it is so, or was never made. */
export function clearAttempts(attempts: PinAttempts | null): RecordRow[] {
  if (!attempts || (attempts.count === 0 && attempts.lockedUntil === null)) return [];
  return [{ table: pinAttemptsTable, row: { ...attempts, count: 0, lockedUntil: null }, isNew: false }];
}
