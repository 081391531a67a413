import type { ProgramInput } from '@loyalty-engine/core';

/** 1 point for every rupee, spent at a rupee each. */
export const program: ProgramInput = {
  id: 'miles',
  merchantId: 'cathay',
  name: 'Miles',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  effectiveFrom: '2020-01-01T00:00:00Z',
  points: { earn: { points: 1, perAmount: '1' }, redeem: { valuePerPoint: '1' } },
};

export const member = { programId: 'miles', customerId: 'sachin' };
