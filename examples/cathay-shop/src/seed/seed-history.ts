import { type Loyalty, unwrap } from '@loyalty-engine/core';
import { accountsOf } from '../accounts/accounts.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { memberOf } from '../program.ts';

/** A purchase at one of the shop's counters, some days before the customer's account was made. */
interface Sale {
  orderId: string;
  daysBefore: number;
  locationId: 'bandra' | 'dubai';
  total: string;
  /** Points that paid a part of it. */
  points?: number;
}

/** By customer, oldest first. */
const sales: Readonly<Record<string, readonly Sale[]>> = {
  priya: [
    { orderId: 'TILL-1001', daysBefore: 345, locationId: 'bandra', total: '2490.00' },
    { orderId: 'TILL-1004', daysBefore: 180, locationId: 'bandra', total: '7499.00' },
    { orderId: 'TILL-1009', daysBefore: 96, locationId: 'dubai', total: '1299.50', points: 200 },
    { orderId: 'TILL-1012', daysBefore: 12, locationId: 'bandra', total: '3250.00' },
  ],
  rahul: [
    { orderId: 'TILL-1006', daysBefore: 150, locationId: 'bandra', total: '899.00' },
    { orderId: 'TILL-1011', daysBefore: 30, locationId: 'bandra', total: '5400.00', points: 50 },
  ],
};

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Gives the demo's customers a past: what they bought at the counters before they had an account, earned and spent by the engine's
 * own commands, dated back. The dates hang on the account's, so that the same again is the same and replays.
 */
export async function seedHistory(database: ShopDatabase): Promise<void> {
  for (const [customerId, bought] of Object.entries(sales)) {
    const account = await accountsOf(database).byId(customerId);
    if (!account) continue;
    for (const sale of bought) await sell(database.loyalty, customerId, sale, account.createdAt);
  }
}

async function sell(loyalty: Loyalty, customerId: string, sale: Sale, accountAt: number): Promise<void> {
  const { orderId, daysBefore, locationId, total, points } = sale;
  const occurredAt = new Date(accountAt - daysBefore * dayMs);
  const order = { id: orderId, total };
  const command = { ...memberOf(customerId), order, occurredAt, locationId, actor: 'seed' };
  if (points !== undefined) unwrap(await loyalty.redeem({ ...command, points }));
  unwrap(await loyalty.earn(command));
}
