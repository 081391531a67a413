import type { Statement } from '@loyalty-engine/core';
import type { Figures } from '../figures.ts';
import { locations } from './company.ts';

const names: Record<string, string> = {
  earn: 'Earned',
  stamp: 'Stamped',
  reward: 'Reward',
  'use-voucher': 'Voucher used',
  'claw-back': 'Returned',
  'void-stamp': 'Stamp voided',
  expire: 'Expired',
};

/** Prints a statement of points and stamps as a table: date, what, where, points, stamps, balance of points. */
export function printLedger(
  { opening, entries, closing }: Statement,
  { points, signed, date }: Figures,
): void {
  const row = (when: string, what: string, where: string, change: string, stamps: string, balance: string) =>
    console.log(
      `   ${when.padStart(12)}  ${what.padEnd(19)} ${where.padEnd(13)} ${change.padStart(6)} ${stamps.padStart(6)} ${balance.padStart(7)}`,
    );
  const orNothing = (change: number) => (change === 0 ? '' : signed(change));
  console.log();
  row('', '', '', 'points', 'stamps', 'balance');
  row('', 'Opening balance', '', '', '', points(opening));
  for (const { postedAt, kind, orderId, locationId, points: change, stamps, balanceAfter } of entries) {
    const what = [names[kind] ?? kind, orderId].filter(Boolean).join(' ');
    const where = locations.find(({ id }) => id === locationId)?.name ?? '';
    row(date(postedAt), what, where, orNothing(change), orNothing(stamps), points(balanceAfter));
  }
  row('', 'Closing balance', '', '', '', points(closing));
}
