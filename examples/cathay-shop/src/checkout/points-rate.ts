import { type Loyalty, pointsValue, termsOf } from '@loyalty-engine/core';
import { cathayMiles } from '../program.ts';

/** How long the program's version is taken for the current one. */
const freshForMs = 5_000;

/**
 * What points are worth, in paise. The program is read every few seconds only: the engine itself decides what the points of an
 * order are worth, and an order whose row says otherwise is not placed.
 */
export function pointsRate(loyalty: Pick<Loyalty, 'programs'>): (points: number) => Promise<number> {
  let version: ReturnType<Loyalty['programs']['get']> | null = null;
  let readAt = 0;
  return async (points) => {
    if (points === 0) return 0;
    if (!version || Date.now() - readAt > freshForMs) {
      readAt = Date.now();
      version = loyalty.programs.get(cathayMiles.id);
      version.catch(() => {
        version = null;
      });
    }
    const current = await version;
    if (!current) throw new Error(`The program ${cathayMiles.id} was never published`);
    return pointsValue(points, termsOf(current).valuePerPoint);
  };
}
