import { LoyaltyError } from '@loyalty-engine/core';
import type { ShopDatabase, ShopTransaction } from '../database/shop-database.ts';

const mostAttempts = 5;

/**
 * Runs the callback in one transaction, and again where it met another one: two carts with the same products can wait for each
 * other. The callback must do nothing that a rollback does not undo.
 */
export async function inTransaction<Result>(
  database: ShopDatabase,
  work: (transaction: ShopTransaction) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.transaction(work);
    } catch (error) {
      if (attempt === mostAttempts || !isConflict(error)) throw error;
    }
  }
}

/** A deadlock or a serialisation failure, told by the engine or by the driver itself. */
function isConflict(error: unknown): boolean {
  if (error instanceof LoyaltyError) return error.code === 'STORE_CONFLICT';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === '40001' || code === '40P01';
}
