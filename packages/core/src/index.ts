export { type Balance, type BalanceFigures, balanceFigures } from './card/balance.ts';
export {
  type Card,
  type CardState,
  type Hold,
  type Lifetime,
  type Lot,
  newCardState,
  type OrderRecord,
  type OrderRedemption,
  type Receipt,
} from './card/card-state.ts';
export { checkCard, checkEntry, type Problem } from './card/check-ledger.ts';
export {
  type Entry,
  type EntryDetails,
  type EntryKind,
  entryKinds,
  type NewLot,
  onConfirm,
  undonePoints,
} from './card/entry.ts';
export { copyState, evolve, stateAt } from './card/evolve.ts';
export { type EndRange, endOfKey, endRanges, keyOfEnd, lotEnd } from './card/lot-end.ts';
export { WorkingCard } from './card/working-card.ts';
export { type AdjustFacts, type AdjustInput, adjustSchema, decideAdjust } from './commands/adjust.ts';
export { type AwardFacts, type AwardInput, awardSchema, decideAward } from './commands/award.ts';
export {
  type CaptureFacts,
  type CaptureInput,
  type CheckoutCompleteFacts,
  type CheckoutCompleteInput,
  captureSchema,
  checkoutCompleteSchema,
  decideCapture,
  decideCheckoutComplete,
} from './commands/capture.ts';
export { type CardRef, parseInput, type Reach } from './commands/command.ts';
export { decideEarn, type EarnCommand, type EarnFacts, type EarnInput, earnSchema } from './commands/earn.ts';
export { decideEnroll, type EnrollFacts, type EnrollInput, enrollSchema } from './commands/enroll.ts';
export { decideExpire, type ExpireFacts } from './commands/expire.ts';
export {
  type CheckoutStartInput,
  checkoutStartSchema,
  decideHold,
  defaultHoldMinutes,
  type HoldCommand,
  type HoldFacts,
  type HoldInput,
  holdSchema,
} from './commands/hold.ts';
export type { Metadata } from './commands/metadata.ts';
export {
  type Accepted,
  type Decision,
  type EntryView,
  type Outcome,
  unwrap,
  viewEntry,
} from './commands/outcome.ts';
export {
  decideCancelEarn,
  decideConfirmEarn,
  type PendingEarnFacts,
  type PendingEarnInput,
  pendingEarnSchema,
} from './commands/pending-earn.ts';
export {
  decideRedeem,
  type RedeemCommand,
  type RedeemFacts,
  type RedeemInput,
  redeemSchema,
} from './commands/redeem.ts';
export {
  decideRefund,
  type RefundCommand,
  type RefundFacts,
  type RefundInput,
  refundSchema,
} from './commands/refund.ts';
export { type Refusal, type RefusalCode, refusalMessages } from './commands/refusal.ts';
export { decideRelease, type ReleaseFacts, type ReleaseInput, releaseSchema } from './commands/release.ts';
export {
  decideReverse,
  type ReverseCommand,
  type ReverseFacts,
  type ReverseInput,
  reverseSchema,
} from './commands/reverse.ts';
export { createLoyalty, type LoyaltyOptions } from './engine/create-loyalty.ts';
export type { ExpireOptions, ExpiryRun } from './engine/expire-points.ts';
export { foldWork } from './engine/fold-work.ts';
export type { Loyalty, LoyaltyCommands } from './engine/loyalty.ts';
export type { Programs } from './engine/programs.ts';
export type { Quote, QuoteInput } from './engine/read-quote.ts';
export type { Statement, StatementEntry, StatementQuery } from './engine/read-statement.ts';
export type { Verification } from './engine/verify.ts';
export { InvalidCommandError, type Issue, LoyaltyError } from './errors.ts';
export {
  type AmountInput,
  type AmountText,
  fromMinor,
  type Ratio,
  toMinor,
  toRatio,
} from './money/amount.ts';
export { isCurrency, minorDigits } from './money/currency.ts';
export { mulDiv, type RoundingMode, roundingModes } from './money/rounding.ts';
export { spreadInProportion } from './money/spread-in-proportion.ts';
export { cardsTable, entriesTable, lotsTable } from './ports/card-tables.ts';
export { type Clock, systemClock } from './ports/clock.ts';
export { type Ids, randomIds } from './ports/ids.ts';
export {
  type Changes,
  type DueCursor,
  type EntrySlice,
  type LoyaltyStore,
  lotsNamed,
  ordersNamed,
  pointsToCover,
  type Settled,
  sharedNeed,
  type Touch,
  type Work,
} from './ports/loyalty-store.ts';
export { holdsTable, ordersTable, receiptsTable } from './ports/order-tables.ts';
export type { Cell, ColumnType, Table } from './ports/table.ts';
export { type Instant, type InstantInput, isoText } from './program/instant.ts';
export {
  type ActivityKind,
  type ExpiryPolicy,
  type Program,
  type ProgramInput,
  programSchema,
  type RefundPolicy,
} from './program/program.ts';
export { type Terms, termsOf } from './program/terms.ts';
export { nextVersion, type ProgramVersion, versionAt, versionNumbered } from './program/version.ts';
export {
  type Allocation,
  type BurnableLot,
  burnLots,
  compareBurnOrder,
  returnToLots,
} from './rules/burn-lots.ts';
export { addSpan, endOfNextDate, type Period, roundUpToPeriod, type Span } from './rules/calendar.ts';
export { basisPaidInMoney, type Earning, earningBasis, earnPoints } from './rules/earn-points.ts';
export { earnedOnRemaining } from './rules/earned-on-remaining.ts';
export { inactivityDeadline, type LotExpiry, lotExpiry } from './rules/lot-expiry.ts';
export {
  type Order,
  type OrderInput,
  orderSchema,
  type PricedLine,
  type PricedOrder,
  priceOrder,
} from './rules/order.ts';
export {
  pointsValue,
  quoteRedemption,
  type RedemptionLimit,
  type RedemptionQuote,
  type RedemptionRequest,
  redemptionLimits,
} from './rules/quote-redemption.ts';
export { type Refunded, refundedOnLines, remainingOrder } from './rules/remaining-order.ts';
export { type Payment, splitRefund } from './rules/split-refund.ts';
export { type ExplainedStep, explainStep, type Step, type StepRule } from './rules/step.ts';
