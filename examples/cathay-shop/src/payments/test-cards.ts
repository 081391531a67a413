/**
 * A card of the simulator: the token that the shop sends, the number that a page shows for it, and what happens. Where `stripe`
 * is true, Stripe's test mode knows the same token and does the same.
 */
export interface TestCard {
  token: string;
  /** For people to look at. Nothing takes it: a card reaches the shop as a token. */
  number: string;
  happens: string;
  stripe: boolean;
  authorise: 'approved' | 'asks-the-customer' | { declineCode: string };
  /** When the answer to `authorise` does not arrive: the work was done, or it was not. */
  authoriseTimesOut?: 'before' | 'after';
  capture?: 'refused' | 'times-out-once';
}

/** The cards that the simulator knows. Any other token is declined with `invalid_card`. */
export const testCards: readonly TestCard[] = [
  {
    token: 'pm_card_visa',
    number: '4242 4242 4242 4242',
    happens: 'Approved',
    stripe: true,
    authorise: 'approved',
  },
  {
    token: 'pm_card_mastercard',
    number: '5555 5555 5555 4444',
    happens: 'Approved',
    stripe: true,
    authorise: 'approved',
  },
  {
    token: 'pm_card_chargeDeclined',
    number: '4000 0000 0000 0002',
    happens: 'Declined: card_declined',
    stripe: true,
    authorise: { declineCode: 'card_declined' },
  },
  {
    token: 'pm_card_chargeDeclinedInsufficientFunds',
    number: '4000 0000 0000 9995',
    happens: 'Declined: insufficient_funds',
    stripe: true,
    authorise: { declineCode: 'insufficient_funds' },
  },
  {
    token: 'pm_card_chargeDeclinedExpiredCard',
    number: '4000 0000 0000 0069',
    happens: 'Declined: expired_card',
    stripe: true,
    authorise: { declineCode: 'expired_card' },
  },
  {
    token: 'pm_card_threeDSecureRequired',
    number: '4000 0000 0000 3063',
    happens:
      'The customer confirms it with their bank first; refused there, it is declined: authentication_failed',
    stripe: true,
    authorise: 'asks-the-customer',
  },
  {
    token: 'pm_card_timeoutAfter',
    number: '9000 0000 0000 0001',
    happens: 'Reserved, but the answer is lost; asked again, it answers',
    stripe: false,
    authorise: 'approved',
    authoriseTimesOut: 'after',
  },
  {
    token: 'pm_card_timeoutBefore',
    number: '9000 0000 0000 0019',
    happens: 'No answer and nothing reserved, every time',
    stripe: false,
    authorise: 'approved',
    authoriseTimesOut: 'before',
  },
  {
    token: 'pm_card_captureFails',
    number: '9000 0000 0000 0027',
    happens: 'Reserved, but taking the money is refused for good',
    stripe: false,
    authorise: 'approved',
    capture: 'refused',
  },
  {
    token: 'pm_card_captureTimesOutOnce',
    number: '9000 0000 0000 0035',
    happens: 'Reserved and taken, but the answer to the taking is lost; asked again, it answers',
    stripe: false,
    authorise: 'approved',
    capture: 'times-out-once',
  },
];
