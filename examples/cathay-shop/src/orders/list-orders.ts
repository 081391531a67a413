import { z } from 'zod';
import type { Queries } from '../database/shop-database.ts';
import { Problem } from '../server/problem.ts';
import type { Order } from './order.ts';
import { findOrders } from './order-rows.ts';

const placeSchema = z.tuple([z.number().int().min(0), z.string().regex(/^[\x21-\x7e]{1,100}$/)]);

/** A customer's orders, newest first. */
export async function listOrders(
  database: Pick<Queries, 'all'>,
  customerId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ orders: Order[]; nextCursor: string | null }> {
  const place = cursor === undefined ? null : placeOf(cursor);
  const found = await findOrders(
    database,
    `customer_id = ? ${place ? 'AND (created_at, id) < (?, ?)' : ''} ORDER BY created_at DESC, id DESC LIMIT ?`,
    [customerId, ...(place ?? []), limit + 1],
  );
  const orders = found.slice(0, limit);
  const last = found.length > limit ? orders.at(-1) : undefined;
  const nextCursor = last
    ? Buffer.from(JSON.stringify([last.createdAt, last.id])).toString('base64url')
    : null;
  return { orders, nextCursor };
}

/** @throws Problem 400 where it is no cursor of ours. */
function placeOf(cursor: string): z.output<typeof placeSchema> {
  try {
    return placeSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new Problem(400, 'INVALID_REQUEST', 'cursor: expected the nextCursor of a list', {
      errors: [{ field: 'cursor', message: 'Expected the nextCursor of a list' }],
    });
  }
}
