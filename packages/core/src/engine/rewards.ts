import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import { invalid, LoyaltyError } from '../errors.ts';
import {
  type Reward,
  type RewardDefinition,
  type RewardGives,
  type RewardInput,
  type RewardPrice,
  rewardSchema,
} from '../merchant/reward.ts';
import { toMinor } from '../money/amount.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { rewardsTable } from '../ports/merchant-tables.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import { type Instant, isoTextOrNull } from '../program/instant.ts';
import type { ProgramVersion } from '../program/version.ts';
import { pageShape, readPage } from './read-page.ts';
import { type Books, changedFields, recordChange } from './record-change.ts';

export const publishRewardSchema = rewardSchema.safeExtend({ actor: identifierSchema.default('system') });

export const rewardStatusSchema = z.strictObject({
  programId: identifierSchema,
  id: identifierSchema,
  actor: identifierSchema,
  reason: noteSchema.optional(),
});

const programIdSchema = z.strictObject({ programId: identifierSchema });
const keySchema = z.strictObject({ programId: identifierSchema, id: identifierSchema });
export const rewardsQuerySchema = z.strictObject({
  ...pageShape,
  status: z.enum(['active', 'withdrawn']).optional(),
});

/** A reward to publish; `actor` is `system` where it is not given. */
export type PublishRewardInput = RewardInput & { actor?: string | undefined };
export type RewardStatusInput = z.input<typeof rewardStatusSchema>;
export type RewardsQuery = z.input<typeof rewardsQuerySchema>;

/** A reward as it is read. */
export interface RewardView {
  programId: string;
  id: string;
  name: string;
  price: RewardPrice;
  gives: RewardGives;
  activeFrom: string | null;
  activeUntil: string | null;
  /** How many there are in all; null: no end of them. */
  stock: number | null;
  /** Of those, what is left; null: no end of them. */
  stockLeft: number | null;
  /** Redeemed and not voided. */
  redeemed: number;
  perCustomer: number | null;
  voucherDays: number;
  status: 'active' | 'withdrawn';
}

/** The rewards of programs, priced in points or in stamps. */
export interface RewardsCatalogue {
  /**
   * Makes a reward, or edits it: vouchers that were given keep what they were, and what was redeemed stays counted. The
   * same again changes and records nothing; a withdrawn one stays withdrawn.
   *
   * @throws InvalidCommandError naming the field: `stock` where it is less than was redeemed, an amount that is no amount
   * of the program's currency above zero; LoyaltyError PROGRAM_NOT_FOUND.
   * @example
   * await loyalty.rewards.publish({
   *   programId: 'cathay-miles', id: 'coffee', name: 'A coffee', price: { points: 100 }, gives: { kind: 'item' }, stock: 50,
   * }) //=> { id: 'coffee', stockLeft: 50, status: 'active', ... }
   */
  publish(reward: PublishRewardInput): Promise<RewardView>;
  /** Takes a reward out of the catalogue: its vouchers stay good. @throws LoyaltyError REWARD_NOT_FOUND. */
  withdraw(reward: RewardStatusInput): Promise<RewardView>;
  /** Puts a withdrawn reward back. @throws LoyaltyError REWARD_NOT_FOUND. */
  reinstate(reward: RewardStatusInput): Promise<RewardView>;
  get(programId: string, id: string): Promise<RewardView | null>;
  /** A page of the program's rewards by id: 50, or `limit` up to 1,000; all of them, or those of one status. */
  list(
    programId: string,
    query?: RewardsQuery,
  ): Promise<{ rewards: RewardView[]; nextCursor: string | null }>;
}

