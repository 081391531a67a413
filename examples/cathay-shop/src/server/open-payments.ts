import { join } from 'node:path';
import type { Config } from '../config.ts';
import { openSimulator, type Simulator } from '../payments/simulator.ts';
import { openStripe, type StripeGateway } from '../payments/stripe.ts';

/** Who charges cards: each has routes of its own beside the port. */
export type Payments = { kind: 'simulator'; gateway: Simulator } | { kind: 'stripe'; gateway: StripeGateway };

/** Stripe where there are keys for it, else the simulator, whose ledger is a file of the data folder. */
export function openPayments({ stripe, dataFolder }: Pick<Config, 'stripe' | 'dataFolder'>): Payments {
  if (stripe) return { kind: 'stripe', gateway: openStripe(stripe) };
  return { kind: 'simulator', gateway: openSimulator({ file: join(dataFolder, 'payments.sqlite') }) };
}
