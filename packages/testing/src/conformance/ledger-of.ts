import type { Balance, CardRef, Loyalty, StatementEntry } from '@loyalty-engine/core';

/** All that a caller can see of a card. */
export interface VisibleLedger {
  balance: Balance;
  /** What the statement opens and closes with. */
  opening: number;
  entries: StatementEntry[];
  closing: number;
}

/** Reads a card's balance and its whole statement, page by page. */
export async function ledgerOf(loyalty: Loyalty, card: CardRef): Promise<VisibleLedger> {
  const balance = await loyalty.balance(card);
  const first = await loyalty.statement(card, { limit: 1000 });
  const { opening, entries } = first;
  let { closing, nextCursor } = first;
  while (nextCursor !== null) {
    const page = await loyalty.statement(card, { limit: 1000, cursor: nextCursor });
    entries.push(...page.entries);
    ({ closing, nextCursor } = page);
  }
  return { balance, opening, entries, closing };
}
