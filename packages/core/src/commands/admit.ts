import type { CardState } from '../card/card-state.ts';
import {
  defaultSettings,
  type MerchantSettings,
  type Operation,
  type StaffPinMode,
} from '../merchant/settings.ts';
import { StaffProof } from '../merchant/staff.ts';
import type { Instant } from '../program/instant.ts';
import type { ParsedCommand } from './command.ts';
import { refuse } from './outcome.ts';
import type { Refusal } from './refusal.ts';

/** What a card is opened for: operations that settings rule, or none; and the order that it is about. */
export interface Use {
  operation: Operation | readonly Operation[] | null;
  orderId?: string | undefined;
  /** Also on a card that was merged into another one, without a look at that. */
  evenMerged?: boolean;
}

const nobody = { staffId: null };
const redemptions: ReadonlySet<Operation> = new Set(['redeem', 'redeemStamps', 'redeemReward', 'useVoucher']);
const voids: ReadonlySet<Operation> = new Set(['reverse', 'voidStamp', 'voidReward']);
const returns: ReadonlySet<Operation> = new Set(['refund', ...voids]);
const withReference: ReadonlySet<Operation> = new Set(['redeem', 'stamp', 'redeemStamps', 'redeemReward']);

/**
 * What the merchant's settings say of an operation, in this order: LOCATION_NOT_FOUND, LOCATION_CLOSED, PIN_REQUIRED,
 * STAFF_OTHER_LOCATION, VOID_NOT_ALLOWED, LOCATION_REQUIRED, OTHER_LOCATION, ORDER_REFERENCE_REQUIRED. Where it is
 * admitted, whose PIN was right.
 *
 * Source: CompanyLoyaltySettings of the company-wide cards; there they were written down and mostly not looked at.
 */
export function admit(
  state: CardState,
  command: ParsedCommand,
  now: Instant,
  { operation, orderId }: Use,
): { staffId: string | null } | Refusal {
  // Where no merchant was registered and nobody is named, there is nothing to look at.
  if (!state.merchant && command.staff === undefined) return nobody;
  const wanted = operation === null ? [] : typeof operation === 'string' ? [operation] : operation;
  const elsewhere = unknownLocation(state, command, wanted);
  if (elsewhere) return elsewhere;
  const settings = state.merchant?.merchant.settings ?? defaultSettings;
  const staff = confirmedBy(state, command, now, strictest(settings, wanted));
  if ('ok' in staff) return staff;
  const withoutReference = orderId === undefined && wanted.some((each) => withReference.has(each));
  return (
    notAllowed(state, command, wanted) ??
    (settings.requireOrderReference && withoutReference ? refuse('ORDER_REFERENCE_REQUIRED') : staff)
  );
}

/** What of a PIN is asked for all of these operations together; a PIN that is given where none is ruled must be right. */
function strictest({ staffPin }: MerchantSettings, wanted: readonly Operation[]): StaffPinMode {
  const modes = wanted.map((operation) => staffPin[operation] ?? 'optional');
  if (modes.includes('required')) return 'required';
  return modes.length === 0 || modes.includes('optional') ? 'optional' : 'off';
}

/** Locations are known where the merchant is; elsewhere any text names one. */
function unknownLocation(
  { merchant }: CardState,
  { locationId }: ParsedCommand,
  wanted: readonly Operation[],
): Refusal | null {
  if (locationId === undefined || !merchant) return null;
  const location = merchant.locations.get(locationId);
  if (!location) return refuse('LOCATION_NOT_FOUND', { locationId });
  const goesOn = wanted.every((operation) => returns.has(operation));
  return location.status === 'open' || goesOn ? null : refuse('LOCATION_CLOSED', { locationId });
}

function confirmedBy(
  { versions }: CardState,
  { staff, locationId }: ParsedCommand,
  now: Instant,
  mode: StaffPinMode,
): { staffId: string | null } | Refusal {
  if (mode === 'off' || (mode === 'optional' && staff === undefined)) return { staffId: null };
  const isGood =
    staff instanceof StaffProof && staff.merchantId === versions[0]?.merchantId && now < staff.expiresAt;
  if (!isGood) return refuse('PIN_REQUIRED', { merchantId: versions[0]?.merchantId ?? '' });
  if (staff.locationId !== null && staff.locationId !== locationId)
    return refuse('STAFF_OTHER_LOCATION', { locationId: staff.locationId });
  return { staffId: staff.staffId };
}

/** What settings have against operations whoever confirms them: VOID_NOT_ALLOWED, LOCATION_REQUIRED, OTHER_LOCATION. */
export function notAllowed(
  { card, merchant }: CardState,
  { locationId }: ParsedCommand,
  wanted: readonly Operation[],
): Refusal | null {
  const { allowVoid, crossLocationRedemption } = merchant?.merchant.settings ?? defaultSettings;
  if (!allowVoid && wanted.some((operation) => voids.has(operation))) return refuse('VOID_NOT_ALLOWED');
  const { enrolledLocationId } = card;
  if (crossLocationRedemption || enrolledLocationId === null) return null;
  if (!wanted.some((operation) => redemptions.has(operation))) return null;
  if (locationId === undefined) return refuse('LOCATION_REQUIRED', { enrolledLocationId });
  return locationId === enrolledLocationId ? null : refuse('OTHER_LOCATION', { enrolledLocationId });
}
