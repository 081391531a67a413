import { balanceFigures } from '../card/balance.ts';
import type { CardState, Receipt } from '../card/card-state.ts';
import type { StampMove } from '../card/entry.ts';
import { liveStamps, takeStamps } from '../card/stamp-book.ts';
import { voucherCode } from '../card/voucher-code.ts';
import { LoyaltyError } from '../errors.ts';
import type { RewardGives, Voucher } from '../merchant/reward.ts';
import { isoText } from '../program/instant.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import { addSpan } from '../rules/calendar.ts';
import type { Step } from '../rules/step.ts';
import type { Book } from './book.ts';
import type { Random } from './command.ts';
import { refuse } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import { take } from './take.ts';

/** A reward to hand out, of the catalogue or the stamp card's own, and what it costs. */
export interface Issue {
  code: string;
  rewardId: string | null;
  name: string;
  gives: RewardGives;
  points: number;
  stamps: number;
  /** Stamps beyond the price that are lost with it. */
  forfeited: number;
  voucherDays: number;
  orderId: string | undefined;
}

/** What a redeemed reward answers. */
export interface VoucherFacts {
  /** The number of the entry that paid. */
  entry: number;
  rewardId: string | null;
  reward: string;
  gives: RewardGives;
  /** What it cost. */
  points: number;
  stampsRedeemed: number;
  /** Stamps on the card after it. */
  stamps: number;
  /** The code that the reward is handed out against, once, until `voucherExpiresAt`. */
  voucherCode: string;
  voucherExpiresAt: string;
}

/**
 * Takes a reward's price from the card and writes its voucher: NOT_ENOUGH_POINTS or NOT_ENOUGH_STAMPS. Sweep first.
 *
 * @throws LoyaltyError NAME_TAKEN where the card has a voucher of that code: the engine draws another one.
 */
export function issueVoucher(book: Book, issue: Issue): VoucherFacts | Refusal {
  const { working, version, at, now } = book;
  const { code, rewardId, name, gives, points, stamps, forfeited, orderId } = issue;
  const { available } = balanceFigures(working, at);
  if (points > available)
    return refuse('NOT_ENOUGH_POINTS', {
      requested: points,
      available,
      limit: available,
      missing: points - available,
    });
  const held = liveStamps(working.card.stampLots, at);
  if (stamps > held)
    return refuse('NOT_ENOUGH_STAMPS', { requested: stamps, stamps: held, missing: stamps - held });
  if (working.voucher(code)) throw new LoyaltyError('NAME_TAKEN', 'The card has a voucher of that code');
  const lots = take(book, points).lots;
  const stampLots = takeStamps(working.card.stampLots, stamps + forfeited).moves;
  const expiresAt = addSpan(now, { days: issue.voucherDays }, version.timeZone);
  const entry = book.write({
    kind: 'reward',
    points: points === 0 ? 0 : -points,
    orderId: orderId ?? null,
    lots,
    stamps: stampLots.length === 0 ? 0 : -(stamps + forfeited),
    stampLots,
    explanation: stepsOf(issue, held, available, isoText(expiresAt)),
    details: rewardId === null ? { reward: name } : { reward: name, rewardId },
  });
  const voucher: Voucher = {
    code,
    seq: entry.seq,
    rewardId,
    name,
    gives,
    points,
    stamps: stamps + forfeited,
    lots: lots.map(([lot, part]): Allocation => [lot, -part]),
    stampLots: stampLots.map(([lot, part, end]): StampMove => [lot, -part, end]),
    programVersion: version.version,
    status: 'issued',
    issuedAt: now,
    expiresAt,
    usedAt: null,
    usedLocationId: null,
    orderId: orderId ?? null,
  };
  working.vouchers.set(code, voucher);
  return {
    entry: entry.seq,
    rewardId,
    reward: name,
    gives,
    points,
    stampsRedeemed: stamps,
    stamps: held - stamps - forfeited,
    voucherCode: code,
    voucherExpiresAt: isoText(expiresAt),
  };
}

function stepsOf(
  { name, points, stamps, forfeited }: Issue,
  held: number,
  available: number,
  until: string,
): Step[] {
  const steps: Step[] = [];
  if (points > 0) steps.push({ rule: 'points-paid', in: points, out: available - points });
  if (stamps > 0) steps.push({ rule: 'stamps-paid', in: stamps, out: held - stamps - forfeited });
  if (forfeited > 0) steps.push({ rule: 'stamps-forfeited', in: forfeited, out: 0 });
  steps.push({ rule: 'reward', in: points, out: points, facts: { reward: name, until } });
  return steps;
}

/** True where the reward that a receipt is of was voided since. */
export function paidAndUndone(
  { entries, reversed }: CardState,
  _command: unknown,
  { firstSeq, entryCount }: Receipt,
): boolean {
  for (let seq = firstSeq; seq < firstSeq + entryCount; seq += 1)
    if (entries.get(seq)?.kind === 'reward') return reversed.has(seq);
  return false;
}

/** A command with the code of the voucher that it would make. */
export function withVoucherCode<Command extends object>(
  command: Command,
  random: Random,
): Command & { voucherCode: string } {
  return { ...command, voucherCode: voucherCode((count) => random.bytes(count)) };
}
