import {
  type Allocation,
  burnLots,
  type CardState,
  type Entry,
  type EntryKind,
  type Instant,
  type InstantInput,
  lotEnd,
  onConfirm,
} from '@loyalty-engine/core';

/** When something happened, and what becomes of its points. */
export interface PastFacts {
  at: InstantInput;
  /** Default: never. */
  expiresAt?: InstantInput;
  /** When the points become available: an instant, or 'on-confirm'. Default: at once. */
  availableAt?: InstantInput | 'on-confirm';
  orderId?: string;
}

/** An entry as a test tells it; its number and balance follow from those before it. */
export interface PastEntry extends PastFacts {
  kind: EntryKind;
  points: number;
}

/** Points earned on an order. @example earned(50, { at: '2026-01-15T10:00:00Z', expiresAt: '2027-01-15T10:00:00Z' }) */
export function earned(points: number, facts: PastFacts): PastEntry {
  return { kind: 'earn', points, ...facts };
}

/** Points spent, taken from the lots there are in burn order. */
export function redeemed(points: number, facts: Pick<PastFacts, 'at' | 'orderId'>): PastEntry {
  return { kind: 'redeem', points: -points, ...facts };
}

/** Points granted for anything but an order. */
export function awarded(points: number, facts: Omit<PastFacts, 'orderId'>): PastEntry {
  return { kind: 'award', points, ...facts };
}

/** Points given or taken by hand; more taken than there is makes debt. */
export function adjusted(points: number, facts: Pick<PastFacts, 'at' | 'expiresAt'>): PastEntry {
  return { kind: 'adjust', points, ...facts };
}

/** The full entry that follows on a state. */
export function entryOf(past: PastEntry, state: CardState): Entry {
  const { card } = state;
  const at = instantOf(past.at);
  const { lots, missing } = past.points < 0 ? burn(state, -past.points, at) : { lots: [], missing: 0 };
  const repaid = past.points > 0 ? Math.min(card.debt, past.points) : 0;
  const kept = past.points - repaid;
  return {
    seq: card.seq + 1,
    kind: past.kind,
    points: past.points,
    balanceAfter: card.balance + past.points,
    occurredAt: at,
    postedAt: Math.max(at, card.lastPostedAt),
    recordedAt: Math.max(at, card.lastRecordedAt),
    programVersion: 1,
    orderId: past.orderId ?? null,
    reverses: null,
    locationId: null,
    actor: null,
    staffId: null,
    stamps: 0,
    stampLots: [],
    lots,
    lot:
      kept <= 0
        ? null
        : {
            points: kept,
            expiresAt: past.expiresAt === undefined ? null : instantOf(past.expiresAt),
            byInactivity: false,
            availableAt: availabilityOf(past.availableAt),
          },
    debt: past.points < 0 ? missing : repaid === 0 ? 0 : -repaid,
    explanation: [],
    details: {},
  };
}

function burn(state: CardState, points: number, at: Instant): { lots: Allocation[]; missing: number } {
  const burnable = [...state.lots.values()].map((lot) => {
    const end = lotEnd(lot, state.card);
    const waits = lot.availableAt !== null && lot.availableAt > at;
    const free = waits || (end !== null && end <= at) ? 0 : lot.remaining - lot.held;
    return { seq: lot.seq, earnedAt: lot.earnedAt, expiresAt: end, free };
  });
  const { taken, missing } = burnLots(burnable, points);
  return { lots: taken.map(([lot, part]): Allocation => [lot, -part]), missing };
}

function availabilityOf(available: PastFacts['availableAt']): Instant | null {
  if (available === undefined) return null;
  return available === 'on-confirm' ? onConfirm : instantOf(available);
}

/** @throws TypeError for anything that is no instant. */
export function instantOf(at: InstantInput): Instant {
  const instant = new Date(at).getTime();
  if (Number.isNaN(instant)) throw new TypeError(`Not an instant: ${String(at)}`);
  return instant;
}
