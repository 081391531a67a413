import type { Loyalty } from '@loyalty-engine/core';

/** What inputs are made for: a card with points, an order, a hold, stamps and a voucher, and another card. */
export interface FuzzCard {
  programId: string;
  customerId: string;
  cardId: string;
  cardNumber: string;
  qrToken: string;
  holdId: string;
  voucherCode: string;
  /** The entry of its stamps. */
  stampEntry: number;
  /** Another card of the program. */
  otherId: string;
  /** Differs from input to input, so that valid commands are new ones. */
  nonce: number;
}

/** One door of the engine, with a valid input to start from. */
export interface FuzzTarget {
  name: string;
  valid(card: FuzzCard): Record<string, unknown>;
  send(loyalty: Loyalty, input: unknown, card: FuzzCard): Promise<unknown>;
}

export const member = ({ programId, customerId }: FuzzCard) => ({ programId, customerId });

/** What every command takes beside its card. */
export const circumstances = ({ nonce }: FuzzCard) => ({
  idempotencyKey: `key-${nonce}`,
  occurredAt: '2026-01-15T10:00:00.000Z',
  actor: 'anita',
  locationId: 'mumbai',
  merchantId: 'cathay',
  metadata: { basket: { size: 2, gift: true, notes: ['a', 1, null] } },
});

// biome-ignore lint/suspicious/noExplicitAny: what is sent is hostile, whatever the types say
export type Door = (loyalty: Loyalty) => (...input: any[]) => Promise<unknown>;

/** A command on the member's card. */
export function command(name: string, door: Door, own: (card: FuzzCard) => object): FuzzTarget {
  return {
    name,
    valid: (card) => ({ ...member(card), ...circumstances(card), ...own(card) }),
    send: (loyalty, input) => door(loyalty)(input),
  };
}

/** A door that takes one input. */
export function door(name: string, of: Door, valid: (card: FuzzCard) => Record<string, unknown>): FuzzTarget {
  return { name, valid, send: (loyalty, input) => of(loyalty)(input) };
}

/** A field out of an input, or the input itself where nothing can be read out of it. */
export function fieldOf(input: unknown, name: string): never {
  try {
    return (input as Record<string, unknown>)[name] as never;
  } catch {
    return input as never;
  }
}
