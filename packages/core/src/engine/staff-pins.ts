import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import { LoyaltyError } from '../errors.ts';
import type { Location } from '../merchant/merchant.ts';
import { generatePin, newPinSchema } from '../merchant/pin.ts';
import type { PinAttempts, Staff } from '../merchant/staff.ts';
import type { Ids } from '../ports/ids.ts';
import type { RecordKey } from '../ports/loyalty-store.ts';
import { locationsTable, staffTable } from '../ports/merchant-tables.ts';
import type { PinHasher } from '../ports/pin-hasher.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import { type Instant, isoText, isoTextOrNull } from '../program/instant.ts';
import { demandHasher } from './check-pin.ts';
import { demandLocation } from './locations.ts';
import { demandMerchant } from './merchants.ts';
import { attemptsKey, clearAttempts, lockEnd } from './pin-attempts.ts';
import { type Books, recordChange } from './record-change.ts';
import { demandStaff, type StaffView, viewStaff } from './staff-view.ts';

export const registerStaffSchema = z.strictObject({
  merchantId: identifierSchema,
  id: identifierSchema,
  name: noteSchema,
  role: identifierSchema,
  locationId: identifierSchema.optional(),
  pin: newPinSchema.optional(),
  actor: identifierSchema,
});

export const resetPinSchema = z.strictObject({
  merchantId: identifierSchema,
  staffId: identifierSchema,
  pin: newPinSchema.optional(),
  actor: identifierSchema,
});

/** A new staff member; without a location one who may confirm everywhere, without a PIN one who gets a random one. */
export type StaffInput = z.input<typeof registerStaffSchema>;
export type ResetPinInput = z.input<typeof resetPinSchema>;

/** A staff member and the PIN that was just set: to be shown once, and kept nowhere. */
export interface StaffWithPin {
  staff: StaffView;
  pin: string;
}

/** Setting PINs; see `StaffRegister.register` and `StaffRegister.resetPin`. */
export interface StaffPins {
  register(staff: StaffInput): Promise<StaffWithPin>;
  resetPin(staff: ResetPinInput): Promise<StaffWithPin>;
}

export function staffPinsOf(
  store: Books,
  now: () => Instant,
  ids: Pick<Ids, 'bytes'>,
  hasher: PinHasher | undefined,
): StaffPins {
  const makePin = async (given: string | undefined) => {
    const pins = demandHasher(hasher);
    const pin = given ?? generatePin((count) => ids.bytes(count));
    // Hashed before anything is locked: it is slow on purpose.
    return { pin, pinHash: await pins.hash(pin) };
  };
  return {
    async register(input) {
      const parsed = parseInput(registerStaffSchema, input);
      const { pin, pinHash } = await makePin(parsed.pin);
      return { staff: await register(store, parsed, pinHash, now()), pin };
    },
    async resetPin(input) {
      const parsed = parseInput(resetPinSchema, input);
      const { pin, pinHash } = await makePin(parsed.pin);
      return { staff: await resetPin(store, parsed, pinHash, now()), pin };
    },
  };
}

function register(
  store: Books,
  { merchantId, id: staffId, name, role, actor, ...where }: z.output<typeof registerStaffSchema>,
  pinHash: string,
  at: Instant,
): Promise<StaffView> {
  const { locationId = null } = where;
  const keys: RecordKey[] = [
    { table: staffTable, key: [merchantId, staffId] },
    attemptsKey(merchantId, { staffId }),
  ];
  if (locationId !== null) keys.push({ table: locationsTable, key: [merchantId, locationId] });
  return recordChange(store, { merchantId, keys, at }, (merchant, [existing, counter, location]) => {
    demandMerchant(merchant);
    if (existing)
      throw new LoyaltyError('STAFF_EXISTS', 'The merchant has a staff member of this id already');
    if (locationId !== null) demandLocation((location ?? null) as Location | null);
    const staff: Staff = {
      merchantId,
      staffId,
      name,
      role,
      locationId,
      status: 'active',
      pinHash,
      pinSetAt: at,
      lastUsedAt: null,
      createdAt: at,
    };
    return {
      result: viewStaff(staff, null, at),
      rows: [
        { table: staffTable, row: staff, isNew: true },
        // Somebody may have tried PINs of this id before there was anybody of it.
        ...clearAttempts((counter ?? null) as PinAttempts | null),
      ],
      record: {
        actor,
        subject: 'staff',
        subjectId: staffId,
        action: 'registered',
        before: null,
        after: { name, role, locationId, status: staff.status },
      },
    };
  });
}

function resetPin(
  store: Books,
  { merchantId, staffId, actor }: z.output<typeof resetPinSchema>,
  pinHash: string,
  at: Instant,
): Promise<StaffView> {
  const keys = [{ table: staffTable, key: [merchantId, staffId] }, attemptsKey(merchantId, { staffId })];
  return recordChange(store, { merchantId, keys, at }, (_merchant, [row, counter]) => {
    const existing = demandStaff((row ?? null) as Staff | null);
    const attempts = (counter ?? null) as PinAttempts | null;
    const staff: Staff = { ...existing, pinHash, pinSetAt: at };
    return {
      result: viewStaff(staff, null, at),
      rows: [{ table: staffTable, row: staff, isNew: false }, ...clearAttempts(attempts)],
      record: {
        actor,
        subject: 'staff',
        subjectId: staffId,
        action: 'pin-reset',
        before: {
          pinSetAt: isoText(existing.pinSetAt),
          lockedUntil: isoTextOrNull(lockEnd(attempts, at)),
        },
        after: { pinSetAt: isoText(at), lockedUntil: null },
      },
    };
  });
}
