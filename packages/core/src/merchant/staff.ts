import type { Instant } from '../program/instant.ts';

/** Who confirms with a PIN. `locationId` null: at every location of the merchant. */
export interface Staff {
  merchantId: string;
  staffId: string;
  name: string;
  role: string;
  locationId: string | null;
  status: 'active' | 'inactive';
  /** What the `PinHasher` made of the PIN; leaves the engine nowhere. */
  pinHash: string;
  pinSetAt: Instant;
  lastUsedAt: Instant | null;
  createdAt: Instant;
}

/** Wrong PINs in a row of one staff member (`staff:ID`) or at one terminal (`terminal:ID`). */
export interface PinAttempts {
  merchantId: string;
  subject: string;
  count: number;
  /** When the first of them was. */
  since: Instant;
  lockedUntil: Instant | null;
}

/**
 * That a staff member's PIN was right: `staff.checkPin` gives it, commands take it in place of a PIN. Good for five minutes,
 * for one merchant, in this process.
 */
export class StaffProof {
  readonly merchantId: string;
  readonly staffId: string;
  /** Where the staff member may work; null: everywhere. */
  readonly locationId: string | null;
  readonly expiresAt: Instant;

  constructor({ merchantId, staffId, locationId, expiresAt }: Omit<StaffProof, never>) {
    this.merchantId = merchantId;
    this.staffId = staffId;
    this.locationId = locationId;
    this.expiresAt = expiresAt;
  }
}
