import { fromMinor } from '../money/amount.ts';
import type { ProgramVersion } from '../program/version.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import type { PricedOrder } from '../rules/order.ts';
import type { Step } from '../rules/step.ts';
import type { Book } from './book.ts';
import { newOrderRecord } from './book-earning.ts';

/** Points that leave the card for good; `lots` are positive: what each lot gives. */
export interface Redemption {
  orderId: string | null;
  order: PricedOrder | null;
  points: number;
  value: number;
  lots: readonly Allocation[];
  version: ProgramVersion;
  holdId?: string;
  steps: readonly Step[];
}

/** Writes a redemption as an entry and on the order's record. */
export function bookRedemption(book: Book, redemption: Redemption): void {
  const { orderId, order, points, value, lots, version } = redemption;
  const named = lots.map(([lot, part]) => `${lot} (${part})`).join(', ');
  const entry = book.write({
    kind: 'redeem',
    points: -points,
    programVersion: version.version,
    orderId,
    lots: lots.map(([lot, part]): Allocation => [lot, -part]),
    explanation: [...redemption.steps, { rule: 'lots', in: points, out: points, facts: { lots: named } }],
    details: redemption.holdId === undefined ? {} : { holdId: redemption.holdId },
  });
  if (orderId === null || order === null) return;
  const record = book.working.order(orderId) ?? newOrderRecord(orderId, order, version);
  const made = { seq: entry.seq, points, value, lots, restored: 0, reversed: 0 };
  book.working.putOrder({ ...record, redemptions: [...record.redemptions, made] });
}

/** An amount in minor units as text in the program's currency; null stays null. */
export function moneyText(book: Book, minor: number): string;
export function moneyText(book: Book, minor: number | null): string | null;
export function moneyText(book: Book, minor: number | null): string | null {
  return minor === null ? null : fromMinor(minor, book.version.currency);
}
