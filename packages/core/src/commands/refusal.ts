/**
 * The catalogue of refusals: every code that an outcome with `ok: false` can have, and what it says. The facts that come
 * with a code are listed in docs/refusals.md.
 */
export const refusalMessages = {
  NO_ACTIVE_PROGRAM: 'No version of the program is in force at that time.',
  CARD_NOT_FOUND: 'There is no such card.',
  CARD_INACTIVE: 'The card is inactive: it earns and spends nothing.',
  IDEMPOTENCY_KEY_REUSED: 'The same key was used before with other content.',
  OVERLOADED: 'Too many commands are waiting. Try again shortly.',
  ORDER_NOT_PAID: 'The order is not paid; only paid orders earn.',
  ORDER_ALREADY_EARNED: 'The order has already earned its points.',
  ORDER_ALREADY_REFUNDED: 'The order was refunded; nothing more can be earned or spent on it.',
  ORDER_MISMATCH: 'The order is known with another amount.',
  ORDER_NOT_FOUND: 'The card has no such order.',
  ORDER_FULLY_REFUNDED: 'The order has been refunded in full.',
  LINE_NOT_FOUND: 'The order has no such line.',
  REFUND_EXCEEDS_ORDER: 'The refund is more than what is left of the order.',
  REFUND_SHORTFALL: 'The points to take back were already spent.',
  EARN_NOT_PENDING: 'The order has no pending points.',
  NOT_ENOUGH_POINTS: 'The card has not that many points available.',
  MAX_POINTS_PER_ORDER: 'That is more points than one order may be paid with.',
  MAX_SHARE_OF_ORDER: 'Points may pay only a share of the order.',
  EXCEEDS_PAYABLE: 'The points are worth more than what is left to pay.',
  NOT_A_MULTIPLE: 'Points are spent in multiples of the increment.',
  BELOW_MIN_POINTS: 'That is fewer points than may be spent at once.',
  HOLD_NOT_FOUND: 'The card has no such hold.',
  HOLD_EXPIRED: 'The hold ran out, and its points are no longer there.',
  HOLD_ALREADY_CAPTURED: 'The hold was captured already.',
  HOLD_ALREADY_RELEASED: 'The hold was released already.',
  HOLD_WITHOUT_ORDER: 'The hold was not taken for an order.',
  ENTRY_NOT_FOUND: 'The card has no such entry.',
  ENTRY_NOT_REVERSIBLE: 'Only redeem and award entries can be reversed.',
  ENTRY_ALREADY_REVERSED: 'That is more than what is left to reverse of the entry.',
  BALANCE_LIMIT: 'The card cannot hold that many points.',
  CARD_MERGED: 'The card was merged into another one.',
  CARD_HAS_HOLDS: 'The card has open holds.',
  CARD_ANONYMISED: 'The card belongs to nobody any more.',
  SAME_CARD: 'Both are the same card.',
  OTHER_PROGRAM: 'The cards are of different programs.',
  LOCATION_NOT_FOUND: 'There is no such location.',
  LOCATION_CLOSED: 'The location is closed.',
  LOCATION_REQUIRED: 'The location must be named: points and stamps are spent where the card was enrolled.',
  OTHER_LOCATION: 'Points and stamps are spent where the card was enrolled.',
  PIN_REQUIRED: 'A staff member must confirm this with a PIN.',
  PIN_WRONG: 'The staff member or the PIN is wrong.',
  PIN_LOCKED: 'Too many wrong PINs. Try again later.',
  STAFF_OTHER_LOCATION: 'The staff member works at another location.',
  VOID_NOT_ALLOWED: 'The merchant allows no voids.',
  SELF_ENROLMENT_OFF: 'Customers are enrolled by staff.',
  ORDER_REFERENCE_REQUIRED: 'The order must be named.',
  STAMPS_NOT_OFFERED: 'The program has no stamps.',
  TOO_MANY_STAMPS: 'That is more stamps than one visit may give.',
  STAMP_TOO_OLD: 'The visit is too long ago for a stamp.',
  COOLDOWN_ACTIVE: 'The card was stamped a short while ago.',
  DAILY_STAMP_LIMIT: 'The card has had its stamps for the day.',
  NOT_ENOUGH_STAMPS: 'The card has not that many stamps.',
  STAMP_LIMIT: 'The card cannot hold that many stamps.',
  REWARD_NOT_FOUND: 'There is no such reward.',
  REWARD_NOT_ACTIVE: 'The reward cannot be redeemed now.',
  OUT_OF_STOCK: 'The reward is out of stock.',
  REWARD_LIMIT_REACHED: 'The customer has had this reward as often as they may.',
  VOUCHER_NOT_FOUND: 'There is no such voucher.',
  VOUCHER_USED: 'The voucher was used already.',
  VOUCHER_VOID: 'The voucher was voided.',
  VOUCHER_EXPIRED: 'The voucher has expired.',
} as const;

export type RefusalCode = keyof typeof refusalMessages;

/** A command that was not carried out, for a reason of business. Nothing was written. */
export interface Refusal {
  ok: false;
  code: RefusalCode;
  message: string;
  /** Facts for a UI: `available`, `limit`, `requested`, `missing` ... */
  readonly [fact: string]: unknown;
}
