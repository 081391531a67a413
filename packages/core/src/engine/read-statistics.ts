import { z } from 'zod';
import type { EntryKind } from '../card/entry.ts';
import { parseInput } from '../commands/command.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import type { CardSums, TallySum } from '../ports/tally.ts';
import type { Instant } from '../program/instant.ts';
import { chosenPrograms, programChoiceShape } from './chosen-programs.ts';

const daySchema = z.iso.date({ error: 'expected a day such as "2026-01-31"' });

export const statisticsQuerySchema = z
  .strictObject({
    ...programChoiceShape,
    from: daySchema.optional(),
    to: daySchema.optional(),
    activeDays: z.number().int().min(1).max(3650).default(30),
    by: z.enum(['day', 'location']).optional(),
  })
  .refine(({ programId, merchantId }) => programId !== undefined || merchantId !== undefined, {
    path: ['programId'],
    message: 'expected programId or merchantId',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: 'lies before from',
  });

type QueryInput = z.input<typeof statisticsQuerySchema>;

/**
 * What to count: one program, all programs of a merchant, or one that must be the merchant's. `from` and `to` are days of the program's zone, both
 * included, by the entries' posting dates; without them, all time. `activeDays`: 30 unless said otherwise.
 */
export type StatisticsQuery = Omit<QueryInput, 'programId' | 'merchantId'> &
  ({ programId: string; merchantId?: string | undefined } | { merchantId: string; programId?: undefined });

/** What was written in a period. */
export interface Flows {
  points: {
    /** Earned on orders, awarded, and given as a welcome. */
    issued: number;
    /** Spent on orders and on rewards. */
    redeemed: number;
    /** Written off because they had ended. */
    expired: number;
    /** Given less taken by hand. A merge of two cards takes what it gives. */
    adjusted: number;
    /** Given back less taken back, by refunds, reversals, cancelled earnings and voided rewards. */
    reversed: number;
  };
  stamps: {
    issued: number;
    voided: number;
    /** Taken for rewards, less those that came back with a voided reward. */
    redeemed: number;
    expired: number;
  };
  rewards: {
    redeemed: number;
    voided: number;
    /** Vouchers handed out against. */
    used: number;
  };
}

/**
 * The figures of a program or a merchant: flows of the period asked for, and what there is now. Over all time, and once
 * the expiry job has written what is due, points `issued - redeemed - expired + adjusted + reversed` =
 * `outstanding - debt`, and stamps `issued - voided - redeemed - expired` = `outstanding`.
 */
export interface Statistics {
  cards: {
    total: number;
    /** Neither deactivated nor merged into another one. */
    active: number;
    /** Used by their customers in the last days, each of 24 hours. */
    activeWithin: { days: number; cards: number };
  };
  points: Flows['points'] & {
    /** Points on cards now, those that wait or are held included; those that have ended are not, written off or not. */
    outstanding: number;
    /** Owed by customers after refunds. */
    debt: number;
  };
  stamps: Flows['stamps'] & {
    /** Stamps on cards now; those that have ended are in it until the expiry job has written them off. */
    outstanding: number;
  };
  rewards: Flows['rewards'];
  /** `by: 'day'`: the days on which there was anything, in order. */
  days?: ({ day: string } & Flows)[];
  /** `by: 'location'`: by id; null, which comes first, is at no location. */
  locations?: ({ locationId: string | null } & Flows)[];
}

/**
 * Reads figures at `now`; see `Loyalty.statistics`.
 *
 * @throws LoyaltyError PROGRAM_NOT_FOUND, also for a program of another merchant. A merchant without programs has zeros.
 */
export async function readStatistics(
  store: LoyaltyStore,
  input: StatisticsQuery,
  now: Instant,
): Promise<Statistics> {
  const { from, to, activeDays, by, ...choice } = parseInput(statisticsQuerySchema, input);
  const programIds = await chosenPrograms(store, choice);
  const isEmpty = programIds.length === 0;
  const [sums, cards] = await Promise.all([
    isEmpty ? [] : store.tallies({ programIds, from: from ?? null, to: to ?? null, by: by ?? 'kind' }),
    isEmpty ? noCards : store.cardSums(programIds, now, now - activeDays * dayMs),
  ]);
  const { points, stamps, rewards } = flowsOf(sums);
  const statistics: Statistics = {
    cards: {
      total: cards.cards,
      active: cards.active,
      activeWithin: { days: activeDays, cards: cards.recentlyActive },
    },
    points: { ...points, outstanding: cards.outstanding, debt: cards.debt },
    stamps: { ...stamps, outstanding: cards.stamps },
    rewards,
  };
  if (by === 'day') statistics.days = groupsOf(sums).map(([day, flows]) => ({ day, ...flows }));
  if (by === 'location')
    statistics.locations = groupsOf(sums).map(([id, flows]) => ({ locationId: id || null, ...flows }));
  return statistics;
}

const dayMs = 86_400_000;
const noCards: CardSums = { cards: 0, active: 0, recentlyActive: 0, outstanding: 0, debt: 0, stamps: 0 };

/** What the entries of a kind count as, and with which sign; rewards count by entries. */
interface Counting {
  points?: readonly [figure: keyof Flows['points'], sign: 1 | -1];
  stamps?: readonly [figure: keyof Flows['stamps'], sign: 1 | -1];
  rewards?: keyof Flows['rewards'];
}

const counting: Record<EntryKind, Counting> = {
  earn: { points: ['issued', 1] },
  award: { points: ['issued', 1] },
  welcome: { points: ['issued', 1] },
  redeem: { points: ['redeemed', -1] },
  expire: { points: ['expired', -1] },
  adjust: { points: ['adjusted', 1] },
  'claw-back': { points: ['reversed', 1] },
  restore: { points: ['reversed', 1] },
  reverse: { points: ['reversed', 1] },
  confirm: { points: ['reversed', 1] },
  cancel: { points: ['reversed', 1] },
  stamp: { stamps: ['issued', 1] },
  'void-stamp': { stamps: ['voided', -1] },
  'expire-stamps': { stamps: ['expired', -1] },
  reward: { points: ['redeemed', -1], stamps: ['redeemed', -1], rewards: 'redeemed' },
  'void-reward': { points: ['reversed', 1], stamps: ['redeemed', -1], rewards: 'voided' },
  'merge-out': { points: ['adjusted', 1] },
  'merge-in': { points: ['adjusted', 1] },
  'use-voucher': { rewards: 'used' },
  deactivate: {},
  reactivate: {},
  'rotate-qr': {},
  anonymise: {},
};

function flowsOf(sums: readonly TallySum[]): Flows {
  const flows: Flows = {
    points: { issued: 0, redeemed: 0, expired: 0, adjusted: 0, reversed: 0 },
    stamps: { issued: 0, voided: 0, redeemed: 0, expired: 0 },
    rewards: { redeemed: 0, voided: 0, used: 0 },
  };
  for (const { kind, entries, points, stamps } of sums) {
    const counts = counting[kind];
    if (counts.points) flows.points[counts.points[0]] += counts.points[1] * points;
    if (counts.stamps) flows.stamps[counts.stamps[0]] += counts.stamps[1] * stamps;
    if (counts.rewards) flows.rewards[counts.rewards] += entries;
  }
  return flows;
}

function groupsOf(sums: readonly TallySum[]): [group: string, flows: Flows][] {
  const groups = new Map<string, TallySum[]>();
  for (const sum of sums) {
    const group = groups.get(sum.group);
    if (group) group.push(sum);
    else groups.set(sum.group, [sum]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, sumsOfGroup]) => [group, flowsOf(sumsOfGroup)]);
}