export function rewardsCatalogueOf(
  store: Books & Pick<LoyaltyStore, 'versions'>,
  now: () => Instant,
): RewardsCatalogue {
  const setStatus = async (status: Reward['status'], action: string, input: RewardStatusInput) => {
    const { programId, id: rewardId, actor, reason } = parseInput(rewardStatusSchema, input);
    const [program] = await store.versions(programId);
    const merchantId = demandReward(program ?? null).merchantId;
    return changeReward(store, { merchantId, programId, rewardId, at: now() }, (existing) => {
      const reward = { ...demandReward(existing), status };
      return { reward, actor, action, note: reason === undefined ? {} : { reason } };
    });
  };
  return {
    async publish(input) {
      const { actor, ...definition } = parseInput(publishRewardSchema, input);
      const { programId, id: rewardId } = definition;
      const [program] = await store.versions(programId);
      if (!program) throw new LoyaltyError('PROGRAM_NOT_FOUND', `There is no program ${programId}`);
      checkAmounts(definition, program);
      const { merchantId } = program;
      return changeReward(store, { merchantId, programId, rewardId, at: now() }, (existing) => {
        const reward = toReward(definition, existing);
        return { reward, actor, action: existing ? 'changed' : 'published', note: {} };
      });
    },
    withdraw: (input) => setStatus('withdrawn', 'withdrawn', input),
    reinstate: (input) => setStatus('active', 'reinstated', input),
    async get(programId, id) {
      const key = parseInput(keySchema, { programId, id });
      const [reward] = await store.records(rewardsTable, [[key.programId, key.id]]);
      return reward ? viewReward(reward) : null;
    },
    async list(programId, query = {}) {
      const { programId: within } = parseInput(programIdSchema, { programId });
      const { status, ...page } = parseInput(rewardsQuerySchema, query);
      const admits = (reward: Reward) => status === undefined || reward.status === status;
      const { rows, nextCursor } = await readPage(store, rewardsTable, within, page, admits);
      return { rewards: rows.map(viewReward), nextCursor };
    },
  };
}

function checkAmounts({ gives }: RewardDefinition, { currency }: ProgramVersion): void {
  const field = gives.kind === 'amount-off' ? 'amount' : 'maxAmount';
  const amount = gives.kind === 'amount-off' ? gives.amount : gives.kind === 'percent-off' && gives.maxAmount;
  if (amount === false || amount === undefined) return;
  const path = ['gives', field];
  if (toMinor(amount, currency, path) === 0) throw invalid(path, 'expected an amount above zero');
}

/** What a definition makes of the reward there is: what was redeemed, and a withdrawal, stay. */
function toReward(definition: RewardDefinition, existing: Reward | null): Reward {
  const { programId, id, name, price, gives, voucherDays } = definition;
  const { activeFrom = null, activeUntil = null, stock = null, perCustomer = null } = definition;
  const redeemed = existing?.redeemed ?? 0;
  if (stock !== null && stock < redeemed) throw invalid(['stock'], `${redeemed} were redeemed already`);
  return {
    programId,
    rewardId: id,
    name,
    price,
    gives,
    activeFrom,
    activeUntil,
    stock,
    perCustomer,
    voucherDays,
    status: existing?.status ?? 'active',
    redeemed,
  };
}

interface RewardChange {
  reward: Reward;
  actor: string;
  action: string;
  /** What the record says beside the fields that changed. */
  note: { reason?: string };
}

function changeReward(
  store: Books,
  at: { merchantId: string; programId: string; rewardId: string; at: Instant },
  decide: (existing: Reward | null) => RewardChange,
): Promise<RewardView> {
  const keys = [{ table: rewardsTable, key: [at.programId, at.rewardId] }];
  return recordChange(store, { merchantId: at.merchantId, keys, at: at.at }, (_merchant, [row]) => {
    const existing = (row ?? null) as Reward | null;
    const { reward, actor, action, note } = decide(existing);
    const view = viewReward(reward);
    const changed = existing ? changedFields(viewReward(existing), view) : { before: null, after: view };
    if (!changed) return { result: view, rows: [], record: null };
    return {
      result: view,
      rows: [{ table: rewardsTable, row: reward, isNew: existing === null }],
      record: {
        actor,
        subject: 'reward',
        subjectId: at.rewardId,
        action,
        before: changed.before,
        // An id is a reward's only within its program.
        after: { programId: at.programId, ...changed.after, ...note },
      },
    };
  });
}

/** The reward, or a throw: the same for one of a program that does not exist. */
function demandReward<Found>(reward: Found | null): Found {
  if (reward) return reward;
  throw new LoyaltyError('REWARD_NOT_FOUND', 'The program has no such reward');
}

/** A reward as it is read. */
export function viewReward(reward: Reward): RewardView {
  const { programId, rewardId, name, price, gives, stock, redeemed, perCustomer, voucherDays, status } =
    reward;
  return {
    programId,
    id: rewardId,
    name,
    price,
    gives,
    activeFrom: isoTextOrNull(reward.activeFrom),
    activeUntil: isoTextOrNull(reward.activeUntil),
    stock,
    stockLeft: stock === null ? null : stock - redeemed,
    redeemed,
    perCustomer,
    voucherDays,
    status,
  };
}
