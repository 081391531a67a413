import type { Card, Lot, StampLot, StampTime } from '../card/card-state.ts';
import type { Entry, EntryDetails, NewLot, StampMove } from '../card/entry.ts';
import { endOfKey, keyOfEnd } from '../card/lot-end.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import type { Step } from '../rules/step.ts';
import type { Table } from './table.ts';

/** How many of a card's columns, from the first on, say who it is; the others are its figures. */
export const cardIdentityColumns = 7;

/** What of a card commands of points leave as it is, and the columns where it is kept. */
export const cardBeyondPoints = {
  status: 'status',
  mergedInto: 'merged_into',
  stamps: 'stamps',
  stampsEarned: 'stamps_earned',
  rewardsRedeemed: 'rewards_redeemed',
  stampLots: 'stamp_book',
  stampTimes: 'stamp_book',
  stampsKnownFrom: 'stamp_book',
  lastStampAt: 'last_stamp_at',
  warnedOf: 'warned_of',
  warnedSeq: 'warned_seq',
} as const satisfies Partial<Record<keyof Card, string>>;

export const cardsTable: Table<Card> = {
  name: 'cards',
  columns: [
    ['card_id', 'text'],
    ['program_id', 'text'],
    ['customer_id', 'text'],
    ['number', 'text'],
    ['qr_token', 'text'],
    ['enrolled_at', 'instant'],
    ['enrolled_location_id', 'text'],
    ['status', 'text'],
    ['merged_into', 'text'],
    ['seq', 'count'],
    ['balance', 'amount'],
    ['debt', 'amount'],
    ['pending', 'amount'],
    ['pending_as_of', 'instant'],
    ['held', 'amount'],
    ['open_holds', 'count'],
    ['earned', 'amount'],
    ['redeemed', 'amount'],
    ['expired', 'amount'],
    ['adjusted', 'amount'],
    ['reversed', 'amount'],
    ['deadline', 'instant'],
    ['last_posted_at', 'instant'],
    ['last_recorded_at', 'instant'],
    ['stamps', 'count'],
    ['stamps_earned', 'count'],
    ['rewards_redeemed', 'count'],
    ['stamp_book', 'json'],
    ['last_stamp_at', 'instant'],
    ['last_points_at', 'instant'],
    ['last_redemption_at', 'instant'],
    ['last_activity_at', 'instant'],
    ['warned_of', 'instant'],
    ['warned_seq', 'count'],
    ['next_expiry_at', 'instant'],
  ],
  keys: 1,
  toRow: (card) => [
    card.cardId,
    card.programId,
    card.customerId,
    card.number,
    card.qrToken,
    card.enrolledAt,
    card.enrolledLocationId,
    card.status,
    card.mergedInto,
    card.seq,
    card.balance,
    card.debt,
    card.pending,
    card.pendingAsOf,
    card.held,
    card.openHolds,
    card.lifetime.earned,
    card.lifetime.redeemed,
    card.lifetime.expired,
    card.lifetime.adjusted,
    card.lifetime.reversed,
    card.deadline,
    card.lastPostedAt,
    card.lastRecordedAt,
    card.stamps,
    card.stampsEarned,
    card.rewardsRedeemed,
    card.stampLots.length + card.stampTimes.length + card.stampsKnownFrom === 0
      ? null
      : JSON.stringify([card.stampLots, card.stampTimes, card.stampsKnownFrom] satisfies StampBook),
    card.lastStampAt,
    card.lastPointsAt,
    card.lastRedemptionAt,
    card.lastActivityAt,
    card.warnedOf,
    card.warnedSeq,
    card.nextExpiryAt,
  ],
  fromRow: (row) => {
    const [stampLots, stampTimes, stampsKnownFrom] =
      row[27] === null ? noStamps : (JSON.parse(row[27] as string) as StampBook);
    return {
      cardId: row[0] as string,
      programId: row[1] as string,
      customerId: row[2] as string,
      number: row[3] as string,
      qrToken: row[4] as string,
      enrolledAt: row[5] as number,
      enrolledLocationId: row[6] as string | null,
      status: row[7] as Card['status'],
      mergedInto: row[8] as string | null,
      seq: row[9] as number,
      balance: row[10] as number,
      debt: row[11] as number,
      pending: row[12] as number,
      pendingAsOf: row[13] as number,
      held: row[14] as number,
      openHolds: row[15] as number,
      lifetime: {
        earned: row[16] as number,
        redeemed: row[17] as number,
        expired: row[18] as number,
        adjusted: row[19] as number,
        reversed: row[20] as number,
      },
      deadline: row[21] as number | null,
      lastPostedAt: row[22] as number,
      lastRecordedAt: row[23] as number,
      stamps: row[24] as number,
      stampsEarned: row[25] as number,
      rewardsRedeemed: row[26] as number,
      stampLots,
      stampTimes,
      stampsKnownFrom,
      lastStampAt: row[28] as number | null,
      lastPointsAt: row[29] as number | null,
      lastRedemptionAt: row[30] as number | null,
      lastActivityAt: row[31] as number | null,
      warnedOf: row[32] as number | null,
      warnedSeq: row[33] as number,
      nextExpiryAt: row[34] as number | null,
    };
  },
};

