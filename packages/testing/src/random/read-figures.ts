import type { CardSummary, Loyalty, OrderSummary, RewardView, Statistics } from '@loyalty-engine/core';

/** What readings of a whole program say. */
export interface Figures {
  /** Over all time, by day and by location. */
  statistics: [all: Statistics, byDay: Statistics, byLocation: Statistics];
  orders: OrderSummary[];
  cards: CardSummary[];
  rewards: RewardView[];
}

/** Reads a program's statistics, orders, cards and rewards, page by page where there are pages. */
export async function readFigures(loyalty: Loyalty, programId: string): Promise<Figures> {
  const statistics = await Promise.all([
    loyalty.statistics({ programId }),
    loyalty.statistics({ programId, by: 'day' }),
    loyalty.statistics({ programId, by: 'location' }),
  ]);
  const orders: OrderSummary[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await loyalty.orders({ programId }, { limit: 3, ...(cursor ? { cursor } : {}) });
    orders.push(...page.orders);
    cursor = page.nextCursor;
  } while (cursor !== null);
  const { cards } = await loyalty.cards.list({ programId });
  const { rewards } = await loyalty.rewards.list(programId);
  return { statistics, orders, cards, rewards };
}

/**
 * Checks figures of a program whose expired points are all written off: flows over all time make what there is now, the
 * parts make the whole, and each reward was redeemed as often as it says.
 *
 * @throws Error naming what does not add up.
 */
export function checkFigures({ statistics, rewards }: Figures, redeemed: ReadonlyMap<string, number>): void {
  const [all, byDay, byLocation] = statistics;
  const { issued, redeemed: spent, expired, adjusted, reversed, outstanding, debt } = all.points;
  const left = issued - spent - expired + adjusted + reversed;
  expect(left === outstanding - debt, `flows leave ${left} points, there are ${outstanding} less ${debt}`);
  const { stamps } = all;
  const stampsLeft = stamps.issued - stamps.voided - stamps.redeemed - stamps.expired;
  expect(
    stampsLeft === stamps.outstanding,
    `flows leave ${stampsLeft} stamps, there are ${stamps.outstanding}`,
  );
  for (const parts of [byDay.days ?? [], byLocation.locations ?? []]) {
    const sum = parts.reduce((total, part) => total + part.points.issued + part.stamps.issued, 0);
    expect(sum === issued + stamps.issued, `the parts have ${sum}, the whole ${issued + stamps.issued}`);
  }
  for (const { id, redeemed: says, stockLeft } of rewards) {
    const was = redeemed.get(id) ?? 0;
    expect(says === was, `reward ${id} says it was redeemed ${says} times, it was ${was} times`);
    expect(stockLeft === null || stockLeft >= 0, `reward ${id} has ${stockLeft} left`);
  }
}

function expect(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem);
}
