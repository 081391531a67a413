import type { Loyalty } from '@loyalty-engine/core';
import { cardProgram, company, type LocationId, locations } from './company.ts';

/** Who confirms with a PIN, where. */
export interface Confirmation {
  locationId: LocationId;
  staff: { staffId: string; pin: string; terminalId: string };
}

/** Gives what a till sends with a command that staff must confirm. */
export type Till = (locationId: LocationId) => Confirmation;

const admin = 'admin';

/** Registers the company, its locations, what staff must confirm, and the program. */
export async function openCompany(loyalty: Loyalty): Promise<void> {
  await loyalty.merchants.register({ ...company, actor: admin });
  for (const location of locations)
    await loyalty.locations.register({ ...location, merchantId: company.id, actor: admin });
  await loyalty.merchants.configure({
    merchantId: company.id,
    settings: { staffPin: { stamp: 'required', voidStamp: 'required', redeemStamps: 'required' } },
    actor: admin,
  });
  await loyalty.programs.publish(cardProgram);
}

/** Registers Asha, who may confirm at every location; her PIN is in what this gives and nowhere else. */
export async function hireAsha(loyalty: Loyalty): Promise<Till> {
  const { staff, pin } = await loyalty.staff.register({
    merchantId: company.id,
    id: 'asha',
    name: 'Asha',
    role: 'manager',
    actor: admin,
  });
  return (locationId) => ({
    locationId,
    staff: { staffId: staff.id, pin, terminalId: `${locationId}-till` },
  });
}
