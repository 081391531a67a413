import type { CardState, EndRange, Lot } from '@loyalty-engine/core';

/** Reads a card's lots in burn order, page by page and pages growing, as long as `more` says. */
export class BurnScan {
  private done = false;
  private read = 0;
  private readonly range: EndRange;
  private page: number;
  private readonly more: (lot: Lot) => boolean;

  constructor(range: EndRange, page: number, more: (lot: Lot) => boolean) {
    this.range = range;
    this.page = page;
    this.more = more;
  }

  /** The next page to read, as the values of `after`, `up_to`, `skip` and `most`; null where there is no need. */
  next(): [after: number, upTo: number, skip: number, most: number] | null {
    return this.done ? null : [this.range.after, this.range.upTo, this.read, this.page];
  }

  /** Keeps a page's lots in the card. */
  take(lots: readonly Lot[], state: CardState): void {
    for (const lot of lots) {
      if (!state.lots.has(lot.seq)) state.lots.set(lot.seq, lot);
      this.done ||= !this.more(lot);
    }
    this.done ||= lots.length < this.page;
    this.read += lots.length;
    this.page = Math.min(this.page * 8, 10_000);
  }
}
