import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import type { Location } from '../merchant/merchant.ts';
import type { PinAttempts, Staff } from '../merchant/staff.ts';
import type { Ids } from '../ports/ids.ts';
import { locationsTable, pinAttemptsTable, staffTable } from '../ports/merchant-tables.ts';
import type { PinHasher } from '../ports/pin-hasher.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { type CheckPinInput, type PinCheck, pinCheckOf } from './check-pin.ts';
import { demandLocation } from './locations.ts';
import { attemptsKey, subjectOf } from './pin-attempts.ts';
import { type PinLocks, pinLocksOf } from './pin-locks.ts';
import { type PageQuery, pageQuerySchema, readPage } from './read-page.ts';
import { type Books, changedFields, recordChange } from './record-change.ts';
import { type ResetPinInput, type StaffInput, type StaffWithPin, staffPinsOf } from './staff-pins.ts';
import { demandStaff, type StaffView, viewStaff } from './staff-view.ts';

const keyShape = { merchantId: identifierSchema, staffId: identifierSchema };
const keySchema = z.strictObject(keyShape);
const merchantIdSchema = z.strictObject({ merchantId: identifierSchema });

export const changeStaffSchema = z.strictObject({
  ...keyShape,
  name: noteSchema.optional(),
  role: identifierSchema.optional(),
  locationId: identifierSchema.nullable().optional(),
  actor: identifierSchema,
});

export const staffStatusSchema = z.strictObject({
  ...keyShape,
  actor: identifierSchema,
  reason: noteSchema.optional(),
});

/** What changes of a staff member; `locationId` null: may confirm everywhere. */
export type StaffChangeInput = z.input<typeof changeStaffSchema>;
export type StaffStatusInput = z.input<typeof staffStatusSchema>;

/**
 * Staff who confirm with a PIN. One of another merchant is not found, like one that does not exist. Every change is
 * recorded; no PIN and no hash is in a record, a view or an error.
 */
export interface StaffRegister extends PinLocks {
  /**
   * Makes a staff member. The PIN is 4 to 10 digits and no common one; where none is given, six random digits. It is in
   * this answer and nowhere after it.
   *
   * @throws InvalidCommandError naming the field; LoyaltyError STAFF_EXISTS, MERCHANT_NOT_FOUND, LOCATION_NOT_FOUND, or
   * NO_PIN_HASHER where `createLoyalty` was given none.
   * @example
   * const { pin } = await loyalty.staff.register({
   *   merchantId: 'cathay', id: 'ravi', name: 'Ravi', role: 'cashier', actor: 'anita',
   * })
   * pin //=> '482913'
   */
  register(staff: StaffInput): Promise<StaffWithPin>;
  /** Changes what is given. @throws LoyaltyError STAFF_NOT_FOUND, LOCATION_NOT_FOUND. */
  change(change: StaffChangeInput): Promise<StaffView>;
  /** From now on the staff member's PIN is wrong. @throws LoyaltyError STAFF_NOT_FOUND. */
  deactivate(staff: StaffStatusInput): Promise<StaffView>;
  /** The PIN that was set last is right again. @throws LoyaltyError STAFF_NOT_FOUND. */
  reactivate(staff: StaffStatusInput): Promise<StaffView>;
  /**
   * Sets a new PIN, as `register` does, clears the count of wrong ones and takes a lock away.
   *
   * @throws LoyaltyError STAFF_NOT_FOUND, NO_PIN_HASHER.
   */
  resetPin(staff: ResetPinInput): Promise<StaffWithPin>;
  /**
   * Whether it is the staff member's PIN: `proof` stands in for it in commands for five minutes. Refused as PIN_WRONG
   * (`attemptsLeft`), the same for a wrong PIN, unknown or inactive staff, and staff bound to another location than
   * `locationId`; or as PIN_LOCKED (`lockedUntil`, `retryAfterSeconds`) when the staff member or the terminal has had as
   * many wrong ones in a row as the merchant's `pinAttempts`. Both are counted before the PIN is looked at, by all
   * processes together.
   *
   * @throws InvalidCommandError naming the field; LoyaltyError NO_PIN_HASHER.
   * @example
   * const check = await loyalty.staff.checkPin({ merchantId: 'cathay', staffId: 'ravi', pin, terminalId: 'till-1' })
   * if (check.ok) await loyalty.stamp({ ...card, staff: check.proof })
   */
  checkPin(attempt: CheckPinInput): Promise<PinCheck>;
  get(merchantId: string, staffId: string): Promise<StaffView | null>;
  /** A page of the merchant's staff by id: 50, or `limit` up to 1,000. */
  list(merchantId: string, query?: PageQuery): Promise<{ staff: StaffView[]; nextCursor: string | null }>;
}

