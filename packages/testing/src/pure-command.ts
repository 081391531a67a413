import {
  type AdjustFacts,
  type AdjustInput,
  type AwardFacts,
  type AwardInput,
  adjustSchema,
  awardSchema,
  type CaptureFacts,
  type CaptureInput,
  type CardRef,
  type CardState,
  type CardStatusFacts,
  type CardStatusInput,
  type CheckoutCompleteFacts,
  type CheckoutCompleteInput,
  type CheckoutStartInput,
  captureSchema,
  cardStatusSchema,
  checkoutCompleteSchema,
  checkoutStartSchema,
  type Decision,
  decideAdjust,
  decideAward,
  decideCancelEarn,
  decideCapture,
  decideCheckoutComplete,
  decideConfirmEarn,
  decideDeactivate,
  decideEarn,
  decideEnroll,
  decideExpire,
  decideHold,
  decideReactivate,
  decideRedeem,
  decideRedeemReward,
  decideRedeemStamps,
  decideRefund,
  decideRelease,
  decideReverse,
  decideStamp,
  decideUseVoucher,
  decideVoidReward,
  decideVoidStamp,
  type EarnFacts,
  type EarnInput,
  type EnrollFacts,
  type EnrollInput,
  type ExpireFacts,
  earnSchema,
  enrollSchema,
  type HoldFacts,
  type HoldInput,
  holdSchema,
  type Instant,
  type PendingEarnFacts,
  type PendingEarnInput,
  parseInput,
  pendingEarnSchema,
  type RedeemFacts,
  type RedeemInput,
  type RedeemRewardInput,
  type RedeemStampsInput,
  type RefundFacts,
  type RefundInput,
  type ReleaseFacts,
  type ReleaseInput,
  type ReverseFacts,
  type ReverseInput,
  redeemRewardSchema,
  redeemSchema,
  redeemStampsSchema,
  refundSchema,
  releaseSchema,
  reverseSchema,
  type StampFacts,
  type StampInput,
  stampSchema,
  type UseVoucherFacts,
  type UseVoucherInput,
  useVoucherSchema,
  type VoidRewardFacts,
  type VoidRewardInput,
  type VoidStampFacts,
  type VoidStampInput,
  type VoucherFacts,
  voidRewardSchema,
  voidStampSchema,
} from '@loyalty-engine/core';

/** The member on whose card rules are tested. */
export const testMember = { programId: 'test', customerId: 'member' } as const;

/** What each command takes and answers. */
interface CommandTypes {
  earn: [EarnInput, EarnFacts];
  redeem: [RedeemInput, RedeemFacts];
  hold: [HoldInput, HoldFacts];
  checkoutStart: [CheckoutStartInput, HoldFacts];
  checkoutComplete: [CheckoutCompleteInput, CheckoutCompleteFacts];
  capture: [CaptureInput, CaptureFacts];
  release: [ReleaseInput, ReleaseFacts];
  refund: [RefundInput, RefundFacts];
  confirmEarn: [PendingEarnInput, PendingEarnFacts];
  cancelEarn: [PendingEarnInput, PendingEarnFacts];
  award: [AwardInput, AwardFacts];
  reverse: [ReverseInput, ReverseFacts];
  adjust: [AdjustInput, AdjustFacts];
  expire: [object, ExpireFacts];
  enroll: [EnrollInput, EnrollFacts];
  deactivate: [CardStatusInput, CardStatusFacts];
  reactivate: [CardStatusInput, CardStatusFacts];
  stamp: [StampInput, StampFacts];
  voidStamp: [VoidStampInput, VoidStampFacts];
  redeemStamps: [RedeemStampsInput, VoucherFacts];
  redeemReward: [RedeemRewardInput, VoucherFacts];
  useVoucher: [UseVoucherInput, UseVoucherFacts];
  voidReward: [VoidRewardInput, VoidRewardFacts];
}
export type PureCommandName = keyof CommandTypes;

/** One command by its name, without the card it is for: `{ redeem: { points: 30 } }`. */
export type PureCommand<Name extends PureCommandName = PureCommandName> = {
  [Each in Name]: Readonly<Record<Each, Omit<CommandTypes[Each][0], keyof CardRef>>>;
}[Name];
/** What a command answers when it is accepted. */
export type FactsOf<Name extends PureCommandName> = CommandTypes[Name][1];

