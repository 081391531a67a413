import { type Loyalty, unwrap } from '@loyalty-engine/core';
import { member, type OpenShop, type Shop, type Wanted } from './shop.ts';

/** Gives the usual member points as a lot of its own; the lot's end is the program's where none is given. */
export async function givePoints(
  loyalty: Loyalty,
  id: string,
  points: number,
  expiresAt?: string,
): Promise<void> {
  const command = { ...member, points, source: { type: 'test', id }, reason: 'Test' };
  unwrap(await loyalty.award(expiresAt === undefined ? command : { ...command, expiresAt }));
}

/** A shop whose usual member has points in one lot, which is entry 1. */
export function shopWithPoints(points: number, wanted?: Wanted): (open: OpenShop) => Promise<Shop> {
  return async (open) => {
    const shop = await open(wanted);
    await givePoints(shop.loyalty, 'opening', points);
    return shop;
  };
}
