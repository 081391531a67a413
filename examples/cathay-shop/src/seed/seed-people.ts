import { accountsOf } from '../accounts/accounts.ts';
import type { PasswordHasher } from '../accounts/password-hasher.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { demoPeople } from './demo-people.ts';

/** Makes the accounts of the demo in a shop that has none. Processes that start together make them once. */
export async function seedPeople(
  database: ShopDatabase,
  passwords: Pick<PasswordHasher, 'hash'>,
  now: number,
): Promise<void> {
  if (!(await accountsOf(database).isEmpty())) return;
  // Hashed before the transaction, which is to be short.
  const people = await Promise.all(
    demoPeople.map(async ({ password, ...person }) => ({
      ...person,
      passwordHash: await passwords.hash(password),
      createdAt: now,
    })),
  );
  await database.transaction(async (transaction) => {
    for (const person of people) await accountsOf(transaction).add(person);
  });
}
