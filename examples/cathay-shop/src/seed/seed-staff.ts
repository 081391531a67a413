import { type Loyalty, LoyaltyError } from '@loyalty-engine/core';
import { cathayMiles } from '../program.ts';
import { demoStaff } from './demo-people.ts';

const { merchantId } = cathayMiles;

/** Registers the staff of the demo, whose PINs are no secret, where they are not there yet. */
export async function seedStaff(loyalty: Loyalty): Promise<void> {
  for (const staff of demoStaff) {
    if (await loyalty.staff.get(merchantId, staff.id)) continue;
    try {
      await loyalty.staff.register({ ...staff, merchantId, actor: 'seed' });
    } catch (error) {
      // Another process that started at the same moment was first.
      if (!(error instanceof LoyaltyError && error.code === 'STAFF_EXISTS')) throw error;
    }
  }
}
