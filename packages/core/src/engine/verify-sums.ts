import type { Card, Lifetime } from '../card/card-state.ts';
import type { Problem } from '../card/check-ledger.ts';
import { lifetimeFigures } from '../card/working-card.ts';
import type { Reward, Voucher } from '../merchant/reward.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { rewardsTable } from '../ports/merchant-tables.ts';
import type { TallySum } from '../ports/tally.ts';

type Figure = keyof Lifetime | 'entries' | 'stamps';
/** Points of many cards can be more than a number holds. */
type Figures = Map<Figure, bigint>;

/** What is kept of a program as a whole: what was tallied when its cards began to be read, and what they add up to. */
interface ProgramSums {
  tallied: readonly TallySum[];
  cards: Figures;
  /** Vouchers that are not void, by reward. */
  redeemed: Map<string, number>;
}

/**
 * Compares what is kept of whole programs with their cards: the tallies with the cards' figures, and how many of each
 * reward are redeemed with the vouchers. Of a program on whose cards anything was written meanwhile it says nothing.
 */
export class SumsCheck {
  private readonly programs = new Map<string, ProgramSums>();
  private readonly store: LoyaltyStore;

  private constructor(store: LoyaltyStore) {
    this.store = store;
  }

  /** To be opened before the first card is read. */
  static async open(store: LoyaltyStore): Promise<SumsCheck> {
    const check = new SumsCheck(store);
    for (const programId of await store.programIds()) {
      const tallied = await tallyOf(store, programId);
      check.programs.set(programId, { tallied, cards: new Map(), redeemed: new Map() });
    }
    return check;
  }

  /** Adds a card, as it was verified. */
  follow({ programId, seq, stamps, lifetime }: Card, vouchers: readonly Voucher[]): void {
    const sums = this.programs.get(programId);
    if (!sums) return;
    add(sums.cards, 'entries', seq);
    add(sums.cards, 'stamps', stamps);
    for (const figure of ['earned', 'redeemed', 'expired', 'adjusted', 'reversed'] as const)
      add(sums.cards, figure, lifetime[figure]);
    for (const { rewardId, status } of vouchers) {
      if (rewardId === null || status === 'void') continue;
      sums.redeemed.set(rewardId, (sums.redeemed.get(rewardId) ?? 0) + 1);
    }
  }

  /** What is kept otherwise, once all cards were added. */
  async problems(): Promise<Problem[]> {
    const problems: Problem[] = [];
    for (const [programId, sums] of this.programs) {
      const rewards = await allRewards(this.store, programId);
      // Every entry is tallied as it is written: with the same tallies, the cards and rewards are of one moment.
      const tallied = await tallyOf(this.store, programId);
      if (JSON.stringify(tallied) !== JSON.stringify(sums.tallied)) continue;
      for (const problem of [
        ...compareTallies(tallied, sums.cards),
        ...compareRewards(rewards, sums.redeemed),
      ])
        problems.push(`program ${programId}: ${problem}`);
    }
    return problems;
  }
}

function tallyOf(store: LoyaltyStore, programId: string): Promise<TallySum[]> {
  return store.tallies({ programIds: [programId], from: null, to: null, by: 'kind' });
}

function add(figures: Figures, figure: Figure, value: number): void {
  figures.set(figure, (figures.get(figure) ?? 0n) + BigInt(value));
}

function compareTallies(tallied: readonly TallySum[], cards: Figures): Problem[] {
  const tallies: Figures = new Map();
  const inexact = new Set<Figure>();
  for (const { kind, entries, points, stamps } of tallied) {
    const [figure, sign] = lifetimeFigures[kind];
    for (const [name, value] of [
      ['entries', entries],
      ['stamps', stamps],
      [figure, sign * points],
    ] as const) {
      if (Number.isSafeInteger(value)) add(tallies, name, value);
      else inexact.add(name);
    }
  }
  const problems: Problem[] = [];
  for (const figure of new Set([...tallies.keys(), ...cards.keys()])) {
    const [is, should] = [tallies.get(figure) ?? 0n, cards.get(figure) ?? 0n];
    if (is !== should && !inexact.has(figure))
      problems.push(`${figure} by its tallies is ${is}, its cards say ${should}`);
  }
  return problems;
}

function compareRewards(rewards: readonly Reward[], redeemed: ReadonlyMap<string, number>): Problem[] {
  const problems: Problem[] = [];
  const known = new Set<string>();
  for (const { rewardId, redeemed: is } of rewards) {
    known.add(rewardId);
    const should = redeemed.get(rewardId) ?? 0;
    if (is !== should) problems.push(`reward ${rewardId}: redeemed is ${is}, the vouchers say ${should}`);
  }
  for (const rewardId of redeemed.keys()) {
    if (!known.has(rewardId)) problems.push(`reward ${rewardId}: has vouchers, but is not there`);
  }
  return problems;
}

const pageSize = 1000;

async function allRewards(store: LoyaltyStore, programId: string): Promise<Reward[]> {
  const rewards: Reward[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Reward[] = await store.recordsIn(rewardsTable, programId, after, pageSize);
    rewards.push(...page);
    const last = page.at(-1);
    if (!last || page.length < pageSize) return rewards;
    after = last.rewardId;
  }
}
