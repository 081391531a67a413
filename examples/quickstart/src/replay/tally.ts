import { type EntryKind, entryKinds, type Outcome, type ProgramVersion, toMinor } from '@loyalty-engine/core';

/** What the engine said it did, added up from its outcomes: the other side of the books. */
export class Tally {
  commands = 0;
  /** In minor units. */
  ordered = 0;
  paidWithPoints = 0;
  moneyBack = 0;
  /** Sums of entries, signed as in the ledger. */
  readonly points: Record<EntryKind, number>;
  private readonly currency: string;

  constructor({ currency }: Pick<ProgramVersion, 'currency'>) {
    this.currency = currency;
    this.points = Object.fromEntries(entryKinds.map((kind) => [kind, 0])) as Record<EntryKind, number>;
  }

  /** Counts a command, and its entries where it was carried out. */
  count(outcome: Outcome<object>): void {
    this.commands += 1;
    if (!outcome.ok || outcome.replayed) return;
    for (const { kind, points } of outcome.entries) this.points[kind] += points;
  }

  /** Counts what the expiry job wrote. */
  countExpired(points: number): void {
    this.points.expire -= points;
  }

  minor(amount: string): number {
    return toMinor(amount, this.currency, []);
  }
}
