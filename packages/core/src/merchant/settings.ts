import { z } from 'zod';

/** What staff and customers do, as far as a merchant's settings rule it. */
export const operations = [
  'enroll',
  'earn',
  'redeem',
  'award',
  'adjust',
  'refund',
  'reverse',
  'stamp',
  'voidStamp',
  'redeemStamps',
  'redeemReward',
  'useVoucher',
  'voidReward',
] as const;
export type Operation = (typeof operations)[number];

/** `required`: not without a right PIN; `optional`: a PIN that is given must be right; `off`: staff is neither asked nor noted. */
export const staffPinModes = ['required', 'optional', 'off'] as const;
export type StaffPinMode = (typeof staffPinModes)[number];

const modeSchema = z.enum(staffPinModes);
const pinShape = Object.fromEntries(operations.map((operation) => [operation, modeSchema.optional()])) as {
  [Each in Operation]: z.ZodOptional<typeof modeSchema>;
};

/** The longest that wrong PINs are counted together, and that a lock by them lasts: a week. */
export const maxPinLockMinutes = 10_080;

/**
 * zod schema of the settings that the platform's admin gives a merchant.
 *
 * Source: CompanyLoyaltySettings of the company-wide cards.
 */
export const settingsSchema = z.strictObject({
  /** By operation; one that is not named is `optional`. */
  staffPin: z.strictObject(pinShape).prefault({}),
  /** Wrong PINs in a row, of one staff member or at one terminal, that lock it. */
  pinAttempts: z.number().int().min(1).max(100).default(5),
  pinLockMinutes: z.number().int().min(1).max(maxPinLockMinutes).default(30),
  /** Whether customers may enrol themselves. */
  selfEnrolment: z.boolean().default(true),
  /** Whether stamps, rewards and entries may be voided; a return of goods is no void. */
  allowVoid: z.boolean().default(true),
  /** Whether points and stamps may be spent elsewhere than where the card was enrolled. */
  crossLocationRedemption: z.boolean().default(true),
  /** Whether stamps, redemptions and rewards must name an order. */
  requireOrderReference: z.boolean().default(false),
});

export type MerchantSettings = z.output<typeof settingsSchema>;
export type MerchantSettingsInput = z.input<typeof settingsSchema>;

/** The settings of a merchant that was never given any. */
export const defaultSettings: MerchantSettings = settingsSchema.parse({});