export function staffOf(
  store: Books,
  now: () => Instant,
  ids: Pick<Ids, 'bytes'>,
  hasher: PinHasher | undefined,
): StaffRegister {
  const setStatus = async (status: Staff['status'], action: string, input: StaffStatusInput) => {
    const { merchantId, staffId, actor, reason } = parseInput(staffStatusSchema, input);
    const note = reason === undefined ? {} : { reason };
    return changeStaff(store, now(), { merchantId, staffId, actor, action, note, fields: { status } });
  };
  return {
    ...staffPinsOf(store, now, ids, hasher),
    ...pinLocksOf(store, now),
    checkPin: pinCheckOf(store, now, ids, hasher),
    async change(input) {
      const { merchantId, staffId, actor, ...given } = parseInput(changeStaffSchema, input);
      const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
      return changeStaff(store, now(), { merchantId, staffId, actor, action: 'changed', note: {}, fields });
    },
    deactivate: (input) => setStatus('inactive', 'deactivated', input),
    reactivate: (input) => setStatus('active', 'reactivated', input),
    async get(merchantId, staffId) {
      const key = parseInput(keySchema, { merchantId, staffId });
      const [staff] = await store.records(staffTable, [[key.merchantId, key.staffId]]);
      if (!staff) return null;
      const [view] = await viewAll(store, [staff], now());
      return view ?? null;
    },
    async list(merchantId, query = {}) {
      const { merchantId: id } = parseInput(merchantIdSchema, { merchantId });
      const page = parseInput(pageQuerySchema, query);
      const { rows, nextCursor } = await readPage(store, staffTable, id, page);
      return { staff: await viewAll(store, rows, now()), nextCursor };
    },
  };
}

async function viewAll(store: Books, staff: readonly Staff[], at: Instant): Promise<StaffView[]> {
  if (staff.length === 0) return [];
  const keys = staff.map(({ merchantId, staffId }) => [merchantId, subjectOf({ staffId })]);
  const attempts = await store.records(pinAttemptsTable, keys);
  return staff.map((member, index) => viewStaff(member, attempts[index] ?? null, at));
}

interface StaffChange {
  merchantId: string;
  staffId: string;
  actor: string;
  action: string;
  /** What the record says beside the fields that changed. */
  note: { reason?: string };
  fields: Partial<Pick<Staff, 'name' | 'role' | 'locationId' | 'status'>>;
}

function changeStaff(store: Books, at: Instant, change: StaffChange): Promise<StaffView> {
  const { merchantId, staffId, actor, action, note, fields } = change;
  const keys = [{ table: staffTable, key: [merchantId, staffId] }, attemptsKey(merchantId, { staffId })];
  if (fields.locationId) keys.push({ table: locationsTable, key: [merchantId, fields.locationId] });
  return recordChange(store, { merchantId, keys, at }, (_merchant, [row, counter, location]) => {
    const existing = demandStaff((row ?? null) as Staff | null);
    if (fields.locationId) demandLocation((location ?? null) as Location | null);
    const staff: Staff = { ...existing, ...fields };
    const result = viewStaff(staff, (counter ?? null) as PinAttempts | null, at);
    const changed = changedFields(existing, staff);
    if (!changed) return { result, rows: [], record: null };
    return {
      result,
      rows: [{ table: staffTable, row: staff, isNew: false }],
      record: {
        actor,
        subject: 'staff',
        subjectId: staffId,
        action,
        before: changed.before,
        after: { ...changed.after, ...note },
      },
    };
  });
}