type StampBook = [readonly StampLot[], readonly StampTime[], knownFrom: number];
const noStamps: StampBook = [[], [], 0];

export const lotsTable: Table<Lot> = {
  name: 'lots',
  columns: [
    ['card_id', 'text'],
    ['seq', 'count'],
    ['points', 'amount'],
    ['remaining', 'amount'],
    ['expired', 'amount'],
    ['held', 'amount'],
    ['earned_at', 'instant'],
    ['burn_at', 'instant'],
    ['available_at', 'instant'],
  ],
  keys: 2,
  toRow: (lot, cardId) => [
    cardId,
    lot.seq,
    lot.points,
    lot.remaining,
    lot.expired,
    lot.held,
    lot.earnedAt,
    keyOfEnd(lot),
    lot.availableAt,
  ],
  fromRow: (row) => ({
    seq: row[1] as number,
    points: row[2] as number,
    remaining: row[3] as number,
    expired: row[4] as number,
    held: row[5] as number,
    earnedAt: row[6] as number,
    ...endOfKey(row[7] as number),
    availableAt: row[8] as number | null,
  }),
};

/** The parts of an entry that no query asks for, as compact JSON: absent where empty. */
interface EntryRest {
  lots?: readonly Allocation[];
  lot?: NewLot;
  debt?: number;
  deadline?: number | null;
  steps?: [Step['rule'], number, number, Step['facts']?][];
  details?: EntryDetails;
  stampLots?: readonly StampMove[];
}

export const entriesTable: Table<Entry> = {
  name: 'entries',
  columns: [
    ['card_id', 'text'],
    ['seq', 'count'],
    ['kind', 'text'],
    ['points', 'amount'],
    ['balance_after', 'amount'],
    ['occurred_at', 'instant'],
    ['posted_at', 'instant'],
    ['recorded_at', 'instant'],
    ['program_version', 'count'],
    ['order_id', 'text'],
    ['reverses', 'count'],
    ['location_id', 'text'],
    ['actor', 'text'],
    ['staff_id', 'text'],
    ['stamps', 'count'],
    ['rest', 'json'],
  ],
  keys: 2,
  toRow: (entry, cardId) => [
    cardId,
    entry.seq,
    entry.kind,
    entry.points,
    entry.balanceAfter,
    entry.occurredAt,
    entry.postedAt,
    entry.recordedAt,
    entry.programVersion,
    entry.orderId,
    entry.reverses,
    entry.locationId,
    entry.actor,
    entry.staffId,
    entry.stamps,
    restOf(entry),
  ],
  fromRow: (row) => {
    const rest = JSON.parse(row[15] as string) as EntryRest;
    const entry: Entry = {
      seq: row[1] as number,
      kind: row[2] as Entry['kind'],
      points: row[3] as number,
      balanceAfter: row[4] as number,
      occurredAt: row[5] as number,
      postedAt: row[6] as number,
      recordedAt: row[7] as number,
      programVersion: row[8] as number,
      orderId: row[9] as string | null,
      reverses: row[10] as number | null,
      locationId: row[11] as string | null,
      actor: row[12] as string | null,
      staffId: row[13] as string | null,
      stamps: row[14] as number,
      stampLots: rest.stampLots ?? [],
      lots: rest.lots ?? [],
      lot: rest.lot ?? null,
      debt: rest.debt ?? 0,
      explanation: (rest.steps ?? []).map(([rule, takes, gives, facts]) =>
        facts ? { rule, in: takes, out: gives, facts } : { rule, in: takes, out: gives },
      ),
      details: rest.details ?? {},
    };
    if (rest.deadline !== undefined) entry.deadline = rest.deadline;
    return entry;
  },
};

function restOf(entry: Entry): string {
  const rest: EntryRest = {
    steps: entry.explanation.map((step) =>
      step.facts ? [step.rule, step.in, step.out, step.facts] : [step.rule, step.in, step.out],
    ),
  };
  if (entry.lots.length > 0) rest.lots = entry.lots;
  if (entry.lot) rest.lot = entry.lot;
  if (entry.debt !== 0) rest.debt = entry.debt;
  if (entry.deadline !== undefined) rest.deadline = entry.deadline;
  if (hasAny(entry.details)) rest.details = entry.details;
  if (entry.stampLots.length > 0) rest.stampLots = entry.stampLots;
  return JSON.stringify(rest);
}

/** True where an object has any property. */
export function hasAny(object: object): boolean {
  for (const _name in object) return true;
  return false;
}
