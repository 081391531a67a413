import {
  type Allocation,
  type Card,
  type Entry,
  type EntryDetails,
  endOfKey,
  entryKinds,
  keyOfEnd,
  type Lot,
  type NewLot,
  type Step,
} from '@loyalty-engine/core';

/** What better-sqlite3 binds and returns. */
export type Cell = number | bigint | string | null;

/** A table's columns and the way between a row and what it holds. Card-scoped rows start with their card's id. */
export interface Table<Thing> {
  name: string;
  columns: readonly string[];
  toRow(thing: Thing, cardId: string): Cell[];
  fromRow(row: Cell[]): Thing;
}

const maxBoundAsDouble = 2 ** 51;
/** A JavaScript number is bound as a double, and SQLite takes a double for an integer only up to 2^51. */
export const int = (value: number): number | bigint =>
  Math.abs(value) < maxBoundAsDouble ? value : BigInt(value);

const cardStatuses = ['active', 'inactive'] as const;

export const cardsTable: Table<Card> = {
  name: 'loyalty_cards',
  columns: [
    'card_id',
    'program_id',
    'customer_id',
    'status',
    'enrolled_at',
    'seq',
    'balance',
    'debt',
    'pending',
    'pending_as_of',
    'held',
    'open_holds',
    'earned',
    'redeemed',
    'expired',
    'adjusted',
    'reversed',
    'deadline',
    'last_posted_at',
    'last_recorded_at',
    'next_expiry_at',
  ],
  toRow: (card) => [
    card.cardId,
    card.programId,
    card.customerId,
    cardStatuses.indexOf(card.status),
    card.enrolledAt,
    card.seq,
    int(card.balance),
    int(card.debt),
    int(card.pending),
    card.pendingAsOf,
    int(card.held),
    card.openHolds,
    int(card.lifetime.earned),
    int(card.lifetime.redeemed),
    int(card.lifetime.expired),
    int(card.lifetime.adjusted),
    int(card.lifetime.reversed),
    card.deadline,
    card.lastPostedAt,
    card.lastRecordedAt,
    card.nextExpiryAt,
  ],
  fromRow: (row) => ({
    cardId: row[0] as string,
    programId: row[1] as string,
    customerId: row[2] as string,
    status: cardStatuses[row[3] as number] ?? 'inactive',
    enrolledAt: row[4] as number,
    seq: row[5] as number,
    balance: row[6] as number,
    debt: row[7] as number,
    pending: row[8] as number,
    pendingAsOf: row[9] as number,
    held: row[10] as number,
    openHolds: row[11] as number,
    lifetime: {
      earned: row[12] as number,
      redeemed: row[13] as number,
      expired: row[14] as number,
      adjusted: row[15] as number,
      reversed: row[16] as number,
    },
    deadline: row[17] as number | null,
    lastPostedAt: row[18] as number,
    lastRecordedAt: row[19] as number,
    nextExpiryAt: row[20] as number | null,
  }),
};

/** The columns of a card that every entry changes: all but who it is and when it expires next. */
export const cardFigures = cardsTable.columns.slice(3, -1);

export const lotsTable: Table<Lot> = {
  name: 'loyalty_lots',
  columns: [
    'card_id',
    'seq',
    'points',
    'remaining',
    'expired',
    'held',
    'earned_at',
    'burn_at',
    'available_at',
  ],
  toRow: (lot, cardId) => [
    cardId,
    lot.seq,
    int(lot.points),
    int(lot.remaining),
    int(lot.expired),
    int(lot.held),
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
}

export const entriesTable: Table<Entry> = {
  name: 'loyalty_entries',
  columns: [
    'card_id',
    'seq',
    'kind',
    'points',
    'balance_after',
    'occurred_at',
    'posted_at',
    'recorded_at',
    'program_version',
    'order_id',
    'reverses',
    'location_id',
    'actor',
    'rest',
  ],
  toRow: (entry, cardId) => [
    cardId,
    entry.seq,
    entry.kind,
    int(entry.points),
    int(entry.balanceAfter),
    entry.occurredAt,
    entry.postedAt,
    entry.recordedAt,
    entry.programVersion,
    entry.orderId,
    entry.reverses,
    entry.locationId,
    entry.actor,
    restOf(entry),
  ],
  fromRow: (row) => {
    const rest = JSON.parse(row[13] as string) as EntryRest;
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
  return JSON.stringify(rest);
}

/** True where an object has any property. */
export function hasAny(object: object): boolean {
  for (const _name in object) return true;
  return false;
}

/** Every kind of entry, for the table's CHECK. */
export const entryKindList = entryKinds.map((kind) => `'${kind}'`).join(', ');