type Decide = (state: CardState, input: object, now: Instant) => Decision<object>;

/** A voucher's code takes the place of its card. */
function withoutMember({ programId: _program, customerId: _customer, ...fields }: Record<string, unknown>) {
  return fields;
}

const coded = (state: CardState) => {
  const number = String(state.vouchers.size + 1).padStart(4, '0');
  return { voucherCode: `TEST-0000-${number}` };
};
const holding = (state: CardState) => ({ holdId: `hold-${state.holds.size + 1}` });

const decisions: Record<PureCommandName, Decide> = {
  earn: (state, input, now) => decideEarn(state, parseInput(earnSchema, input), now),
  redeem: (state, input, now) => decideRedeem(state, parseInput(redeemSchema, input), now),
  hold: (state, input, now) =>
    decideHold(state, { ...parseInput(holdSchema, input), ...holding(state) }, now),
  checkoutStart: (state, input, now) =>
    decideHold(state, { ...parseInput(checkoutStartSchema, input), ...holding(state) }, now),
  checkoutComplete: (state, input, now) =>
    decideCheckoutComplete(state, parseInput(checkoutCompleteSchema, input), now),
  capture: (state, input, now) => decideCapture(state, parseInput(captureSchema, input), now),
  release: (state, input, now) => decideRelease(state, parseInput(releaseSchema, input), now),
  refund: (state, input, now) => decideRefund(state, parseInput(refundSchema, input), now),
  confirmEarn: (state, input, now) => decideConfirmEarn(state, parseInput(pendingEarnSchema, input), now),
  cancelEarn: (state, input, now) => decideCancelEarn(state, parseInput(pendingEarnSchema, input), now),
  award: (state, input, now) => decideAward(state, parseInput(awardSchema, input), now),
  reverse: (state, input, now) => decideReverse(state, parseInput(reverseSchema, input), now),
  adjust: (state, input, now) => decideAdjust(state, parseInput(adjustSchema, input), now),
  expire: (state, _input, now) => decideExpire(state, {}, now),
  enroll: (state, input, now) => decideEnroll(state, parseInput(enrollSchema, input), now),
  deactivate: (state, input, now) => decideDeactivate(state, parseInput(cardStatusSchema, input), now),
  reactivate: (state, input, now) => decideReactivate(state, parseInput(cardStatusSchema, input), now),
  stamp: (state, input, now) => decideStamp(state, parseInput(stampSchema, input), now),
  voidStamp: (state, input, now) => decideVoidStamp(state, parseInput(voidStampSchema, input), now),
  redeemStamps: (state, input, now) =>
    decideRedeemStamps(state, { ...parseInput(redeemStampsSchema, input), ...coded(state) }, now),
  redeemReward: (state, input, now) =>
    decideRedeemReward(state, { ...parseInput(redeemRewardSchema, input), ...coded(state) }, now),
  useVoucher: (state, input, now) =>
    decideUseVoucher(state, parseInput(useVoucherSchema, withoutMember({ ...input })), now),
  voidReward: (state, input, now) =>
    decideVoidReward(state, parseInput(voidRewardSchema, withoutMember({ ...input })), now),
};

/** The name of a command written as `{ name: fields }`; undefined where it is none. */
export function nameOfCommand(command: object): PureCommandName | undefined {
  return (Object.keys(decisions) as PureCommandName[]).find((name) => name in command);
}

/**
 * Parses and decides a command on a state: no store, no clock, no promise. Holds are named `hold-1`, `hold-2` ... and
 * vouchers `TEST-0000-0001`, `TEST-0000-0002` ...
 *
 * @throws InvalidCommandError as the engine does.
 */
export function decidePurely(state: CardState, command: PureCommand, now: Instant): Decision<object> {
  const name = nameOfCommand(command);
  if (name === undefined)
    throw new TypeError(`No command: ${Object.keys(command).join(', ') || 'an empty object'}`);
  const fields = (command as Record<string, object>)[name];
  return decisions[name](state, { ...testMember, ...fields }, now);
}
