import type {
  MerchantSettingsInput,
  OrderInput,
  ProgramInput,
  RewardInput,
  StatementQuery,
} from '@loyalty-engine/core';

/** What any command may carry beside its own fields. */
export interface Extras {
  /** A key out of few, so that keys meet other commands. */
  key?: number;
  /** How long ago it happened. */
  agoMinutes?: number;
  actor?: string;
  locationId?: string;
  metadata?: Record<string, unknown>;
  byCardId?: boolean;
}

interface OfCustomer extends Extras {
  customer: number;
}

/** What goes back of an order: everything, an amount in minor units, or pieces of lines by number. */
export type Returned =
  | { of: 'everything' }
  | { of: 'amount'; minor: number }
  | { of: 'lines'; lines: { line: number; bySku: boolean; quantity: number }[] };

/** A step on stamps, rewards or the card itself. A merge is of the other customer's card into this one's. */
export type CardStep =
  | (OfCustomer & { do: 'stamp'; order: number | null; stamps?: number })
  | (Extras & { do: 'void-stamp'; entry: number })
  | (OfCustomer & { do: 'redeem-stamps' })
  | (OfCustomer & { do: 'redeem-reward'; reward: number })
  | (Extras & { do: 'use-voucher' | 'void-reward'; voucher: number })
  | (OfCustomer & { do: 'enroll'; self?: boolean })
  | (OfCustomer & { do: 'deactivate' | 'reactivate' | 'rotate' | 'merge' | 'anonymise' });

/**
 * One step of a random sequence. Known orders, holds, vouchers, entries and earlier steps are named by numbers that are taken
 * modulo what there is, so that any steps make a sequence, also those that are left when it is shrunk.
 */
export type Step =
  | CardStep
  | (OfCustomer & { do: 'earn'; order: number; altered: boolean; paymentStatus?: 'pending' | 'paid' })
  | (OfCustomer & { do: 'quote'; order: number; points?: number })
  | (OfCustomer & { do: 'redeem'; order: number | null; points: number; clamp?: boolean })
  | (OfCustomer & { do: 'hold'; order: number | null; points: number; clamp?: boolean; holdMinutes?: number })
  | (OfCustomer & { do: 'start'; order: number; points: number; clamp?: boolean; holdMinutes?: number })
  | (Extras & { do: 'capture'; hold: number; points?: number })
  | (Extras & { do: 'release' | 'complete' | 'abandon'; hold: number })
  | (Extras & { do: 'refund'; known: number; returned: Returned })
  | (Extras & { do: 'confirm' | 'cancel'; known: number })
  | (OfCustomer & { do: 'award'; source: number; points: number; endsInDays?: number })
  | (Extras & { do: 'reverse'; entry: number; points?: number })
  | (OfCustomer & { do: 'adjust'; points: number; allowDebt?: boolean; endsInDays?: number })
  | {
      do: 'statement';
      customer: number;
      query: Pick<StatementQuery, 'limit' | 'order' | 'kinds'>;
      window: [number, number] | null;
    }
  | { do: 'expire'; limit?: number }
  | { do: 'advance'; minutes: number }
  | { do: 'publish'; version: number; fromHours: number | null }
  | { do: 'restart' }
  | { do: 'again'; step: number };

/** A program in several versions, its merchant's settings and its rewards, some orders, and what happens. */
export interface Sequence {
  versions: ProgramInput[];
  settings: MerchantSettingsInput;
  rewards: RewardInput[];
  orders: Omit<OrderInput, 'id'>[];
  steps: Step[];
}
