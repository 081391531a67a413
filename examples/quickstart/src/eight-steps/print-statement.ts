import type { Statement } from '@loyalty-engine/core';
import type { Figures } from '../figures.ts';

const names: Record<string, string> = {
  earn: 'Earned',
  redeem: 'Used',
  expire: 'Expired',
  adjust: 'Adjusted',
};

/** Prints a statement as a table: date, what, points, balance. */
export function printStatement(
  { opening, entries, closing }: Statement,
  { points, signed, date }: Figures,
): void {
  const row = (when: string, what: string, change: string, balance: string) =>
    console.log(`   ${when.padStart(11)}  ${what.padEnd(20)} ${change.padStart(6)} ${balance.padStart(9)}`);
  console.log();
  row('', 'Opening balance', '', points(opening));
  for (const { postedAt, kind, orderId, points: change, balanceAfter } of entries) {
    const what = [names[kind] ?? kind, orderId].filter(Boolean).join(' ');
    row(date(postedAt), what, signed(change), points(balanceAfter));
  }
  row('', 'Closing balance', '', points(closing));
}
