import { balanceFigures } from '../card/balance.ts';
import type { CardState, Lot } from '../card/card-state.ts';
import { onConfirm, type StampMove } from '../card/entry.ts';
import type { WorkingCard } from '../card/working-card.ts';
import type { Instant } from '../program/instant.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import { Book, openNewOrKnown } from './book.ts';
import type { ParsedCommand } from './command.ts';
import { type Decision, refused, viewEntry } from './outcome.ts';
import { sweep } from './sweep.ts';

/** What leaves a card for another one. */
export interface Moved {
  lots: readonly Lot[];
  debt: number;
  stamps: readonly StampMove[];
  /** When the card's points ended by inactivity; undefined where it was merged before, and they no longer do. */
  deadline: Instant | null | undefined;
}

/** One entry that takes everything off the card. */
export function moveOut(book: Book, cardId: string, reason: string): Moved {
  const { working } = book;
  const { debt, stampLots: stamps } = working.card;
  const deadline = working.state.card.mergedInto === null ? working.card.deadline : undefined;
  const lots = movable(working);
  const points = lots.reduce((sum, { remaining }) => sum + remaining, 0);
  const count = stamps.reduce((sum, [, stamps]) => sum + stamps, 0);
  book.write({
    kind: 'merge-out',
    points: debt - points,
    lots: lots.map(({ seq, remaining }): Allocation => [seq, -remaining]),
    debt: debt === 0 ? 0 : -debt,
    stamps: count === 0 ? 0 : -count,
    stampLots: stamps.map(([seq, stamps, end]): StampMove => [seq, -stamps, end]),
    explanation: [{ rule: 'merged-out', in: points, out: 0, facts: { cardId, reason } }],
    details: { mergedInto: cardId, reason },
    // Nobody uses this card any more: what stays on it does not end by that.
    deadline: null,
  });
  return { lots, debt, stamps, deadline };
}

/** An entry a lot, in burn order; then the debt, then the stamps by their ends. */
export function moveIn(book: Book, source: Book, { lots, debt, stamps, deadline }: Moved): void {
  const { cardId } = source.working.card;
  const later = deadline === undefined ? undefined : laterDeadline(book, deadline);
  const details = { mergedFrom: cardId };
  const facts = { cardId };
  for (const { remaining, expiresAt, byInactivity, availableAt } of lots) {
    book.write({
      kind: 'merge-in',
      points: remaining,
      lot: { points: remaining, expiresAt, byInactivity, availableAt },
      explanation: [{ rule: 'merged-in', in: remaining, out: remaining, facts }],
      details,
      ...(byInactivity && later !== undefined ? { deadline: later } : {}),
    });
  }
  if (debt > 0)
    book.write({
      kind: 'merge-in',
      points: -debt,
      debt,
      explanation: [{ rule: 'merged-in', in: -debt, out: -debt, facts }],
      details,
    });
  const byEnd = new Map<Instant | null, number>();
  for (const [, count, end] of stamps) byEnd.set(end, (byEnd.get(end) ?? 0) + count);
  for (const [end, count] of byEnd)
    book.write({
      kind: 'merge-in',
      points: 0,
      stamps: count,
      stampLots: [[0, count, end]],
      explanation: [{ rule: 'stamps-merged', in: count, out: count, facts }],
      details,
    });
}

/** What waits for an order's confirmation stays with the order until then. */
function movable(working: WorkingCard): Lot[] {
  return [...working.liveLots()].filter(({ availableAt }) => availableAt !== onConfirm);
}

/** The deadline by which neither card's points end sooner than they would have; null: never. */
function laterDeadline({ working }: Book, deadline: Instant | null): Instant | null {
  const own = working.card.deadline;
  // Without a deadline, points that end by inactivity do not end; where there are none, it says nothing.
  const ownNeverEnd = own === null && [...working.liveLots()].some(({ byInactivity }) => byInactivity);
  if (ownNeverEnd || deadline === null) return null;
  return own === null ? deadline : Math.max(own, deadline);
}

/**
 * Decides a command on a merged card, of an order or an entry that is there, and moves what it leaves to the card that
 * everything went to: points that come back are good at once, points that are owed are taken where they are now. Undecided
 * on the heir, where it was merged itself: CARD_MERGED then names the next one.
 */
export function settleOnHeir<Facts extends object>(
  decide: (command: ParsedCommand) => Decision<Facts>,
  heir: CardState,
  command: ParsedCommand,
  clockNow: Instant,
): Decision<Facts> {
  const decision = decide({ ...command, heir });
  const { outcome, changed } = decision;
  if (!outcome.ok || !changed) return decision;
  const { card, entries } = changed;
  const nothingLeft = card.debt === 0 && card.stampLots.length === 0 && movable(changed).length === 0;
  if (nothingLeft) return decision;
  const target = openNewOrKnown(heir, { ...command, occurredAt: undefined }, clockNow);
  if ('ok' in target) return refused(target);
  sweep(target);
  const { version, command: dated, now } = target;
  const at = Math.max(now, card.lastRecordedAt);
  const source = new Book(changed, version, dated, at, at);
  moveIn(target, source, moveOut(source, heir.card.cardId, 'settled after the merge'));
  const views = entries.map((entry) => viewEntry(entry, version.currency));
  return {
    ...decision,
    others: [target.working],
    outcome: {
      ...outcome,
      entries: views,
      balance: balanceFigures(changed, at),
      explanation: [...views.flatMap(({ explanation }) => explanation), ...decision.besides],
    },
  };
}
