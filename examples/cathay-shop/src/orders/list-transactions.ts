import { entryKinds, InvalidCommandError, type Loyalty, LoyaltyError } from '@loyalty-engine/core';
import { z } from 'zod';
import { memberOf, merchantId } from '../program.ts';
import { Problem } from '../server/problem.ts';

const idSchema = z.string().regex(/^[\x21-\x7e]{1,100}$/, 'Expected an id');
const instantSchema = z.iso.datetime({
  offset: true,
  error: 'Expected an instant, such as 2026-01-31T00:00:00Z',
});

/** The query of a list of transactions. `kind` may be there several times; `[from, to)` is by when they were written. */
export const transactionsSchema = z.strictObject({
  kind: z.preprocess(
    (kinds) => (typeof kinds === 'string' ? [kinds] : kinds),
    z.array(z.enum(entryKinds)).min(1).max(entryKinds.length).optional(),
  ),
  customerId: idSchema.optional(),
  orderId: idSchema.optional(),
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  cursor: z.string().min(1).max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/**
 * All ledger entries of the shop's customers, the last one written first.
 *
 * @throws Problem 400 for a cursor of another list, and for a period that ends before it begins.
 */
export async function listTransactions(
  loyalty: Pick<Loyalty, 'entries' | 'cards'>,
  { kind, customerId, ...filter }: z.output<typeof transactionsSchema>,
) {
  const cardId = customerId === undefined ? undefined : await cardOf(loyalty, customerId);
  // Who never earned or spent anything has no card, and no transactions.
  if (cardId === null) return { transactions: [], nextCursor: null };
  try {
    const { entries, nextCursor } = await loyalty.entries({ ...filter, merchantId, kinds: kind, cardId });
    return { transactions: entries, nextCursor };
  } catch (error) {
    throw error instanceof InvalidCommandError ? invalidQuery(error) : error;
  }
}

async function cardOf({ cards }: Pick<Loyalty, 'cards'>, customerId: string): Promise<string | null> {
  try {
    return (await cards.get({ ...memberOf(customerId), merchantId })).cardId;
  } catch (error) {
    if (error instanceof LoyaltyError && error.code === 'CARD_NOT_FOUND') return null;
    throw error;
  }
}

function invalidQuery({ message, issues }: InvalidCommandError): Problem {
  const errors = issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  return new Problem(400, 'INVALID_REQUEST', message, { errors });
}
