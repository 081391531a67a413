import { type Loyalty, unwrap } from '@loyalty-engine/core';
import type { StopClock } from '../stop-clock.ts';
import { cardProgram, type LocationId } from './company.ts';
import type { Till } from './open-company.ts';

export const meera = { programId: cardProgram.id, customerId: 'meera' };
const cup = '240.00';

/** What each part of the walk works with. */
export interface Shop {
  loyalty: Loyalty;
  clock: StopClock;
  till: Till;
}

/** What a visit came to. */
export interface Visit {
  entry: number;
  stamps: number;
  untilReward: number;
  rewardsReady: number;
  earned: number;
  available: number;
}

/** A coffee: its order earns points, and staff confirm a stamp for it. */
export async function visit({ loyalty, till }: Shop, place: LocationId, orderId: string): Promise<Visit> {
  const order = { id: orderId, total: cup };
  const bought = unwrap(await loyalty.earn({ ...meera, locationId: place, order }));
  const { entry, stamps, untilReward, rewardsReady, balance } = unwrap(
    await loyalty.stamp({ ...meera, ...till(place), orderId }),
  );
  return { entry, stamps, untilReward, rewardsReady, earned: bought.points, available: balance.available };
}
