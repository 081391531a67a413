import { unwrap } from '@loyalty-engine/core';
import { accountsOf } from '../../../../examples/cathay-shop/src/accounts/accounts.ts';
import type { PasswordHasher } from '../../../../examples/cathay-shop/src/accounts/password-hasher.ts';
import type { ShopDatabase } from '../../../../examples/cathay-shop/src/database/shop-database.ts';
import { memberOf } from '../../../../examples/cathay-shop/src/program.ts';

/** What all of them type to log in. */
export const password = 'as-good-as-any-other';
/** Enough for every checkout of a run. */
export const openingPoints = 1_000_000;
const earlierOrders = 20;

export function customerId(index: number): string {
  return `customer-${String(index).padStart(4, '0')}`;
}

export function emailOf(id: string): string {
  return `${id}@cathay.example`;
}

/** Adds people who can sign in, with points to spend and a history to read. */
export async function addCustomers(
  database: ShopDatabase,
  passwords: Pick<PasswordHasher, 'hash'>,
  count: number,
): Promise<void> {
  const passwordHash = await passwords.hash(password);
  const customers = Array.from({ length: count }, (_, index) => customerId(index));
  await database.transaction(async (transaction) => {
    const accounts = accountsOf(transaction);
    for (const id of customers) {
      const person = { id, email: emailOf(id), name: `Customer ${id}`, role: 'customer' } as const;
      await accounts.add({ ...person, passwordHash, createdAt: Date.now() });
    }
  });
  for (let number = 0; number < earlierOrders; number += 1) {
    await Promise.all(customers.map((id) => earnOnce(database, id, number)));
  }
  await Promise.all(
    customers.map(async (id) =>
      unwrap(
        await database.loyalty.award({
          ...memberOf(id),
          points: openingPoints,
          reason: 'To be spent',
          source: { type: 'benchmark', id },
        }),
      ),
    ),
  );
}

async function earnOnce({ loyalty }: ShopDatabase, customerId: string, number: number): Promise<void> {
  const order = { id: `earlier-${customerId}-${number}`, total: '1000.00' };
  unwrap(await loyalty.earn({ ...memberOf(customerId), order }));
}
