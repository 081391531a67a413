import type { Contender } from './contender.ts';
import { drive } from './drive.ts';
import { startingOrders } from './workload.ts';

/** Gives each card its starting points from 256 callers and closes the contender. */
export async function enrol(contender: Contender, cards: number): Promise<void> {
  const orders = startingOrders(cards);
  await drive(contender, () => orders.next().value ?? undefined, 256, { commands: cards * 3 });
  await contender.close();
}
