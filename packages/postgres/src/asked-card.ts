import {
  type CardKey,
  type CardState,
  type EndRange,
  endRanges,
  type Lot,
  lotEnd,
  lotsNamed,
  ordersNamed,
  pointsToCover,
  sharedNeed,
  type Touch,
} from '@loyalty-engine/core';
import { BurnScan } from './burn-scan.ts';

const smallPage = 8;
const largePage = 500;

const none: readonly never[] = [];

/** The rows of a card that are read by their keys. */
export type Kind =
  | 'receipts'
  | 'holds'
  | 'orders'
  | 'entries'
  | 'reversals'
  | 'lots'
  | 'vouchers'
  | 'vouchersOfRewards';

/**
 * One card that touches ask for: what they need of it, and what was read already. `wanted` and `scans` say what to read
 * next; with nothing left the card is loaded.
 */
export class AskedCard {
  readonly ref: CardKey;
  readonly touches: Touch[] = [];
  state: CardState | undefined;
  now = 0;
  scans: BurnScan[] = [];
  /** Reversals that were counted, by their numbers. */
  readonly reversals = new Set<number>();
  private readHolds = false;
  private readMaturing = false;
  private planned = false;
  /** By kind, the keys that were asked for; of most kinds there are none. */
  private readonly asked = new Map<Kind, Set<string | number>>();

  constructor(ref: CardKey) {
    this.ref = ref;
  }

  get exists(): boolean {
    return this.state?.exists === true;
  }

  /** The keys of a kind that are needed and were not asked for yet; they count as asked from here on. */
  wanted(kind: Kind): (string | number)[] {
    const keys: (string | number)[] = [];
    const { state } = this;
    for (const touch of this.touches) for (const key of this.needed(kind, touch)) this.want(kind, key, keys);
    if (kind === 'entries' || kind === 'reversals') {
      for (const { firstSeq, entryCount } of state?.receipts.values() ?? [])
        for (let seq = firstSeq; seq < firstSeq + entryCount; seq += 1) this.want(kind, seq, keys);
    }
    if (kind === 'lots') {
      for (const { status, lots } of state?.holds.values() ?? [])
        if (status === 'open') for (const [seq] of lots) this.want(kind, seq, keys);
    }
    return keys;
  }

  private want(kind: Kind, key: string | number, keys: (string | number)[]): void {
    let asked = this.asked.get(kind);
    if (!asked) {
      asked = new Set();
      this.asked.set(kind, asked);
    }
    if (asked.has(key)) return;
    asked.add(key);
    keys.push(key);
  }

  private needed(kind: Kind, touch: Touch): Iterable<string | number> {
    const { state } = this;
    switch (kind) {
      case 'receipts':
        return touch.keys;
      case 'holds':
        return touch.holds ?? none;
      case 'orders':
        return state ? ordersNamed(touch, state) : (touch.orders ?? none);
      case 'lots':
        return state ? lotsNamed(touch, state) : none;
      case 'vouchers':
        return touch.vouchers ?? none;
      case 'vouchersOfRewards':
        return touch.rewards ?? none;
      default:
        return touch.entries ?? none;
    }
  }

  /** Reads ahead what a card that spends will need most likely, before anything is known of it. */
  readAhead(): void {
    if (this.touches.some(({ takesBack }) => takesBack)) return;
    if (this.touches.length > 1) this.scans.push(this.endingScan());
    const spending = this.touches.filter(({ burn, rewards = [] }) => burn || rewards.length > 0);
    if (spending.length > 0) {
      const page = Math.min(smallPage * spending.length, largePage);
      this.scans.push(this.coveringScan(this.coveredAfter(), page));
    }
  }

  /** Takes the touches of the same card that was asked for in another way; what was read ahead for fewer is dropped. */
  join(other: AskedCard, state: CardState): void {
    this.touches.push(...other.touches);
    this.scans = [];
    other.scans = [];
    this.found(state);
  }

  /** Takes the card's row, before any other rows of it are taken. */
  found(state: CardState): void {
    this.state = state;
    const { card } = state;
    this.now = this.touches.reduce((latest, { now }) => Math.max(latest, now), card.lastRecordedAt);
    this.readHolds = card.openHolds > 0;
    this.readMaturing = card.pending > 0;
  }

  /** True once, where the card has open holds. */
  wantsOpenHolds(): boolean {
    const wants = this.readHolds;
    this.readHolds = false;
    return wants;
  }

  /** True once, where lots of the card may have become available. */
  wantsMaturing(): boolean {
    const wants = this.readMaturing;
    this.readMaturing = false;
    return wants;
  }

  /** Decides, once, which lots to read, now that the card and what the touches name are known. */
  plan(): void {
    const { state } = this;
    if (this.planned || !state) return;
    this.planned = true;
    const { card } = state;
    const { deadline } = card;
    const together = this.touches.length > 1;
    if (sharedNeed(this.touches, state) === 'every') {
      this.scans = [new BurnScan(endRanges.all, largePage, () => true)];
      return;
    }
    const readAhead = this.scans.length > 0;
    if (together || (card.nextExpiryAt !== null && card.nextExpiryAt <= this.now)) {
      if (!readAhead || !together) this.scans.push(this.endingScan());
      if (deadline !== null)
        this.scans.push(new BurnScan(endRanges.byInactivity, smallPage, () => deadline <= this.now));
    }
    if (this.points() > 0) {
      if (!readAhead) this.scans.push(this.coveringScan(this.coveredAfter(), smallPage));
      if (deadline !== null) this.scans.push(this.coveringScan(endRanges.byInactivity, smallPage));
      else if (this.canHaveLotsByInactivity(state))
        this.scans.push(this.coveringScan(endRanges.never, smallPage));
    }
    if (this.touches.some(({ endingNext }) => endingNext)) {
      this.scans.push(this.endingNextScan());
      if (deadline !== null) this.scans.push(new BurnScan(endRanges.byInactivity, largePage, () => true));
    }
  }

  /** Without a deadline such lots burn among those that never end, not before them. */
  private canHaveLotsByInactivity({ versions }: CardState): boolean {
    return versions.some(({ points }) => points.expiry.kind === 'inactivity');
  }

  private points(): number {
    const { state } = this;
    return this.touches.reduce((sum, touch) => sum + (state ? pointsToCover(touch, state) : 0), 0);
  }

  private coveredAfter(): EndRange {
    return { ...endRanges.all, after: Math.min(...this.touches.map(({ at }) => at)) };
  }

  /** The lots that end by now, and the first after them. */
  private endingScan(): BurnScan {
    return new BurnScan(endRanges.all, smallPage, (lot) => this.endsByNow(lot));
  }

  /** Lots in burn order until the free points of those that end after now cover the need, as the first answers tell it. */
  private coveringScan(range: EndRange, page: number): BurnScan {
    let left: number | undefined;
    return new BurnScan(range, page, (lot) => {
      left ??= this.points();
      if (!this.endsByNow(lot) && (lot.availableAt === null || lot.availableAt <= this.now))
        left -= lot.remaining - lot.held;
      return left > 0;
    });
  }

  /** All lots that share the next end after now. */
  private endingNextScan(): BurnScan {
    let first: Lot | undefined;
    return new BurnScan({ ...endRanges.all, after: this.now }, smallPage, (lot) => {
      first ??= lot;
      return lot.expiresAt !== null && lot.expiresAt === first.expiresAt;
    });
  }

  private endsByNow(lot: Lot): boolean {
    const end = lotEnd(lot, (this.state as CardState).card);
    return end !== null && end <= this.now;
  }
}
