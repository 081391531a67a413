import type { Loyalty } from '@loyalty-engine/core';

/** So few that commands on one card meet in one batch. */
export const cards = 40;

/** The command with a number, the same whenever it is sent: earnings, and a redemption for every third. */
export function commandNumbered(loyalty: Loyalty, number: number) {
  const member = {
    programId: 'miles',
    customerId: `c${number % cards}`,
    idempotencyKey: `command-${number}`,
  };
  if (number % 3 === 2) return loyalty.redeem({ ...member, points: 7 });
  return loyalty.earn({ ...member, order: { id: `o${number}`, total: '5' } });
}
