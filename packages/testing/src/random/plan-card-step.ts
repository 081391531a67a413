import { customerId, type Planned, type PlannedCommand, type Progress, plannedCommand } from './planned.ts';
import { programId, rewardIds } from './random-program.ts';
import type { CardStep } from './sequence.ts';

const actor = 'anita';
const reason = 'asked for';

/** Makes of a step on stamps, rewards or the card itself what a store is asked to do. */
export function planCardStep(step: CardStep, progress: Progress): Planned {
  switch (step.do) {
    case 'stamp': {
      const order = step.order === null ? {} : { orderId: `order-${step.order}` };
      const stamps = step.stamps === undefined ? {} : { stamps: step.stamps };
      return plannedCommand('stamp', step, { ...order, ...stamps }, progress);
    }
    case 'void-stamp': {
      const known = progress.stamped[step.entry % progress.stamped.length];
      if (!known) return { kind: 'nothing' };
      const { customer, entry } = known;
      return plannedCommand('voidStamp', { ...step, customer }, { entry, reason }, progress);
    }
    case 'redeem-stamps':
      return plannedCommand('redeemStamps', step, {}, progress);
    case 'redeem-reward': {
      const rewardId = rewardIds[step.reward % rewardIds.length];
      return plannedCommand('rewards.redeem', step, { rewardId }, progress);
    }
    case 'use-voucher':
      return planOnVoucher('rewards.use', step, {}, progress);
    case 'void-reward':
      return planOnVoucher('rewards.void', step, { reason }, progress);
    case 'enroll':
      return plannedCommand('cards.enroll', step, step.self ? { self: true } : {}, progress);
    case 'rotate':
      return plannedCommand('cards.rotateQr', step, { reason }, progress);
    case 'merge': {
      const { customer } = step;
      const ref = (whose: number) => ({ programId, customerId: customerId(whose) });
      const own = { from: ref(1 - customer), into: ref(customer), reason, actor };
      return plannedCommand('cards.merge', step, own, progress, { namesCards: true });
    }
    case 'deactivate':
    case 'reactivate':
    case 'anonymise':
      return plannedCommand(`cards.${step.do}`, step, { reason, actor }, progress);
  }
}

function planOnVoucher(
  name: 'rewards.use' | 'rewards.void',
  step: Extract<CardStep, { voucher: number }>,
  own: object,
  progress: Progress,
): PlannedCommand | { kind: 'nothing' } {
  const { vouchers } = progress;
  if (vouchers.length === 0) return { kind: 'nothing' };
  const voucher = step.voucher % vouchers.length;
  const customer = vouchers[voucher]?.customer ?? 0;
  return plannedCommand(name, { ...step, customer }, own, progress, { voucher });
}
