import { benchProgram } from './program.ts';
import type { BenchCommand } from './workload.ts';

/** The counters of an account that an outcome depends on. */
export interface Account {
  balance: number;
  earned: number;
  redeemed: number;
  last_seq: number;
  status: string;
}

export const newAccount: Account = { balance: 0, earned: 0, redeemed: 0, last_seq: 0, status: 'active' };

export interface Outcome {
  points: number;
  balance: number;
  amountDue: number | null;
  explanation: string[];
}

/** A lot with points left, and what a redemption takes from it. */
export interface Lot {
  seq: number;
  remaining: number;
}

export interface Burnt {
  seq: number;
  part: number;
}

const { earn, redeem } = benchProgram.points;
const perAmount = paise(`${earn.perAmount}.00`);
const valuePerPoint = paise(`${redeem.valuePerPoint}.00`);

/** What an idempotency key stands for: the same key with another request is refused. */
export function requestOf(command: BenchCommand): string {
  const { kind, orderId, total } = command;
  return JSON.stringify([kind, orderId, total, kind === 'redeem' ? command.points : null]);
}

/** The points that an order of `total` paise earns. */
export function earnOutcome(account: Account, total: number): Outcome {
  const rated = Math.floor((total * earn.points) / perAmount);
  const points = Math.min(rated, earn.maxPointsPerOrder);
  const explanation = [
    `All of the order's ${rupees(total)} INR counts.`,
    `${earn.points} point for every ${rupees(perAmount)} INR of ${rupees(total)} INR makes ${rated}, rounded down.`,
  ];
  if (points < rated) explanation.push(`At most ${points} points an order, not ${rated}.`);
  return { points, balance: account.balance + points, amountDue: null, explanation };
}

/** The lots that pay for a redemption, of lots in the order that they are spent in; reads no further than it needs. */
export function burnLots(lots: Iterable<Lot>, points: number): Burnt[] {
  const burnt: Burnt[] = [];
  let left = points;
  for (const { seq, remaining } of lots) {
    const part = Math.min(left, remaining);
    burnt.push({ seq, part });
    left -= part;
    if (left === 0) return burnt;
  }
  throw new Error('NOT_ENOUGH_POINTS');
}

/** What is left to pay of `total` paise once the burnt lots are taken off. */
export function redeemOutcome(
  account: Account,
  total: number,
  points: number,
  burnt: readonly Burnt[],
): Outcome {
  if (points > redeem.maxPointsPerOrder) throw new Error('MAX_POINTS_PER_ORDER');
  const value = points * valuePerPoint;
  if (value > total) throw new Error('EXCEEDS_PAYABLE');
  const explanation = [
    `${points} points are worth ${rupees(value)} INR.`,
    `Of ${rupees(total)} INR to pay, ${rupees(total - value)} INR is left after points.`,
    `Taken from the lots that expire soonest: ${burnt.map(({ seq, part }) => `${seq} (${part})`).join(', ')}.`,
  ];
  return { points, balance: account.balance - points, amountDue: total - value, explanation };
}

/** '199.50' as 19950. */
export function paise(amount: string): number {
  if (!/^\d{1,12}\.\d{2}$/.test(amount)) throw new Error('INVALID_AMOUNT');
  return Number(amount.replace('.', ''));
}

function rupees(amount: number): string {
  return (amount / 100).toFixed(2);
}

const indiaMillis = 5.5 * 60 * 60 * 1000;

/** Twelve calendar months later in India, which has no daylight saving time. */
export function aYearLater(now: number): number {
  const local = new Date(now + indiaMillis);
  const day = local.getUTCDate();
  local.setUTCMonth(local.getUTCMonth() + 12);
  if (local.getUTCDate() !== day) local.setUTCDate(0);
  return local.getTime() - indiaMillis;
}
