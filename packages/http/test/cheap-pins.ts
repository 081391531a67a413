import type { PinHasher } from '@loyalty-engine/core';

/** Hashes for tests that set thousands of PINs: of no use against anybody. */
export const cheapPins: PinHasher = {
  hash: async (pin) => `of ${pin}`,
  verify: async (pin, hash) => hash === `of ${pin}`,
};
