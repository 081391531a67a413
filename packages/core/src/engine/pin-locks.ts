import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import type { Merchant } from '../merchant/merchant.ts';
import type { PinAttempts, Staff } from '../merchant/staff.ts';
import type { RecordRow } from '../ports/loyalty-store.ts';
import { pinAttemptsTable, staffTable } from '../ports/merchant-tables.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import { type Instant, isoText, isoTextOrNull } from '../program/instant.ts';
import { demandMerchant } from './merchants.ts';
import { attemptsKey, clearAttempts, lockEnd, type PinSubject, subjectOf } from './pin-attempts.ts';
import { type Books, recordChange } from './record-change.ts';
import { demandStaff } from './staff-view.ts';

const minute = 60_000;
const longestLockMinutes = 366 * 24 * 60;

const shape = {
  merchantId: identifierSchema,
  staffId: identifierSchema.optional(),
  terminalId: identifierSchema.optional(),
  actor: identifierSchema,
  reason: noteSchema.optional(),
};
const namesOne = ({ staffId, terminalId }: { staffId?: unknown; terminalId?: unknown }) =>
  (staffId === undefined) !== (terminalId === undefined);
const namesOneRule = { path: ['staffId'], message: 'expected either staffId or terminalId' };

export const lockPinSchema = z
  .strictObject({ ...shape, minutes: z.number().int().min(1).max(longestLockMinutes).optional() })
  .refine(namesOne, namesOneRule);
export const unlockPinSchema = z.strictObject(shape).refine(namesOne, namesOneRule);

export type UnlockInput = PinSubject & { merchantId: string; actor: string; reason?: string | undefined };
/** `minutes` up to a year; without it as long as the merchant's `pinLockMinutes`. */
export type LockInput = UnlockInput & { minutes?: number | undefined };

/** A lock as it is read; `lockedUntil` null: there is none. */
export interface PinLock {
  merchantId: string;
  staffId: string | null;
  terminalId: string | null;
  lockedUntil: string | null;
}

/** Locks by the hand of an admin; see `StaffRegister.lock` and `StaffRegister.unlock`. */
export interface PinLocks {
  lock(input: LockInput): Promise<PinLock>;
  unlock(input: UnlockInput): Promise<PinLock>;
}

export function pinLocksOf(store: Books, now: () => Instant): PinLocks {
  return {
    async lock(input) {
      const { minutes, ...lock } = parseInput(lockPinSchema, input);
      const at = now();
      return changeLock(store, lock, at, 'locked', (attempts, merchant) => {
        const lockedUntil = at + (minutes ?? merchant.settings.pinLockMinutes) * minute;
        const row: PinAttempts = {
          merchantId: lock.merchantId,
          subject: subjectOf(lock as PinSubject),
          // A lock by hand counts nothing: a right PIN that was being compared must not take it for its own.
          count: 0,
          since: attempts?.since ?? at,
          lockedUntil,
        };
        return { lockedUntil, rows: [{ table: pinAttemptsTable, row, isNew: attempts === null }] };
      });
    },
    async unlock(input) {
      const lock = parseInput(unlockPinSchema, input);
      return changeLock(store, lock, now(), 'unlocked', (attempts) => ({
        lockedUntil: null,
        rows: clearAttempts(attempts),
      }));
    },
  };
}

/** Locks or unlocks and records it; nothing where no row changes. */
function changeLock(
  store: Books,
  lock: z.output<typeof unlockPinSchema>,
  at: Instant,
  action: 'locked' | 'unlocked',
  decide: (
    attempts: PinAttempts | null,
    merchant: Merchant,
  ) => { lockedUntil: Instant | null; rows: RecordRow[] },
): Promise<PinLock> {
  const { merchantId, staffId, terminalId, actor, reason } = lock;
  const keys = [attemptsKey(merchantId, lock as PinSubject)];
  if (staffId !== undefined) keys.push({ table: staffTable, key: [merchantId, staffId] });
  return recordChange(store, { merchantId, keys, at }, (found, [row, staff]) => {
    if (staffId !== undefined) demandStaff((staff ?? null) as Staff | null);
    const merchant = demandMerchant(found);
    const attempts = (row ?? null) as PinAttempts | null;
    const { lockedUntil, rows } = decide(attempts, merchant);
    const result: PinLock = {
      merchantId,
      staffId: staffId ?? null,
      terminalId: terminalId ?? null,
      lockedUntil: isoTextOrNull(lockedUntil),
    };
    if (rows.length === 0) return { result, rows, record: null };
    const before = { lockedUntil: isoTextOrNull(lockEnd(attempts, at)), attempts: attempts?.count ?? 0 };
    const after = { lockedUntil: lockedUntil === null ? null : isoText(lockedUntil) };
    return {
      result,
      rows,
      record: {
        actor,
        subject: 'staff',
        subjectId: staffId ?? subjectOf(lock as PinSubject),
        action,
        before,
        after: reason === undefined ? after : { ...after, reason },
      },
    };
  });
}
