export { type Balance, type BalanceFigures, balanceFigures } from './card/balance.ts';
export { type CardKey, nameOfNumber, nameOfQrToken, nameOfVoucher, ownNames } from './card/card-names.ts';
export { cardNumber, cardNumberSchema, formatCardNumber, parseCardNumber } from './card/card-number.ts';
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
  type StampLot,
  type StampTime,
} from './card/card-state.ts';
export { checkCard, checkEntry, type Problem } from './card/check-ledger.ts';
export {
  type Entry,
  type EntryDetails,
  type EntryKind,
  entryKinds,
  type NewLot,
  onConfirm,
  type StampMove,
  undonePoints,
} from './card/entry.ts';
export { copyState, evolve, stateAt } from './card/evolve.ts';
export { isSameText } from './card/is-same-text.ts';
export { type EndRange, endOfKey, endRanges, keyOfEnd, lotEnd } from './card/lot-end.ts';
export { qrToken, qrTokenSchema } from './card/qr-token.ts';
export { liveStamps, takeStamps } from './card/stamp-book.ts';
export { voucherCode, voucherCodeSchema } from './card/voucher-code.ts';
export { WorkingCard } from './card/working-card.ts';
export { type AdjustFacts, type AdjustInput, adjustSchema, decideAdjust } from './commands/adjust.ts';
export {
  type AnonymiseCommand,
  type AnonymiseFacts,
  type AnonymiseInput,
  anonymiseSchema,
  decideAnonymise,
} from './commands/anonymise.ts';
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
export {
  type CardStatusFacts,
  type CardStatusInput,
  cardStatusSchema,
  decideDeactivate,
  decideReactivate,
} from './commands/card-status.ts';
export {
  type CardRef,
  keyOfCard,
  parseInput,
  type Reach,
  type StaffConfirmation,
} from './commands/command.ts';
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
export type { VoucherFacts } from './commands/issue-voucher.ts';
export {
  decideMerge,
  type MergeCommand,
  type MergeFacts,
  type MergeInput,
  mergeSchema,
} from './commands/merge.ts';
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
  decideRedeemReward,
  type RedeemRewardCommand,
  type RedeemRewardInput,
  redeemRewardSchema,
} from './commands/redeem-reward.ts';
export {
  decideRedeemStamps,
  type RedeemStampsCommand,
  type RedeemStampsInput,
  redeemStampsSchema,
} from './commands/redeem-stamps.ts';
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
export {
  decideRotateQr,
  type RotateQrCommand,
  type RotateQrFacts,
  type RotateQrInput,
  rotateQrSchema,
} from './commands/rotate-qr.ts';
export {
  decideStamp,
  type StampCommand,
  type StampFacts,
  type StampInput,
  stampSchema,
} from './commands/stamp.ts';
export {
  decideUseVoucher,
  type UseVoucherFacts,
  type UseVoucherInput,
  useVoucherSchema,
} from './commands/use-voucher.ts';
export {
  decideVoidReward,
  type VoidRewardFacts,
  type VoidRewardInput,
  voidRewardSchema,
} from './commands/void-reward.ts';
export {
  decideVoidStamp,
  type VoidStampFacts,
  type VoidStampInput,
  voidStampSchema,
} from './commands/void-stamp.ts';
export { type CheckPinInput, checkPinSchema, type PinAccepted, type PinCheck } from './engine/check-pin.ts';
export { createLoyalty, type LoyaltyOptions } from './engine/create-loyalty.ts';
export { type ExpireOptions, type ExpiryRun, expireOptionsSchema } from './engine/expire-points.ts';
export { foldWork } from './engine/fold-work.ts';
export { type CardPage, type CardQuery, type CardSummary, cardQuerySchema } from './engine/list-cards.ts';
export {
  type EntryPage,
  type EntryQuery,
  entryQuerySchema,
  type ListedEntry,
} from './engine/list-entries.ts';
export {
  type LocationInput,
  type LocationStatusInput,
  type Locations,
  type LocationView,
  locationStatusSchema,
  registerLocationSchema,
} from './engine/locations.ts';
export type { Loyalty, LoyaltyCommands } from './engine/loyalty.ts';
export {
  type ConfigureInput,
  configureMerchantSchema,
  type MerchantInput,
  type Merchants,
  type MerchantView,
  type RecordedChangeView,
  registerMerchantSchema,
} from './engine/merchants.ts';
export {
  type LockInput,
  lockPinSchema,
  type PinLock,
  type UnlockInput,
  unlockPinSchema,
} from './engine/pin-locks.ts';
export type { Programs } from './engine/programs.ts';
export {
  type OrderPage,
  type OrderQuery,
  type OrderSummary,
  type OrdersOf,
  orderQuerySchema,
} from './engine/read-orders.ts';
export { type PageQuery, pageQuerySchema } from './engine/read-page.ts';
export { type Quote, type QuoteInput, quoteSchema } from './engine/read-quote.ts';
export {
  type Statement,
  type StatementEntry,
  type StatementQuery,
  statementQuerySchema,
} from './engine/read-statement.ts';
export {
  type Flows,
  type Statistics,
  type StatisticsQuery,
  statisticsQuerySchema,
} from './engine/read-statistics.ts';
export {
  type VoucherPage,
  type VoucherQuery,
  type VoucherRef,
  type VoucherView,
  voucherQuerySchema,
} from './engine/read-vouchers.ts';
export type { Member } from './engine/reader.ts';
export type { Answered, RequestInput, Requests } from './engine/requests.ts';
export {
  type PublishRewardInput,
  publishRewardSchema,
  type RewardStatusInput,
  type RewardsCatalogue,
  type RewardsQuery,
  type RewardView,
  rewardStatusSchema,
  rewardsQuerySchema,
} from './engine/rewards.ts';
export {
  changeStaffSchema,
  type StaffChangeInput,
  type StaffRegister,
  type StaffStatusInput,
  staffStatusSchema,
} from './engine/staff.ts';
export {
  type ResetPinInput,
  registerStaffSchema,
  resetPinSchema,
  type StaffInput,
  type StaffWithPin,
} from './engine/staff-pins.ts';
export type { StaffView } from './engine/staff-view.ts';
export type { Verification } from './engine/verify.ts';
export type { CardFacts, CardView, StampView } from './engine/view-card.ts';
export type { ExpiryWarning, WarningRun, WarnOptions } from './engine/warn-of-expiry.ts';
export { InvalidCommandError, type Issue, LoyaltyError } from './errors.ts';
export type { ClaimedRequest } from './merchant/claimed-request.ts';
export type {
  ChangeSubject,
  Location,
  Merchant,
  MerchantTerms,
  RecordedChange,
} from './merchant/merchant.ts';
export { isCommonPin } from './merchant/pin.ts';
export {
  type Reward,
  type RewardGives,
  type RewardInput,
  type RewardPrice,
  rewardSchema,
  type Voucher,
} from './merchant/reward.ts';
export {
  defaultSettings,
  type MerchantSettings,
  type MerchantSettingsInput,
  type Operation,
  operations,
  type StaffPinMode,
  settingsSchema,
} from './merchant/settings.ts';
export { type PinAttempts, type Staff, StaffProof } from './merchant/staff.ts';
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
export {
  cardBeyondPoints,
  cardIdentityColumns,
  cardsTable,
  entriesTable,
  lotsTable,
} from './ports/card-tables.ts';
export { type Clock, systemClock } from './ports/clock.ts';
export { type CardEntry, type EntryFilter, type EntryPlace, placeBefore } from './ports/entry-list.ts';
export { type Ids, randomIds } from './ports/ids.ts';
export {
  type Changes,
  claimsForgottenBefore,
  type DueCursor,
  type EntrySlice,
  forgottenBefore,
  type LoyaltyStore,
  lotsNamed,
  ordersNamed,
  pointsToCover,
  type RecordKey,
  type RecordRow,
  rewardsNamed,
  type Settled,
  sharedNeed,
  type Touch,
  type Work,
} from './ports/loyalty-store.ts';
export {
  changesTable,
  locationsTable,
  merchantsTable,
  pinAttemptsTable,
  requestsTable,
  rewardsTable,
  staffTable,
  talliesTable,
  vouchersTable,
} from './ports/merchant-tables.ts';
export { holdsTable, ordersTable, receiptsTable } from './ports/order-tables.ts';
export type { PinHasher } from './ports/pin-hasher.ts';
export type { Cell, ColumnType, Table } from './ports/table.ts';
export type { CardFilter, CardSums, Tally, TallyQuery, TallySum } from './ports/tally.ts';
export { identifierSchema, noteSchema } from './program/identifier.ts';
export { type Instant, type InstantInput, isoText } from './program/instant.ts';
export {
  type ActivityKind,
  type ExpiryPolicy,
  maxStampsOnCard,
  type Program,
  type ProgramInput,
  programSchema,
  type RefundPolicy,
  type StampRules,
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
export {
  addSpan,
  endOfNextDate,
  type LocalDay,
  localDay,
  type Period,
  roundUpToPeriod,
  type Span,
} from './rules/calendar.ts';
export { type CooldownWait, checkCooldown } from './rules/check-cooldown.ts';
export { basisPaidInMoney, type Earning, earningBasis, earnPoints } from './rules/earn-points.ts';
export { earnedOnRemaining } from './rules/earned-on-remaining.ts';
export { inactivityDeadline, type LotExpiry, lotExpiry, stampExpiry } from './rules/lot-expiry.ts';
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
export { type StampProgress, stampProgress, stampsUntilReward } from './rules/stamps-until-reward.ts';
export { type ExplainedStep, explainStep, type Step, type StepRule, stepRules } from './rules/step.ts';
