import type { Balance } from '../card/balance.ts';
import type { AdjustFacts, AdjustInput } from '../commands/adjust.ts';
import type { AnonymiseFacts, AnonymiseInput } from '../commands/anonymise.ts';
import type { AwardFacts, AwardInput } from '../commands/award.ts';
import type {
  CaptureFacts,
  CaptureInput,
  CheckoutCompleteFacts,
  CheckoutCompleteInput,
} from '../commands/capture.ts';
import type { CardStatusFacts, CardStatusInput } from '../commands/card-status.ts';
import type { EarnFacts, EarnInput } from '../commands/earn.ts';
import type { EnrollFacts, EnrollInput } from '../commands/enroll.ts';
import type { CheckoutStartInput, HoldFacts, HoldInput } from '../commands/hold.ts';
import type { VoucherFacts } from '../commands/issue-voucher.ts';
import type { MergeFacts, MergeInput } from '../commands/merge.ts';
import type { Outcome } from '../commands/outcome.ts';
import type { PendingEarnFacts, PendingEarnInput } from '../commands/pending-earn.ts';
import type { RedeemFacts, RedeemInput } from '../commands/redeem.ts';
import type { RedeemRewardInput } from '../commands/redeem-reward.ts';
import type { RedeemStampsInput } from '../commands/redeem-stamps.ts';
import type { RefundFacts, RefundInput } from '../commands/refund.ts';
import type { Refusal } from '../commands/refusal.ts';
import type { ReleaseFacts, ReleaseInput } from '../commands/release.ts';
import type { ReverseFacts, ReverseInput } from '../commands/reverse.ts';
import type { RotateQrFacts, RotateQrInput } from '../commands/rotate-qr.ts';
import type { StampFacts, StampInput } from '../commands/stamp.ts';
import type { UseVoucherFacts, UseVoucherInput } from '../commands/use-voucher.ts';
import type { VoidRewardFacts, VoidRewardInput } from '../commands/void-reward.ts';
import type { VoidStampFacts, VoidStampInput } from '../commands/void-stamp.ts';
import type { ExpireOptions, ExpiryRun } from './expire-points.ts';
import type { CardPage, CardQuery } from './list-cards.ts';
import type { EntryPage, EntryQuery } from './list-entries.ts';
import type { Locations } from './locations.ts';
import type { Merchants } from './merchants.ts';
import type { Programs } from './programs.ts';
import type { OrderPage, OrderQuery, OrdersOf } from './read-orders.ts';
import type { Quote, QuoteInput } from './read-quote.ts';
import type { Statement, StatementQuery } from './read-statement.ts';
import type { Statistics, StatisticsQuery } from './read-statistics.ts';
import type { VoucherPage, VoucherQuery, VoucherRef, VoucherView } from './read-vouchers.ts';
import type { Member } from './reader.ts';
import type { Requests } from './requests.ts';
import type { RewardsCatalogue } from './rewards.ts';
import type { StaffRegister } from './staff.ts';
import type { Verification } from './verify.ts';
import type { CardView } from './view-card.ts';
import type { WarningRun, WarnOptions } from './warn-of-expiry.ts';

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
     *
     * @example
     * const made = await loyalty.cards.enroll({ ...member, locationId: 'bandra' })
     * if (made.ok) made.cardNumber //=> '4071-8830-2915'
     */
    enroll(input: EnrollInput): Promise<Outcome<EnrollFacts>>;
    /**
     * A card with its points, stamps, counters and QR token.
     *
     * @throws LoyaltyError PROGRAM_NOT_FOUND, or CARD_NOT_FOUND for an unknown card, one of another merchant than
     * `merchantId`, or a QR token that was rotated.
     */
    get(member: Member): Promise<CardView>;
    /** From now on the card earns and spends nothing; what it has stays. Returns and corrections go on. */
    deactivate(input: CardStatusInput): Promise<Outcome<CardStatusFacts>>;
    /** The card earns and spends again. */
    reactivate(input: CardStatusInput): Promise<Outcome<CardStatusFacts>>;
    /** A new QR token: the old one finds nothing any more. `get` has the new one. */
    rotateQr(input: RotateQrInput): Promise<Outcome<RotateQrFacts>>;
    /**
     * Moves all points, stamps and debt of one card of a customer to another; each lot ends when it would have. The old card
     * then earns and spends nothing: commands are refused as CARD_MERGED, with the `cardId` to send them to. Returns of its
     * orders still name it, and move points and debt where everything went.
     */
    merge(input: MergeInput): Promise<Outcome<MergeFacts>>;
    /** Forgets who a card's customer is and keeps its history and totals. */
    anonymise(input: AnonymiseInput): Promise<Outcome<AnonymiseFacts>>;
  };
  /**
   * Stamps a visit: after the cooldown, within the daily limit of the location's local day.
   *
   * @example
   * const stamped = await loyalty.stamp({ qrToken, locationId: 'bandra', staff: { staffId: 'ravi', pin, terminalId: 'till-1' } })
   * if (!stamped.ok) stamped.retryAfterSeconds //=> 540, with the code COOLDOWN_ACTIVE
   */
  stamp(input: StampInput): Promise<Outcome<StampFacts>>;
  /** Takes a visit's stamps away again, once, by the number of their entry. */
  voidStamp(input: VoidStampInput): Promise<Outcome<VoidStampFacts>>;
  /** The reward of a full stamp card, as a voucher. */
  redeemStamps(input: RedeemStampsInput): Promise<Outcome<VoucherFacts>>;
  rewards: {
    /** A reward of the catalogue for points or stamps, as a voucher. */
    redeem(input: RedeemRewardInput): Promise<Outcome<VoucherFacts>>;
    /** Hands a reward out against its voucher, which is good once. */
    use(input: UseVoucherInput): Promise<Outcome<UseVoucherFacts>>;
    /** Takes an unused voucher back: its points or stamps return, and the stock has one more. */
    void(input: VoidRewardInput): Promise<Outcome<VoidRewardFacts>>;
    /**
     * A card's vouchers, newest first. A customer of the program who never did anything has none.
     *
     * @throws LoyaltyError PROGRAM_NOT_FOUND, or CARD_NOT_FOUND for an unknown card or one of another merchant.
     * @example
     * const { vouchers } = await loyalty.rewards.vouchers(member, { status: 'issued' })
     * vouchers[0]?.code //=> '7K2M-9QXT-4HVB'
     */
    vouchers(member: Member, query?: VoucherQuery): Promise<VoucherPage>;
    /** The voucher of a code, and whether it is still good; null for an unknown one and for one of another merchant. */
    voucher(ref: VoucherRef): Promise<VoucherView | null>;
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
  balance(member: Member): Promise<Balance>;
  /**
   * Entries of a period `[from, to)` by posting date, with what the balance was before and after. Points that are due to
   * expire but not yet swept are on it as projected entries.
   */
  statement(member: Member, query?: StatementQuery): Promise<Statement>;
}

