import type { PlannedCommand } from './planned.ts';
import type { Answer } from './sequence-run.ts';

interface Totals {
  spent: number;
  givenBack: number;
  earned: number;
  takenBack: number;
}

interface AcceptedFields {
  ok: boolean;
  replayed: boolean;
  moneyBack?: string;
  remaining?: string;
  forgiven?: number;
  orderId?: string | null;
  entries: { kind: string; points: number; orderId: string | null }[];
}

/**
 * What outcomes have said of each order, added up: never more points go back than were spent, never more are taken back
 * than were earned, and no refund is of less than nothing.
 */
export class OrderTotals {
  private readonly orders = new Map<string, Totals>();

  /** Counts an outcome in. @throws Error naming what is more than it can be. */
  count({ customer }: PlannedCommand, answer: Answer): void {
    if (!('answered' in answer)) return;
    const outcome = answer.answered as AcceptedFields;
    if (!outcome.ok || outcome.replayed || !outcome.entries) return;
    for (const entry of outcome.entries) {
      if (entry.orderId === null) continue;
      const totals = this.of(`${customer} ${entry.orderId}`);
      if (entry.kind === 'redeem') totals.spent -= entry.points;
      if (entry.kind === 'restore' || entry.kind === 'reverse') totals.givenBack += entry.points;
      if (entry.kind === 'earn') totals.earned += entry.points;
      if (entry.kind === 'claw-back' || entry.kind === 'cancel') {
        totals.takenBack += (outcome.forgiven ?? 0) - entry.points;
      }
      this.check(totals, entry.orderId, outcome);
    }
    // A refund may move no points at all, and still says what goes back in money.
    const { orderId } = outcome;
    if (typeof orderId === 'string') this.check(this.of(`${customer} ${orderId}`), orderId, outcome);
  }

  private check({ spent, givenBack, earned, takenBack }: Totals, orderId: string, outcome: AcceptedFields) {
    const name = `order ${orderId}`;
    expect(givenBack <= spent, `${name}: ${givenBack} points went back, ${spent} were spent`);
    expect(takenBack <= earned, `${name}: ${takenBack} points were taken back, ${earned} were earned`);
    const { remaining = '0', moneyBack = '0' } = outcome;
    expect(Number(remaining) >= 0, `${name}: ${remaining} remains`);
    expect(Number(moneyBack) >= 0, `${name}: ${moneyBack} goes back`);
  }

  private of(order: string): Totals {
    let totals = this.orders.get(order);
    if (!totals) {
      totals = { spent: 0, givenBack: 0, earned: 0, takenBack: 0 };
      this.orders.set(order, totals);
    }
    return totals;
  }
}

function expect(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem);
}
