import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import { refuse } from '../commands/outcome.ts';
import type { Refusal } from '../commands/refusal.ts';
import { LoyaltyError } from '../errors.ts';
import { generatePin, pinSchema } from '../merchant/pin.ts';
import { defaultSettings, type MerchantSettings } from '../merchant/settings.ts';
import { type PinAttempts, type Staff, StaffProof } from '../merchant/staff.ts';
import type { Ids } from '../ports/ids.ts';
import { merchantsTable, pinAttemptsTable, staffTable } from '../ports/merchant-tables.ts';
import type { PinHasher } from '../ports/pin-hasher.ts';
import { identifierSchema } from '../program/identifier.ts';
import { type Instant, isoText } from '../program/instant.ts';
import {
  attemptsKey,
  clearAttempts,
  countAttempt,
  isLockedByHand,
  lockEnd,
  subjectOf,
} from './pin-attempts.ts';
import type { Books } from './record-change.ts';

const proofMinutes = 5;

export const checkPinSchema = z.strictObject({
  merchantId: identifierSchema,
  staffId: identifierSchema,
  pin: pinSchema,
  terminalId: identifierSchema,
  locationId: identifierSchema.optional(),
});

export type CheckPinInput = z.input<typeof checkPinSchema>;
type Attempt = z.output<typeof checkPinSchema>;

/** A right PIN: who it is, and the proof that commands take in place of a PIN. */
export interface PinAccepted {
  ok: true;
  staffId: string;
  name: string;
  role: string;
  proof: StaffProof;
  /** When the proof ends: five minutes on. */
  expiresAt: string;
}

/** What `checkPin` answers: who it is, or PIN_WRONG or PIN_LOCKED. */
export type PinCheck = PinAccepted | Refusal;

/** The hasher, or a throw that says where one comes from. */
export function demandHasher(hasher: PinHasher | undefined): PinHasher {
  if (hasher) return hasher;
  throw new LoyaltyError(
    'NO_PIN_HASHER',
    'PINs need a hasher: pass `pins: scryptPins({ pepper })` of @loyalty-engine/node to createLoyalty',
  );
}

/**
 * The check of PINs; see `StaffRegister.checkPin`. An attempt is counted before its PIN is looked at, in a transaction that
 * all processes share, so that no number of them at once gets one check more than the limit. Whoever is named, known or
 * not, one PIN is compared with one hash: neither the answer nor its time says whether there is such a staff member.
 */
export function pinCheckOf(
  store: Books,
  now: () => Instant,
  ids: Pick<Ids, 'bytes'>,
  hasher: PinHasher | undefined,
): (input: CheckPinInput) => Promise<PinCheck> {
  const dummyHash = dummyHashOf(ids);
  return async (input) => {
    const attempt = parseInput(checkPinSchema, input);
    const pins = demandHasher(hasher);
    const at = now();
    const settings = await settingsOf(store, attempt.merchantId);
    const { counted, lockedUntil } = await admitAttempt(store, attempt, settings, at);
    if (!counted) return refuseLocked(lockedUntil, at);
    const staff = await findStaff(store, attempt);
    const dummy = await dummyHash(pins);
    const isRight = await pins.verify(attempt.pin, staff?.pinHash ?? dummy);
    const confirmed = isRight && staff ? await confirm(store, attempt, staff, at) : null;
    if (confirmed) return accept(confirmed, at);
    if (lockedUntil !== null) return refuseLocked(lockedUntil, at);
    const attemptsLeft = Math.min(...counted.map(({ count }) => settings.pinAttempts - count));
    return refuse('PIN_WRONG', { attemptsLeft });
  };
}

/** A hash that no staff member has, made once, when it is first asked for. */
function dummyHashOf(ids: Pick<Ids, 'bytes'>): (pins: PinHasher) => Promise<string> {
  let made: Promise<string> | undefined;
  return async (pins) => {
    made ??= pins.hash(generatePin((count) => ids.bytes(count)));
    try {
      return await made;
    } catch (error) {
      // A hasher that failed once may work the next time.
      made = undefined;
      throw error;
    }
  };
}

