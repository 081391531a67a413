import type { PasswordHasher } from '../accounts/password-hasher.ts';
import { seedProducts } from '../catalogue/seed-products.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { seedCompany } from './seed-company.ts';
import { seedHistory } from './seed-history.ts';
import { seedPeople } from './seed-people.ts';
import { seedStaff } from './seed-staff.ts';

/**
 * What a shop must have to open: the company and its program. With `demo` also products, people to log in as, staff and a past.
 * Seeding again changes nothing.
 */
export async function seed(
  database: ShopDatabase,
  { demo, passwords, now = Date.now() }: { demo: boolean; passwords: PasswordHasher; now?: number },
): Promise<void> {
  await seedCompany(database.loyalty);
  if (!demo) return;
  await seedProducts(database);
  await seedPeople(database, passwords, now);
  await seedStaff(database.loyalty);
  await seedHistory(database);
}
