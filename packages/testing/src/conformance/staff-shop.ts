import type { Loyalty } from '@loyalty-engine/core';
import { actor, companyWith, merchantId } from './company.ts';
import { member, type OpenShop, type Shop } from './shop.ts';

export const staffId = 'ravi';
export const terminalId = 'till-1';
export const pin = '482913';
export const wrongPin = '771204';

/** A company that wants a PIN for stamps, with a staff member. */
export async function companyWithStaff(open: OpenShop): Promise<Shop> {
  const shop = await companyWith({ settings: { staffPin: { stamp: 'required' } } })(open);
  await shop.loyalty.staff.register({ merchantId, id: staffId, name: 'Ravi', role: 'cashier', pin, actor });
  return shop;
}

/** Stamps the usual member's card with a PIN. */
export function stampWith(loyalty: Loyalty, given: string): ReturnType<Loyalty['stamp']> {
  return loyalty.stamp({ ...member, staff: { staffId, pin: given, terminalId } });
}