async function settingsOf(store: Books, merchantId: string): Promise<MerchantSettings> {
  const [merchant] = await store.records(merchantsTable, [[merchantId]]);
  return merchant?.settings ?? defaultSettings;
}

interface Admission {
  counted: PinAttempts[] | null;
  lockedUntil: Instant | null;
}

/**
 * Counts the attempt of the staff member and at the terminal; null where one of them is locked, and then `lockedUntil` is
 * when the last lock ends. Of a counted attempt it is when the lock ends that it has just set.
 */
function admitAttempt(
  store: Books,
  { merchantId, staffId, terminalId }: Attempt,
  settings: MerchantSettings,
  at: Instant,
): Promise<Admission> {
  const subjects = [{ staffId }, { terminalId }];
  const keys = subjects.map((subject) => attemptsKey(merchantId, subject));
  return store.changeRecords<Admission>(keys, (rows) => {
    const before = subjects.map((_subject, index) => (rows[index] ?? null) as PinAttempts | null);
    const locked = latest(before.map((attempts) => lockEnd(attempts, at)));
    if (locked !== null) return { rows: [], result: { counted: null, lockedUntil: locked } };
    const counted = subjects.map((subject, index) =>
      countAttempt(before[index] ?? null, { merchantId, subject: subjectOf(subject) }, settings, at),
    );
    return {
      rows: counted.map((row, index) => ({ table: pinAttemptsTable, row, isNew: before[index] === null })),
      result: { counted, lockedUntil: latest(counted.map(({ lockedUntil }) => lockedUntil)) },
    };
  });
}

function latest(ends: readonly (Instant | null)[]): Instant | null {
  return ends.reduce((last, end) => (end !== null && (last === null || end > last) ? end : last), null);
}

async function findStaff(store: Books, attempt: Attempt): Promise<Staff | null> {
  const [staff = null] = await store.records(staffTable, [[attempt.merchantId, attempt.staffId]]);
  return staff && mayConfirm(staff, attempt) ? staff : null;
}

function mayConfirm({ status, locationId }: Staff, attempt: Attempt): boolean {
  const works = locationId === null || attempt.locationId === undefined || locationId === attempt.locationId;
  return status === 'active' && works;
}

/**
 * Clears both counters, and a lock that attempts at the same time have set with them: one after the other, the right PIN
 * would have begun the count again. A lock by the hand of an admin stays. Null where the staff member was changed while the
 * PIN was compared: it is no longer the right one.
 */
function confirm(store: Books, attempt: Attempt, checked: Staff, at: Instant): Promise<Staff | null> {
  const { merchantId, staffId, terminalId } = attempt;
  const keys = [
    { table: staffTable, key: [merchantId, staffId] },
    attemptsKey(merchantId, { staffId }),
    attemptsKey(merchantId, { terminalId }),
  ];
  return store.changeRecords(keys, ([row, ...counters]) => {
    const staff = row as Staff | null;
    if (!staff || staff.pinHash !== checked.pinHash || !mayConfirm(staff, attempt)) {
      return { rows: [], result: null };
    }
    const cleared = (counters as (PinAttempts | null)[]).flatMap((counter) =>
      isLockedByHand(counter, at) ? [] : clearAttempts(counter),
    );
    const used: Staff = { ...staff, lastUsedAt: Math.max(at, staff.lastUsedAt ?? 0) };
    return { rows: [{ table: staffTable, row: used, isNew: false }, ...cleared], result: used };
  });
}

function accept({ merchantId, staffId, locationId, name, role }: Staff, at: Instant): PinAccepted {
  const expiresAt = at + proofMinutes * 60_000;
  const proof = new StaffProof({ merchantId, staffId, locationId, expiresAt });
  return { ok: true, staffId, name, role, proof, expiresAt: isoText(expiresAt) };
}

function refuseLocked(lockedUntil: Instant | null, at: Instant): Refusal {
  const end = lockedUntil ?? at;
  return refuse('PIN_LOCKED', {
    lockedUntil: isoText(end),
    retryAfterSeconds: Math.ceil((end - at) / 1000),
  });
}