export interface Loyalty extends LoyaltyCommands {
  programs: Programs;
  merchants: Merchants;
  locations: Locations;
  staff: StaffRegister;
  cards: LoyaltyCommands['cards'] & {
    /** Cards of a program, of a merchant or of all, by id: 50, or `limit` up to 200. */
    list(query?: CardQuery): Promise<CardPage>;
  };
  /** The rewards catalogue of each program, and what customers do with it. */
  rewards: LoyaltyCommands['rewards'] & RewardsCatalogue;
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
    /** Calls `warn` for each card whose points expire within so many days, once a deadline. */
    warnOfExpiry(options: WarnOptions): Promise<WarningRun>;
  };
  /**
   * Entries of all cards, the last one written first: of a program, of a merchant, of a card or of all, by kind, location,
   * order, staff member, actor, and by when they were written. What is only due is not among them; see `statement`.
   *
   * @throws LoyaltyError PROGRAM_NOT_FOUND or CARD_NOT_FOUND, also for those of another merchant.
   * @example
   * const { entries } = await loyalty.entries({ merchantId: 'cathay', kinds: ['earn'], from: '2026-01-15T00:00:00+05:30' })
   * entries[0] //=> { kind: 'earn', points: 50, orderId: 'ORDER123', customerId: 'sachin', ... }
   */
  entries(query?: EntryQuery): Promise<EntryPage>;
  /** What each order of a card, or of a whole program, earned and redeemed, by card and order. */
  orders(of: OrdersOf, query?: OrderQuery): Promise<OrderPage>;
  /** Figures of a program, or of all programs of a merchant; by day or by location where asked for. */
  statistics(query: StatisticsQuery): Promise<Statistics>;
  /** Requests under a key of their sender's: those that are no commands of a card, which have their own keys. */
  requests: Requests;
  /** Replays all entries of one card, or of all cards, and compares the result with what is stored. */
  verify(member?: Member): Promise<Verification>;
  /** Settles what waits, takes no more commands and closes the store. */
  close(): Promise<void>;
}
