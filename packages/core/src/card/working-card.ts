import type { Reward, Voucher } from '../merchant/reward.ts';
import type { Instant } from '../program/instant.ts';
import { addToQueue, burnOrder, forgetQueue, queueOf } from './burn-queue.ts';
import type { Card, CardState, Hold, Lot, OrderRecord } from './card-state.ts';
import type { Entry, EntryKind } from './entry.ts';
import { earlier, lotEnd } from './lot-end.ts';
import { moveStamps, rememberStamp, soonestStampEnd } from './stamp-book.ts';

/** What a decision says of an entry; its number and the balance after it follow from the card. */
export type DraftEntry = Omit<Entry, 'seq' | 'balanceAfter' | 'postedAt' | 'stampLots'> & {
  /** Of the entry's own stamp lot the number is 0: it has none yet. */
  stampLots: Entry['stampLots'];
};

/**
 * A copy on write of a card's state, on which a decision writes entries, holds and orders one after another, each on top
 * of the last. The state it was opened on stays as it was until `commit`.
 */
export class WorkingCard {
  readonly card: Card;
  readonly entries: Entry[] = [];
  readonly lots = new Map<number, Lot>();
  readonly holds = new Map<string, Hold>();
  readonly orders = new Map<string, OrderRecord>();
  readonly vouchers = new Map<string, Voucher>();
  readonly rewards = new Map<string, Reward>();
  readonly state: CardState;
  /** See `CardState.unloadedEnd`. */
  unloadedEnd: Instant | null;
  /** True where the card is made though nothing is written on it yet. */
  enrolled = false;

  constructor(state: CardState) {
    this.state = state;
    this.unloadedEnd = state.unloadedEnd ?? null;
    this.card = { ...state.card, lifetime: { ...state.card.lifetime } };
  }

  lot(seq: number): Lot | undefined {
    return this.lots.get(seq) ?? this.state.lots.get(seq);
  }

  hold(holdId: string): Hold | undefined {
    return this.holds.get(holdId) ?? this.state.holds.get(holdId);
  }

  order(orderId: string): OrderRecord | undefined {
    return this.orders.get(orderId) ?? this.state.orders.get(orderId);
  }

  voucher(code: string): Voucher | undefined {
    return this.vouchers.get(code) ?? this.state.vouchers.get(code);
  }

  reward(rewardId: string): Reward | undefined {
    return this.rewards.get(rewardId) ?? this.state.rewards.get(rewardId);
  }

  openHolds(): Hold[] {
    if (this.card.openHolds === 0) return [];
    const ids = new Set([...this.state.holds.keys(), ...this.holds.keys()]);
    return [...ids].flatMap((id) => this.hold(id) ?? []).filter((hold) => hold.status === 'open');
  }

  /** The loaded lots that hold points, in burn order. */
  *liveLots(): Generator<Lot> {
    for (const seq of this.reordered() ? this.freshOrder() : queueOf(this.state)) {
      const lot = this.lot(seq);
      if (lot && lot.remaining > 0) yield lot;
    }
  }

  /** True when this copy made or revived lots or moved the deadline, so that the state's queue no longer serves. */
  private reordered(): boolean {
    if (this.card.deadline !== this.state.card.deadline) return true;
    for (const seq of this.lots.keys()) {
      if (!this.state.lots.get(seq)?.remaining) return true;
    }
    return false;
  }

  private freshOrder(): number[] {
    return burnOrder([...new Map([...this.state.lots, ...this.lots]).values()], this.card);
  }

  /** Numbers an entry, applies it and returns it. */
  write(draft: DraftEntry): Entry {
    const seq = this.card.seq + 1;
    const entry: Entry = {
      ...draft,
      seq,
      stampLots: draft.stampLots.map(([lot, stamps, end]) => [lot === 0 ? seq : lot, stamps, end]),
      balanceAfter: this.card.balance + draft.points,
      postedAt: Math.max(draft.occurredAt, this.card.lastPostedAt),
    };
    this.apply(entry);
    this.entries.push(entry);
    return entry;
  }

