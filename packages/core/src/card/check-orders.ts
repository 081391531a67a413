import type { OrderRecord } from './card-state.ts';
import type { Problem } from './check-ledger.ts';
import type { Entry, EntryKind } from './entry.ts';

// Stamps and rewards may name an order; its record knows of points and money alone.
const mentions: ReadonlySet<EntryKind> = new Set([
  'stamp',
  'void-stamp',
  'reward',
  'void-reward',
  'use-voucher',
]);

interface Sums {
  earned: number;
  takenBack: number;
}

/**
 * Follows a card's entries and compares them with its order records: what an order earned, what was taken back of it,
 * and what each redemption spent and got back.
 */
export class OrderCheck {
  private readonly orders = new Map<string, Sums>();
  private readonly spent = new Map<number, number>();
  private readonly returned = new Map<string, number>();

  follow({ seq, kind, points, orderId, reverses, details }: Entry): void {
    if (reverses !== null) {
      const key = `${kind} ${reverses}`;
      this.returned.set(key, (this.returned.get(key) ?? 0) + points);
    }
    if (orderId === null || mentions.has(kind)) return;
    const sums = this.orders.get(orderId) ?? { earned: 0, takenBack: 0 };
    this.orders.set(orderId, sums);
    if (kind === 'earn') sums.earned += points;
    if (kind === 'redeem') this.spent.set(seq, -points);
    if (kind === 'claw-back' || kind === 'cancel') sums.takenBack += (details.forgiven ?? 0) - points;
  }

  /** What the records say otherwise. */
  problems(records: readonly OrderRecord[]): Problem[] {
    const problems: Problem[] = [];
    const known = new Set<string>();
    for (const record of records) {
      const { orderId } = record;
      known.add(orderId);
      const expect = (what: string, is: number, should: number) => {
        if (is !== should) problems.push(`order ${orderId}: ${what} is ${is}, the entries say ${should}`);
      };
      const sums = this.orders.get(orderId) ?? { earned: 0, takenBack: 0 };
      expect('earned', record.earned ?? 0, sums.earned);
      expect('clawed back', record.clawedBack - record.clawedExpired, sums.takenBack);
      for (const { seq, points, restored, reversed } of record.redemptions) {
        expect(`redemption ${seq}`, points, this.spent.get(seq) ?? 0);
        expect(`restored of ${seq}`, restored, this.returned.get(`restore ${seq}`) ?? 0);
        expect(`reversed of ${seq}`, reversed, this.returned.get(`reverse ${seq}`) ?? 0);
      }
      if (record.moneyBack > record.order.payable)
        problems.push(`order ${orderId}: more money back than it cost`);
    }
    for (const orderId of this.orders.keys()) {
      if (!known.has(orderId)) problems.push(`order ${orderId}: has entries but no record`);
    }
    return problems;
  }
}
