import { LoyaltyError } from '../errors.ts';
import type { PinAttempts, Staff } from '../merchant/staff.ts';
import { type Instant, isoText, isoTextOrNull } from '../program/instant.ts';
import { lockEnd } from './pin-attempts.ts';

/** A staff member as it is read. Neither the PIN nor its hash is in it. */
export interface StaffView {
  merchantId: string;
  id: string;
  name: string;
  role: string;
  /** Null: at every location of the merchant. */
  locationId: string | null;
  status: 'active' | 'inactive';
  /** Until when no PIN of the staff member is checked; null: not locked. */
  lockedUntil: string | null;
  pinSetAt: string;
  /** When a right PIN was last given. */
  lastUsedAt: string | null;
  createdAt: string;
}

/** A staff member as it is read at an instant, with its counter of wrong PINs. */
export function viewStaff(staff: Staff, attempts: PinAttempts | null, at: Instant): StaffView {
  return {
    merchantId: staff.merchantId,
    id: staff.staffId,
    name: staff.name,
    role: staff.role,
    locationId: staff.locationId,
    status: staff.status,
    lockedUntil: isoTextOrNull(lockEnd(attempts, at)),
    pinSetAt: isoText(staff.pinSetAt),
    lastUsedAt: isoTextOrNull(staff.lastUsedAt),
    createdAt: isoText(staff.createdAt),
  };
}

/** The staff member, or a throw: the same for one of another merchant and one that does not exist. */
export function demandStaff(staff: Staff | null): Staff {
  if (staff) return staff;
  throw new LoyaltyError('STAFF_NOT_FOUND', 'The merchant has no such staff member');
}