  /** What an entry does to a card: the one place where entries change figures. */
  apply(entry: Entry): void {
    const { card } = this;
    card.seq = entry.seq;
    card.balance = entry.balanceAfter;
    card.debt += entry.debt;
    card.lastPostedAt = entry.postedAt;
    card.lastRecordedAt = entry.recordedAt;
    const [figure, sign] = lifetimeFigures[entry.kind];
    if (entry.points !== 0) card.lifetime[figure] += sign * entry.points;
    for (const [seq, points] of entry.lots) this.changeLot(seq, points, entry);
    if (entry.lot) this.addLot(entry);
    if (entry.deadline !== undefined) {
      if (card.deadline === null) card.nextExpiryAt = earlier(card.nextExpiryAt, entry.deadline);
      card.deadline = entry.deadline;
    }
    // A void of stamps that had ended moves none, and still frees their time.
    if (entry.stampLots.length > 0 || entry.kind === 'void-stamp') this.applyStamps(entry);
    this.applyActivity(entry);
  }

  private applyStamps(entry: Entry): void {
    const { card } = this;
    card.stamps += entry.stamps;
    card.stampLots = moveStamps(card.stampLots, entry.stampLots);
    card.nextExpiryAt = earlier(card.nextExpiryAt, soonestStampEnd(card.stampLots));
    if (entry.kind === 'stamp') {
      card.stampsEarned += entry.stamps;
      const time = [entry.occurredAt, entry.stamps, entry.seq] as const;
      Object.assign(card, rememberStamp(card, time, entry.recordedAt));
    }
    if (entry.kind === 'void-stamp') {
      card.stampsEarned += entry.stamps;
      card.stampTimes = card.stampTimes.filter(([, , seq]) => seq !== entry.reverses);
    }
  }

  /** When the card was last used, and what became of it. */
  private applyActivity({ kind, points, occurredAt, details }: Entry): void {
    const { card } = this;
    if (kind === 'reward') card.rewardsRedeemed += 1;
    if (kind === 'void-reward') card.rewardsRedeemed -= 1;
    if (kind === 'deactivate' || kind === 'anonymise' || kind === 'merge-out') card.status = 'inactive';
    if (kind === 'reactivate') card.status = 'active';
    if (kind === 'merge-out') card.mergedInto = details.mergedInto ?? null;
    if (kind === 'stamp') card.lastStampAt = later(card.lastStampAt, occurredAt);
    if (points > 0 && (kind === 'earn' || kind === 'award' || kind === 'welcome'))
      card.lastPointsAt = later(card.lastPointsAt, occurredAt);
    if (kind === 'redeem' || kind === 'reward')
      card.lastRedemptionAt = later(card.lastRedemptionAt, occurredAt);
    if (uses.has(kind)) card.lastActivityAt = later(card.lastActivityAt, occurredAt);
  }

  private changeLot(seq: number, points: number, entry: Entry): void {
    const before = this.lot(seq);
    if (!before)
      throw new Error(`Entry ${entry.seq} of card ${this.card.cardId} names lot ${seq}, which is not loaded`);
    const lot = { ...before, remaining: before.remaining + points };
    if (entry.kind === 'expire') lot.expired -= points;
    if (this.isPending(before)) {
      this.card.pending += points;
      if (entry.kind === 'confirm') this.card.pending -= before.remaining;
    }
    if (entry.kind === 'confirm') lot.availableAt = entry.occurredAt;
    if (points > 0) this.card.nextExpiryAt = earlier(this.card.nextExpiryAt, lotEnd(lot, this.card));
    this.lots.set(seq, lot);
  }

  private addLot({ seq, occurredAt, lot }: Entry): void {
    if (!lot) return;
    const { points, expiresAt, byInactivity, availableAt } = lot;
    const made: Lot = {
      seq,
      points,
      remaining: points,
      expired: 0,
      held: 0,
      earnedAt: occurredAt,
      expiresAt,
      byInactivity,
      availableAt,
    };
    this.lots.set(seq, made);
    if (this.isPending(made)) this.card.pending += points;
    this.card.nextExpiryAt = earlier(this.card.nextExpiryAt, lotEnd(made, this.card));
  }

  private isPending(lot: Lot): boolean {
    return lot.availableAt !== null && lot.availableAt > this.card.pendingAsOf;
  }

