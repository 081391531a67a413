import type { MerchantSettingsInput, RewardInput } from '@loyalty-engine/core';
import fc from 'fast-check';
import { programId, rewardIds } from './random-program.ts';

/** Settings of a merchant: mostly the usual ones, else one of the stricter. */
export const randomSettings: fc.Arbitrary<MerchantSettingsInput> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<MerchantSettingsInput[]>(
      { allowVoid: false },
      { crossLocationRedemption: false },
      { requireOrderReference: true },
      { selfEnrolment: false },
      { staffPin: { redeem: 'required' } },
    ),
  },
);

/** A reward in points and one in stamps, of which there are few. */
export const randomRewards: fc.Arbitrary<RewardInput[]> = fc
  .record({
    points: fc.integer({ min: 1, max: 30 }),
    stamps: fc.integer({ min: 1, max: 3 }),
    stock: fc.integer({ min: 1, max: 3 }),
    perCustomer: fc.integer({ min: 1, max: 3 }),
    voucherDays: fc.integer({ min: 1, max: 40 }),
    isLimited: fc.boolean(),
  })
  .map(({ points, stamps, stock, perCustomer, voucherDays, isLimited }) => [
    {
      programId,
      id: rewardIds[0],
      name: 'A mug',
      price: { points },
      gives: { kind: 'item' },
      stock,
      ...(isLimited ? { perCustomer } : {}),
    },
    {
      programId,
      id: rewardIds[1],
      name: 'A tenth off',
      price: { stamps },
      gives: { kind: 'percent-off', percent: 10, maxAmount: '5' },
      voucherDays,
      ...(isLimited ? {} : { perCustomer }),
    },
  ]);
