import type { ProgramInput } from '@loyalty-engine/core';

/** The Cathay Shop's program: the one the eight steps walk, and the one a replay without a mapping runs. */
export const cathayProgram = {
  id: 'cathay-miles',
  merchantId: 'cathay',
  name: 'Cathay Miles',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  points: {
    earn: { points: 1, perAmount: '10', maxPointsPerOrder: 500 },
    redeem: { valuePerPoint: '1', maxShareOfOrder: '0.5' },
    expiry: { kind: 'after-earning', months: 12 },
  },
} satisfies ProgramInput;