  /** Puts a hold in place of itself; open holds reserve points of their lots. */
  putHold(hold: Hold): void {
    const before = this.hold(hold.holdId);
    if (before?.status === 'open') this.reserve(before, -1);
    if (hold.status === 'open') this.reserve(hold, 1);
    this.holds.set(hold.holdId, hold);
  }

  private reserve(hold: Hold, sign: 1 | -1): void {
    this.card.held += sign * hold.points;
    this.card.openHolds += sign;
    for (const [seq, points] of hold.lots) {
      const lot = this.lot(seq);
      if (!lot) throw new Error(`Hold ${hold.holdId} names lot ${seq}, which is not loaded`);
      this.lots.set(seq, { ...lot, held: lot.held + sign * points });
      if (sign < 0) this.card.nextExpiryAt = earlier(this.card.nextExpiryAt, lotEnd(lot, this.card));
    }
  }

  putOrder(order: OrderRecord): void {
    this.orders.set(order.orderId, order);
  }

  /** Brings the card to an instant without any entry: pending points become available, holds past their time lapse. */
  bringForward(now: Instant): void {
    const { card } = this;
    if (card.pending > 0) {
      for (const lot of this.state.lots.values()) {
        if (lot.availableAt !== null && lot.availableAt > card.pendingAsOf && lot.availableAt <= now) {
          card.pending -= lot.remaining;
        }
      }
    }
    if (now > card.pendingAsOf) card.pendingAsOf = now;
    for (const hold of this.openHolds()) {
      if (hold.expiresAt <= now) this.putHold({ ...hold, status: 'lapsed' });
    }
  }

  /** Makes the state what this copy has become. */
  commit(): void {
    const { state } = this;
    const deadlineMoved = this.card.deadline !== state.card.deadline;
    state.card = this.card;
    state.unloadedEnd = this.unloadedEnd;
    state.exists ||= this.enrolled || this.entries.length > 0 || this.holds.size > 0 || this.orders.size > 0;
    for (const [seq, lot] of this.lots) {
      const before = state.lots.get(seq);
      state.lots.set(seq, lot);
      if (before === undefined) addToQueue(state, lot);
      else if (before.remaining === 0) forgetQueue(state);
    }
    if (deadlineMoved) forgetQueue(state);
    for (const [id, hold] of this.holds) state.holds.set(id, hold);
    for (const [id, order] of this.orders) state.orders.set(id, order);
    for (const [code, voucher] of this.vouchers) state.vouchers.set(code, voucher);
    for (const [id, reward] of this.rewards) state.rewards.set(id, reward);
  }
}

/** What a customer does; what the shop or a job does is no use of the card. */
const uses: ReadonlySet<EntryKind> = new Set([
  'earn',
  'award',
  'welcome',
  'redeem',
  'stamp',
  'reward',
  'use-voucher',
]);

function later(a: Instant | null, b: Instant): Instant {
  return a === null || b > a ? b : a;
}

/** The lifetime figure that the points of an entry count in, and with which sign. */
export const lifetimeFigures: Readonly<Record<EntryKind, readonly [keyof Card['lifetime'], 1 | -1]>> = {
  earn: ['earned', 1],
  award: ['earned', 1],
  welcome: ['earned', 1],
  redeem: ['redeemed', -1],
  expire: ['expired', -1],
  adjust: ['adjusted', 1],
  'claw-back': ['reversed', 1],
  restore: ['reversed', 1],
  reverse: ['reversed', 1],
  confirm: ['reversed', 1],
  cancel: ['reversed', 1],
  reward: ['redeemed', -1],
  'void-reward': ['reversed', 1],
  'merge-out': ['adjusted', 1],
  'merge-in': ['adjusted', 1],
  stamp: ['adjusted', 1],
  'void-stamp': ['adjusted', 1],
  'expire-stamps': ['adjusted', 1],
  'use-voucher': ['adjusted', 1],
  deactivate: ['adjusted', 1],
  reactivate: ['adjusted', 1],
  'rotate-qr': ['adjusted', 1],
  anonymise: ['adjusted', 1],
};
