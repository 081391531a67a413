import {
  type Location,
  type MerchantSettingsInput,
  type MerchantTerms,
  parseInput,
  type Reward,
  type RewardInput,
  rewardSchema,
  settingsSchema,
} from '@loyalty-engine/core';
import { testMember } from './pure-command.ts';

/** A merchant that is registered, as a test tells it. */
export interface GivenMerchant {
  /** What is different from the usual settings. */
  settings?: MerchantSettingsInput;
  locations?: readonly GivenLocation[];
}

export interface GivenLocation {
  id: string;
  /** Default: the zone of `exampleProgram`. */
  timeZone?: string;
  /** Default: 'open'. */
  status?: Location['status'];
}

/** A reward of the catalogue, as a test tells it. */
export interface GivenReward extends Omit<RewardInput, 'programId' | 'name' | 'gives'> {
  /** Default: its id. */
  name?: string;
  /** Default: an item. */
  gives?: RewardInput['gives'];
  /** How many were redeemed already. Default: 0. */
  redeemed?: number;
}

/** The merchant as commands see it. */
export function termsOfMerchant(
  merchantId: string,
  { settings, locations = [] }: GivenMerchant,
): MerchantTerms {
  const merchant = {
    merchantId,
    name: merchantId,
    settings: parseInput(settingsSchema, settings ?? {}),
    revision: 1,
    changeSeq: 0,
    createdAt: 0,
  };
  const rows = locations.map(({ id, timeZone = 'Asia/Kolkata', status = 'open' }): [string, Location] => [
    id,
    { merchantId, locationId: id, name: id, timeZone, status },
  ]);
  return { merchant, locations: new Map(rows) };
}

/** The catalogue as commands see it. */
export function catalogueOf(rewards: readonly GivenReward[]): Map<string, Reward> {
  const { programId } = testMember;
  return new Map(
    rewards.map(({ redeemed = 0, name, gives = { kind: 'item' }, ...given }) => {
      const definition = { ...given, programId, name: name ?? given.id, gives };
      const { id: rewardId, ...reward } = parseInput(rewardSchema, definition);
      const { activeFrom = null, activeUntil = null, stock = null, perCustomer = null } = reward;
      const limits = { activeFrom, activeUntil, stock, perCustomer };
      return [rewardId, { ...reward, ...limits, rewardId, status: 'active', redeemed }];
    }),
  );
}
