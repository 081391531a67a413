import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLoyalty, type LoyaltyStore, type PinHasher } from '@loyalty-engine/core';
import { expect } from 'vitest';
import { ask, nextMessage } from './worker-process.ts';

const staff = { merchantId: 'cathay', staffId: 'ravi' } as const;
const processes = 2;

/** What one process got for its guesses. */
interface Guessed {
  codes: string[];
  /** How many PINs were compared with a hash. */
  checks: number;
}

/** In a process of its own: guesses PINs as often as each message says, all at once, each at the same terminal. */
export function guessOnMessage(store: LoyaltyStore): void {
  let checks = 0;
  const pins = slowHasher(() => {
    checks += 1;
  });
  const loyalty = createLoyalty({ store, pins });
  process.on('message', async (guesses: string) => {
    const codes = await Promise.all(
      Array.from({ length: Number(guesses) }, async (_, guess) => {
        const pin = String(100_000 + guess);
        const check = await loyalty.staff.checkPin({ ...staff, pin, terminalId: 'till-1' });
        return check.ok ? 'OPEN' : check.code;
      }),
    );
    process.send?.({ codes, checks } satisfies Guessed);
  });
  process.send?.('ready');
}

/**
 * A thousand wrong PINs from two processes at once: as many are looked at as the merchant allows, and not one more. The
 * right one is refused meanwhile.
 */
export async function guessFromTwoProcesses(
  store: LoyaltyStore,
  startGuesser: () => ChildProcess,
): Promise<void> {
  const loyalty = createLoyalty({ store, pins: slowHasher(() => {}) });
  await loyalty.merchants.register({ id: 'cathay', name: 'Cathay' });
  await loyalty.staff.register({
    merchantId: 'cathay',
    id: 'ravi',
    name: 'Ravi',
    role: 'cashier',
    pin: '740913',
    actor: 'anita',
  });
  const workers = Array.from({ length: processes }, startGuesser);
  await Promise.all(workers.map((worker) => nextMessage(worker)));
  const guessed = await Promise.all(workers.map((worker) => ask<Guessed>(worker, String(1000 / processes))));
  expect(guessed.reduce((sum, { checks }) => sum + checks, 0)).toBe(5);
  const codes = guessed.flatMap((each) => each.codes).sort();
  expect(codes).toEqual([...Array(996).fill('PIN_LOCKED'), ...Array(4).fill('PIN_WRONG')]);
  const right = await loyalty.staff.checkPin({ ...staff, pin: '740913', terminalId: 'till-2' });
  expect(right).toMatchObject({ ok: false, code: 'PIN_LOCKED' });
}

/** No secret is kept from anybody here: what counts is how often it is asked, and that asking takes a while. */
function slowHasher(checked: () => void): PinHasher {
  return {
    hash: async (pin) => `hash of ${pin}`,
    async verify(pin, hash) {
      checked();
      await sleep(5);
      return hash === `hash of ${pin}`;
    },
  };
}
