import type { Card, CardState, Hold, Lot } from './card-state.ts';
import type { Entry } from './entry.ts';

/** What is wrong with a card's books; an empty list is the promise kept. */
export type Problem = string;

/**
 * Checks one entry against the state before it: numbers without a gap, a balance that continues, lots, lot and debt that
 * add up to its points, no lot that gives more than it has.
 */
export function checkEntry(before: CardState, entry: Entry): Problem[] {
  const problems: Problem[] = [];
  const expect = (holds: boolean, problem: string) => {
    if (!holds) problems.push(`entry ${entry.seq}: ${problem}`);
  };
  const { card, lots } = before;
  expect(entry.seq === card.seq + 1, `follows ${card.seq}`);
  expect(
    entry.balanceAfter === card.balance + entry.points,
    `balance ${card.balance} + ${entry.points} is not ${entry.balanceAfter}`,
  );
  let moved = (entry.lot?.points ?? 0) - entry.debt;
  for (const [seq, points] of entry.lots) {
    moved += points;
    const lot = lots.get(seq);
    expect(lot !== undefined, `names lot ${seq}, which is not there`);
    if (!lot) continue;
    expect(lot.remaining + points >= 0, `takes ${-points} from lot ${seq}, which has ${lot.remaining}`);
    expect(lot.remaining + points <= lot.points, `puts ${points} into lot ${seq}, more than it ever held`);
  }
  expect(moved === entry.points, `moves ${moved} points, but says ${entry.points}`);
  expect(card.debt + entry.debt >= 0, 'repays more debt than there is');
  let stamps = 0;
  for (const [lot, count] of entry.stampLots) {
    stamps += count;
    const left = card.stampLots.find(([seq]) => seq === lot)?.[1] ?? 0;
    expect(left + count >= 0, `takes ${-count} stamps from stamp lot ${lot}, which has ${left}`);
  }
  expect(stamps === entry.stamps, `moves ${stamps} stamps, but says ${entry.stamps}`);
  expect(entry.lot === null || entry.lot.points > 0, 'makes an empty lot');
  expect(entry.postedAt >= card.lastPostedAt && entry.postedAt >= entry.occurredAt, 'is posted out of order');
  return problems;
}

/** Checks that a card's figures, lots and holds agree with each other. */
export function checkCard(card: Card, lots: Iterable<Lot>, holds: Iterable<Hold>): Problem[] {
  const problems: Problem[] = [];
  let remaining = 0;
  let held = 0;
  let pending = 0;
  const reserved = new Map<number, number>();
  let openHolds = 0;
  for (const hold of holds) {
    if (hold.status !== 'open') continue;
    openHolds += 1;
    for (const [seq, points] of hold.lots) reserved.set(seq, (reserved.get(seq) ?? 0) + points);
  }
  for (const lot of lots) {
    remaining += lot.remaining;
    held += lot.held;
    if (lot.availableAt !== null && lot.availableAt > card.pendingAsOf) pending += lot.remaining;
    if (lot.remaining < 0 || lot.remaining > lot.points)
      problems.push(`lot ${lot.seq}: remainder ${lot.remaining} of ${lot.points}`);
    if (lot.held < 0 || lot.held > lot.remaining)
      problems.push(`lot ${lot.seq}: ${lot.held} held of ${lot.remaining}`);
    if (lot.held !== (reserved.get(lot.seq) ?? 0))
      problems.push(`lot ${lot.seq}: held ${lot.held}, holds say ${reserved.get(lot.seq) ?? 0}`);
    reserved.delete(lot.seq);
  }
  for (const seq of reserved.keys()) problems.push(`lot ${seq}: held, but not there`);
  const expect = (what: string, is: number, should: number) => {
    if (is !== should) problems.push(`card: ${what} is ${is}, should be ${should}`);
  };
  const { lifetime } = card;
  expect('balance', card.balance, remaining - card.debt);
  expect('held', card.held, held);
  expect('pending', card.pending, pending);
  expect('open holds', card.openHolds, openHolds);
  expect(
    'stamps',
    card.stamps,
    card.stampLots.reduce((sum, [, stamps]) => sum + stamps, 0),
  );
  expect(
    'balance by lifetime figures',
    card.balance,
    lifetime.earned - lifetime.redeemed - lifetime.expired + lifetime.adjusted + lifetime.reversed,
  );
  if (card.debt < 0) problems.push(`card: debt is ${card.debt}`);
  return problems;
}
