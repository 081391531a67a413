import { products } from './migrations/0001-products.ts';
import { accounts } from './migrations/0002-accounts.ts';
import { orders } from './migrations/0003-orders.ts';
import { refundProblems } from './migrations/0004-refund-problems.ts';

/** One step of the shop's tables. What has run is never edited: a change is a new file. */
export interface ShopMigration {
  /** The file's name without its ending: the order is theirs. */
  name: string;
  /** One statement a text, as each database speaks. A question mark in them would be taken for a value. */
  sqlite: readonly string[];
  postgres: readonly string[];
}

/** Every migration, in the order in which they run: one file each, in `migrations/`. */
export const shopMigrations: readonly ShopMigration[] = [products, accounts, orders, refundProblems];
