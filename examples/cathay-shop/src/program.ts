import type { ProgramInput } from '@loyalty-engine/core';

/** The merchant that the shop is. */
export const merchantId = 'cathay';

/** The shop's only currency. */
export const currency = 'INR';

/** Cathay Miles: 1 point for 10 rupees paid in money, up to 500 an order; a point pays 1 rupee and is good for a year. */
export const cathayMiles = {
  id: 'cathay-miles',
  merchantId,
  name: 'Cathay Miles',
  currency,
  timeZone: 'Asia/Kolkata',
  points: {
    earn: { points: 1, perAmount: '10', maxPointsPerOrder: 500 },
    redeem: { valuePerPoint: '1' },
    expiry: { kind: 'after-earning', months: 12 },
  },
} satisfies ProgramInput;

/** A customer of the shop as the engine knows them. */
export function memberOf(customerId: string): { programId: string; customerId: string } {
  return { programId: cathayMiles.id, customerId };
}
