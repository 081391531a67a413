/** What of an order is paid by card. One order has one payment. Amounts are in minor units: paise of INR. */
export interface PaymentOrder {
  orderId: string;
  amountMinor: number;
  /** ISO 4217, in capitals. */
  currency: string;
}

/**
 * Where a payment stands. `requires-action`: the customer must confirm it with their bank first. `declined`: the bank said no,
 * and no money is reserved. `authorised`: reserved, not yet taken. `voided`: over, and nothing is reserved.
 */
export type PaymentStatus =
  | 'requires-action'
  | 'declined'
  | 'authorised'
  | 'captured'
  | 'voided'
  | 'partly-refunded'
  | 'refunded';

export interface Payment extends PaymentOrder {
  /** The gateway's own name for it. */
  paymentId: string;
  status: PaymentStatus;
  /** Why it was declined, in the gateway's words: `card_declined`, `insufficient_funds`. */
  declineCode: string | null;
  /** Where the customer confirms it, or what their page needs for that. */
  action: { url: string } | { clientSecret: string } | null;
  refundedMinor: number;
}

/**
 * Who charges cards. Every call is idempotent: the same again, after a crash or a time-out, has no second effect and answers
 * the same payment. Card numbers never come here: `card` is the gateway's own token for one.
 *
 * @throws GatewayError where it cannot be known whether the call had an effect (`TIMEOUT`, `UNAVAILABLE`): ask `find`, or make
 * the same call again; and where the gateway refuses the call (`REFUSED`), such as a capture of a payment that was voided.
 */
export interface PaymentGateway {
  readonly name: string;
  /** Reserves the amount on a card, once an order. A declined card is an answer, not an error; another card is another order. */
  authorise(order: PaymentOrder & { card: string }): Promise<Payment>;
  /**
   * The order's payment as it is now; null where no card was ever tried, or the gateway takes no such order. Give `paymentId` where it is known: without it, a
   * gateway may find the payments of the last 24 hours only.
   */
  find(order: PaymentOrder & { paymentId?: string }): Promise<Payment | null>;
  /** Takes the reserved amount. */
  capture(payment: Payment): Promise<Payment>;
  /**
   * Ends the order's payment for good, whether a card was tried or not: what was reserved is free, and a later `authorise`
   * answers `voided`. Null where the gateway takes no such order anyway; REFUSED where the amount was taken.
   */
  void(order: PaymentOrder & { paymentId?: string }): Promise<Payment | null>;
  /** Gives back part or all of what was taken; `refundId` is the caller's, and gives back once. */
  refund(payment: Payment, refund: { refundId: string; amountMinor: number }): Promise<Payment>;
  close(): Promise<void>;
}

export type GatewayErrorCode = 'TIMEOUT' | 'UNAVAILABLE' | 'REFUSED';

/** A call to the gateway that gave no payment. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GatewayError';
    this.code = code;
  }
}
