import type { Loyalty } from '@loyalty-engine/core';
import { cathayMiles, merchantId } from '../program.ts';

const programId = cathayMiles.id;

/** Before all that the counters ever sold: a sale can be dated back to it. */
const effectiveFrom = '2020-01-01T00:00:00Z';

/** The shop's counters, where a customer can also be served. */
const locations = [
  { id: 'bandra', name: 'Cathay Shop Bandra, Mumbai', timeZone: 'Asia/Kolkata' },
  { id: 'dubai', name: 'Cathay Shop Deira, Dubai', timeZone: 'Asia/Dubai' },
];

const rewards = [
  { id: 'tea', name: 'Darjeeling first flush, 100 g', price: { points: 150 }, gives: { kind: 'item' } },
  {
    id: 'lounge',
    name: 'Lounge pass, one visit',
    price: { points: 900 },
    gives: { kind: 'item' },
    stock: 200,
    perCustomer: 2,
  },
  { id: 'off-250', name: '₹250 off', price: { points: 200 }, gives: { kind: 'amount-off', amount: '250' } },
  {
    id: 'off-10-percent',
    name: '10 % off, up to ₹1,000',
    price: { points: 400 },
    gives: { kind: 'percent-off', percent: 10, maxAmount: '1000' },
  },
] as const;

/**
 * Registers the company, its locations, its program and its rewards, each where it is not there yet: what an admin has changed since
 * stays changed.
 */
export async function seedCompany(loyalty: Loyalty): Promise<void> {
  if (!(await loyalty.merchants.get(merchantId)))
    await loyalty.merchants.register({ id: merchantId, name: 'Cathay Shop' });
  for (const location of locations)
    if (!(await loyalty.locations.get(merchantId, location.id)))
      await loyalty.locations.register({ ...location, merchantId });
  if ((await loyalty.programs.versions(programId)).length === 0)
    await loyalty.programs.publish({ ...cathayMiles, effectiveFrom });
  for (const reward of rewards)
    if (!(await loyalty.rewards.get(programId, reward.id)))
      await loyalty.rewards.publish({ ...reward, programId });
}
