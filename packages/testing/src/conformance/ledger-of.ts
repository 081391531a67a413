import type { Balance, CardRef, Loyalty, StatementEntry } from '@loyalty-engine/core';

/** All that a caller can see of a card. */
export interface VisibleLedger {
  balance: Balance;
  entries: StatementEntry[];
}

/** Reads a card's balance and its whole statement, page by page. */
export async function ledgerOf(loyalty: Loyalty, card: CardRef): Promise<VisibleLedger> {
  const balance = await loyalty.balance(card);
  const entries: StatementEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await loyalty.statement(
      card,
      cursor === undefined ? { limit: 500 } : { limit: 500, cursor },
    );
    entries.push(...page.entries);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { balance, entries };
}
