import { type Loyalty, type MerchantSettingsInput, type ProgramInput, unwrap } from '@loyalty-engine/core';
import { member, type OpenShop, programOf, type Shop, type Wanted } from './shop.ts';

export const merchantId = 'cathay';
/** Who changes settings and answers for corrections. */
export const actor = 'anita';
/** A location of the usual merchant: in the program's zone, half a day from the other one. */
export const bandra = 'bandra';
export const newYork = 'new-york';
/** Another merchant, its program and its location. */
export const rival = { merchantId: 'rival', programId: 'rival-miles', locationId: 'elsewhere' } as const;

type StampRules = NonNullable<ProgramInput['stamps']>;

/** What a fact wants different from the usual company. */
export interface WantedCompany extends Omit<Wanted, 'stamps'> {
  stamps?: Partial<StampRules>;
  settings?: MerchantSettingsInput;
}

/** A stamp card of three stamps without cooldown or limits, with what is wanted different. */
export function stampsOf(rules: Partial<StampRules> = {}): StampRules {
  return { target: 3, maxPerVisit: 10, reward: { name: 'A coffee' }, ...rules };
}

/** A shop of a registered merchant with two locations and a stamp card, beside another merchant. */
export function companyWith({ stamps, settings, ...wanted }: WantedCompany = {}) {
  return async (open: OpenShop): Promise<Shop> => {
    const shop = await open({ ...wanted, stamps: stampsOf(stamps) });
    await registerCompany(shop.loyalty, settings);
    return shop;
  };
}

/** Registers the usual merchant with its locations and settings, and the other merchant. */
export async function registerCompany(loyalty: Loyalty, settings?: MerchantSettingsInput): Promise<void> {
  const { merchants, locations } = loyalty;
  await merchants.register({ id: merchantId, name: 'Cathay' });
  await locations.register({ merchantId, id: bandra, name: 'Bandra', timeZone: 'Asia/Kolkata' });
  await locations.register({ merchantId, id: newYork, name: 'New York', timeZone: 'America/New_York' });
  if (settings) await merchants.configure({ merchantId, settings, actor });
  await merchants.register({ id: rival.merchantId, name: 'Rival' });
  const { locationId: id } = rival;
  await locations.register({ merchantId: rival.merchantId, id, name: 'Elsewhere', timeZone: 'Asia/Kolkata' });
  const { merchantId: its, programId } = rival;
  await loyalty.programs.publish({ ...programOf({ id: programId, merchantId: its }), stamps: stampsOf() });
}

/** Gives stamps at once and answers with the entry's number. */
export async function giveStamps(loyalty: Loyalty, stamps: number, card: object = member): Promise<number> {
  return unwrap(await loyalty.stamp({ ...(card as typeof member), stamps })).entry;
}
