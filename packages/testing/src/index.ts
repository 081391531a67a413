export { type FuzzOptions, type FuzzResult, fuzzInputs } from './fuzz/fuzz-inputs.ts';
export {
  type Decided,
  type Expected,
  exampleProgram,
  type Given,
  given,
  type Past,
  type PastCommand,
  type When,
} from './given.ts';
export type { GivenLocation, GivenMerchant, GivenReward } from './given-company.ts';
export { type ClockSpan, type ManualClock, manualClock } from './manual-clock.ts';
export { memoryStore } from './memory-store.ts';
export type { OpenedStore, OpenStore } from './open-store.ts';
export { overrideStore } from './override-store.ts';
export { adjusted, awarded, earned, type PastEntry, type PastFacts, redeemed } from './past-entry.ts';
export type { PureCommand, PureCommandName } from './pure-command.ts';
export { type CompareOptions, compareWithMemory } from './random/compare-with-memory.ts';
export { sequentialIds } from './sequential-ids.ts';
export { testLoyaltyStore } from './test-loyalty-store.ts';
