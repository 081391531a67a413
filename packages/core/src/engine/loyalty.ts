import type { Balance } from '../card/balance.ts';
import type { AdjustFacts, AdjustInput } from '../commands/adjust.ts';
import type { AwardFacts, AwardInput } from '../commands/award.ts';
import type {
  CaptureFacts,
  CaptureInput,
  CheckoutCompleteFacts,
  CheckoutCompleteInput,
} from '../commands/capture.ts';
import type { CardRef } from '../commands/command.ts';
import type { EarnFacts, EarnInput } from '../commands/earn.ts';
import type { EnrollFacts, EnrollInput } from '../commands/enroll.ts';
import type { CheckoutStartInput, HoldFacts, HoldInput } from '../commands/hold.ts';
import type { Outcome } from '../commands/outcome.ts';
import type { PendingEarnFacts, PendingEarnInput } from '../commands/pending-earn.ts';
import type { RedeemFacts, RedeemInput } from '../commands/redeem.ts';
import type { RefundFacts, RefundInput } from '../commands/refund.ts';
import type { Refusal } from '../commands/refusal.ts';
import type { ReleaseFacts, ReleaseInput } from '../commands/release.ts';
import type { ReverseFacts, ReverseInput } from '../commands/reverse.ts';
import type { ExpireOptions, ExpiryRun } from './expire-points.ts';
import type { Programs } from './programs.ts';
import type { Quote, QuoteInput } from './read-quote.ts';
import type { Statement, StatementQuery } from './read-statement.ts';
import type { Verification } from './verify.ts';

/**
 * The commands and readings of the engine. A command resolves to its outcome, also when it is refused; it rejects with
 * InvalidCommandError for bad input and with another error when the store failed. `using` gives the same inside a
 * transaction of the caller's.
 */
export interface LoyaltyCommands {
  /**
   * Earns on a paid order, once an order: the same again replays.
   *
   * @example
   * const earned = await loyalty.earn({ ...member, order: { id: 'ORDER123', total: '500' } })
   * if (earned.ok) earned.points //=> 50 at 1 point per 10 rupees
   */
  earn(input: EarnInput): Promise<Outcome<EarnFacts>>;
  /**
   * What could be spent on an order, what it is worth, what would be left to pay and what would be earned. Nothing is
   * reserved. `points` asks for a number; without it the most there can be is quoted.
   */
  quote(input: QuoteInput): Promise<Quote | Refusal>;
  /** Miles plus cash in two steps: reserve points while the rest is charged, then spend them and earn, atomically. */
  checkout: {
    /**
     * Reserves points for an order (0 for none) and says what is left to charge.
     *
     * @example
     * const started = await loyalty.checkout.start({ ...member, order: { id: 'ORDER124', total: '500' }, points: 30 })
     * if (started.ok) started.amountDue //=> '470.00' at 1 rupee a point
     */
    start(input: CheckoutStartInput): Promise<Outcome<HoldFacts>>;
    /** Spends the reserved points and earns on the part paid in money. Call it once the money is there. */
    complete(input: CheckoutCompleteInput): Promise<Outcome<CheckoutCompleteFacts>>;
    /** Gives the reserved points back: the payment failed or the customer left. */
    cancel(input: ReleaseInput): Promise<Outcome<ReleaseFacts>>;
  };
  /** Reserves points of particular lots; they neither expire nor can be spent until captured, released or out of time. */
  hold(input: HoldInput): Promise<Outcome<HoldFacts>>;
  /** Spends held points, or fewer of them; the rest is free again. */
  capture(input: CaptureInput): Promise<Outcome<CaptureFacts>>;
  /** Frees held points. */
  release(input: ReleaseInput): Promise<Outcome<ReleaseFacts>>;
  /** Spends points at once: hold and capture in one. */
  redeem(input: RedeemInput): Promise<Outcome<RedeemFacts>>;
  /**
   * Takes an order back: all of it, an amount, or lines. Give each partial refund an `idempotencyKey`: two refunds of
   * one amount are two refunds; a full refund has its order for a key.
   */
  refund(input: RefundInput): Promise<Outcome<RefundFacts>>;
  cards: {
    /**
     * Makes a customer's card, with the welcome bonus; enrolling again gives the same card with `alreadyEnrolled`. Programs
     * with automatic enrolment need it only to make a card before its first use.
     */
    enroll(input: EnrollInput): Promise<Outcome<EnrollFacts>>;
  };
  /** Makes an order's pending points available. */
  confirmEarn(input: PendingEarnInput): Promise<Outcome<PendingEarnFacts>>;
  /** Takes an order's pending points away. */
  cancelEarn(input: PendingEarnInput): Promise<Outcome<PendingEarnFacts>>;
  /** Grants points for anything but an order, once a source. */
  award(input: AwardInput): Promise<Outcome<AwardFacts>>;
  /** Undoes all or part of one redeem or award entry. */
  reverse(input: ReverseInput): Promise<Outcome<ReverseFacts>>;
  /** Gives or takes points by hand, with a reason and an actor. Each call is new unless it has an `idempotencyKey`. */
  adjust(input: AdjustInput): Promise<Outcome<AdjustFacts>>;
  /**
   * The card's points now. A customer of the program who never did anything has zeros.
   *
   * @throws LoyaltyError PROGRAM_NOT_FOUND, or CARD_NOT_FOUND for an unknown cardId.
   */
  balance(member: CardRef): Promise<Balance>;
  /**
   * Entries of a period `[from, to)` by posting date, with what the balance was before and after. Points that are due to
   * expire but not yet swept are on it as projected entries.
   */
  statement(member: CardRef, query?: StatementQuery): Promise<Statement>;
}

export interface Loyalty extends LoyaltyCommands {
  programs: Programs;
  /**
   * The same commands inside a transaction of the caller's: they commit or roll back with it. What it takes depends on
   * the store: a transaction of Knex on PostgreSQL, on SQLite what `store.transaction` hands out.
   */
  using(transaction: unknown): LoyaltyCommands;
  jobs: {
    /**
     * Writes the expiry of points that have ended, one entry a lot. Run it daily or hourly; being late never makes dead
     * points spendable, and two runs at once are safe.
     */
    expirePoints(options?: ExpireOptions): Promise<ExpiryRun>;
  };
  /** Replays all entries of one card, or of all cards, and compares the result with what is stored. */
  verify(member?: CardRef): Promise<Verification>;
  /** Settles what waits, takes no more commands and closes the store. */
  close(): Promise<void>;
}
