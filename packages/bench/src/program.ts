import { nextVersion, type ProgramInput, type ProgramVersion, programSchema } from '@loyalty-engine/core';

/** The program of all benchmarks: 1 point per 10 rupees, 1 rupee a point, each lot good for twelve months. */
export const benchProgram = {
  id: 'bench',
  merchantId: 'bench',
  name: 'Benchmark',
  currency: 'INR',
  timeZone: 'Asia/Kolkata',
  points: {
    earn: { points: 1, perAmount: '10', maxPointsPerOrder: 5000, excludeCategories: ['gift-cards'] },
    redeem: { valuePerPoint: '1', maxPointsPerOrder: 5000 },
    expiry: { kind: 'after-earning', months: 12 },
  },
} satisfies ProgramInput;

/** The program as its first version, for rules that need no store. */
export function benchVersion(): ProgramVersion {
  return nextVersion([], programSchema.parse(benchProgram), 0);
}
