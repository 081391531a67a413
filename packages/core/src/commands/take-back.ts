import { balanceFigures } from '../card/balance.ts';
import type { EntryDetails, EntryKind } from '../card/entry.ts';
import { stateAt } from '../card/evolve.ts';
import type { RefundPolicy } from '../program/program.ts';
import type { Step } from '../rules/step.ts';
import type { Book } from './book.ts';
import { refuse } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import { take } from './take.ts';

/** Points that were given and are not deserved any more. */
export interface TakeBack {
  kind: EntryKind;
  points: number;
  /** The lot they were given as: taken from first. */
  ownLot: number | null;
  shortfall: RefundPolicy['shortfall'];
  orderId?: string | null;
  reverses?: number;
  explanation: readonly Step[];
  details?: EntryDetails;
  programVersion?: number;
}

/**
 * Takes points back from their own lot first, then in burn order. What is missing becomes debt, is forgiven, or refuses
 * the command, as the program says; it never vanishes unrecorded.
 */
export function takeBack(
  book: Book,
  { points, ownLot, shortfall, explanation, details, ...entry }: TakeBack,
): { taken: number; debt: number; forgiven: number } | Refusal {
  if (points === 0) return { taken: 0, debt: 0, forgiven: 0 };
  const { lots, missing } = take(book, points, ownLot);
  // What the card has no longer may have gone with all else to the card that it was merged into: there it is owed.
  const moved = Math.min(missing, heirsPoints(book));
  if (missing > moved && shortfall === 'reject')
    return refuse('REFUND_SHORTFALL', { missing: missing - moved, requested: points });
  const debt = shortfall === 'debt' ? missing : moved;
  const forgiven = missing - debt;
  const steps: Step[] = [...explanation];
  if (missing > 0) steps.push({ rule: 'shortfall', in: missing, out: debt, facts: { policy: shortfall } });
  const change = points - forgiven;
  book.write({
    ...entry,
    points: change === 0 ? 0 : -change,
    lots,
    debt,
    explanation: steps,
    details: forgiven === 0 ? (details ?? {}) : { ...details, forgiven },
  });
  return { taken: points - missing, debt, forgiven };
}

function heirsPoints({ command: { heir }, now }: Book): number {
  if (!heir) return 0;
  const { available, pending } = balanceFigures(stateAt(heir, now), now);
  // What is owed is paid by the points that wait, once they are there.
  return available + pending;
}
