import {
  identifierSchema,
  orderQuerySchema,
  parseInput,
  programSchema,
  publishRewardSchema,
  rewardStatusSchema,
  rewardsQuerySchema,
  type StatisticsQuery,
  statisticsQuerySchema,
} from '@loyalty-engine/core';
import { orderPageSchema } from '../answers/order.ts';
import { programVersionSchema, versionListSchema } from '../answers/program.ts';
import { rewardPageSchema, rewardSchema } from '../answers/reward.ts';
import { statisticsSchema } from '../answers/statistics.ts';
import { bodyWithout, queryWithout } from '../bodies.ts';
import { route } from '../route.ts';
import { within } from './commanded.ts';
import { type Claiming, once } from './once.ts';
import { ownProgram } from './own-program.ts';
import { viewProgram } from './view-program.ts';

const company = ['merchant', 'admin'] as const;

const program = '/admin/programs/{programId}' as const;
const reward = `${program}/rewards/{rewardId}` as const;

/** Programs, their versions and rewards, and their figures. */
export const adminPrograms = {
  publishProgram: route({
    method: 'PUT',
    path: program,
    summary: 'Publish a version of a program',
    description:
      'The same content again answers the version there is. Versions are kept and never rewritten; merchant and currency never change.',
    roles: company,
    body: queryWithout(programSchema, 'id').extend({
      merchantId: identifierSchema.optional().meta({ description: 'Whose it is; a merchant says nothing.' }),
    }),
    answer: programVersionSchema,
    key: 'optional',
    words: { id: 'programId' },
    run: async (call) => {
      const { programId: id } = call.params;
      // An id that another merchant has taken is not said to be taken by whom.
      const [first] = await call.loyalty.programs.versions(id);
      const { merchantId = call.merchantId ?? '' } = call.body;
      const owners = [merchantId, first?.merchantId ?? merchantId];
      if (call.merchantId !== undefined && owners.some((owner) => owner !== call.merchantId)) return null;
      const program = { ...call.body, merchantId, id };
      // Before the key is claimed: what is not valid says which field.
      parseInput(programSchema, program);
      return once(call, merchantId, async () => viewProgram(await call.loyalty.programs.publish(program)));
    },
  }),
  versions: route({
    method: 'GET',
    path: `${program}/versions`,
    summary: 'All versions of a program, oldest first',
    roles: company,
    answer: versionListSchema,
    list: 'versions',
    run: async (call) => {
      const own = await ownProgram(call, call.params.programId);
      return (
        own && { versions: (await call.loyalty.programs.versions(call.params.programId)).map(viewProgram) }
      );
    },
  }),
  rewards: route({
    method: 'GET',
    path: `${program}/rewards`,
    summary: 'The rewards of the catalogue, and those that were withdrawn',
    roles: company,
    query: queryWithout(rewardsQuerySchema),
    answer: rewardPageSchema,
    list: 'rewards',
    run: async (call) =>
      (await ownProgram(call, call.params.programId)) &&
      call.loyalty.rewards.list(call.params.programId, call.query),
  }),
  reward: route({
    method: 'GET',
    path: reward,
    summary: 'A reward, and what is left of it',
    roles: company,
    answer: rewardSchema,
    words: { id: 'rewardId' },
    run: async (call) =>
      (await ownProgram(call, call.params.programId)) &&
      call.loyalty.rewards.get(call.params.programId, call.params.rewardId),
  }),
  publishReward: route({
    method: 'PUT',
    path: reward,
    summary: 'Make a reward, or edit it',
    description: 'Vouchers that were given keep what they were, and what was redeemed stays counted.',
    roles: company,
    body: bodyWithout(publishRewardSchema, 'programId', 'id'),
    answer: rewardSchema,
    words: { id: 'rewardId' },
    key: 'optional',
    run: (call) => changedReward(call, (reward) => call.loyalty.rewards.publish(reward)),
  }),
  withdrawReward: route({
    method: 'POST',
    path: `${reward}/withdraw`,
    summary: 'Take a reward out of the catalogue; its vouchers stay good',
    roles: company,
    body: bodyWithout(rewardStatusSchema, 'programId', 'id'),
    answer: rewardSchema,
    words: { id: 'rewardId' },
    key: 'optional',
    run: (call) => changedReward(call, (reward) => call.loyalty.rewards.withdraw(reward)),
  }),
  reinstateReward: route({
    method: 'POST',
    path: `${reward}/reinstate`,
    summary: 'Put a withdrawn reward back',
    roles: company,
    body: bodyWithout(rewardStatusSchema, 'programId', 'id'),
    answer: rewardSchema,
    words: { id: 'rewardId' },
    key: 'optional',
    run: (call) => changedReward(call, (reward) => call.loyalty.rewards.reinstate(reward)),
  }),
  programOrders: route({
    method: 'GET',
    path: `${program}/orders`,
    summary: 'What each order of the program earned and was paid with, by card and order',
    roles: company,
    query: queryWithout(orderQuerySchema),
    answer: orderPageSchema,
    list: 'orders',
    run: (call) => call.loyalty.orders({ ...call.params, ...within(call) }, call.query),
  }),
  statistics: route({
    method: 'GET',
    path: '/admin/statistics',
    summary: 'Figures of a program or of a merchant; by day or by location where asked for',
    roles: company,
    query: queryWithout(statisticsQuerySchema),
    answer: statisticsSchema,
    etag: true,
    run: async (call) => {
      const { merchantId } = call;
      if (merchantId === undefined) return call.loyalty.statistics(call.query as StatisticsQuery);
      if (call.query.merchantId !== undefined && call.query.merchantId !== merchantId) return null;
      return call.loyalty.statistics({ ...call.query, merchantId });
    },
  }),
};

interface ChangingReward<Body> extends Claiming {
  merchantId: string | undefined;
  actor: string;
  params: { programId: string; rewardId: string };
  body: Body;
}

/** Changes a reward of a program, once under the request's key; null where the program is not reached. */
async function changedReward<Body extends object, Answer extends object>(
  call: ChangingReward<Body>,
  change: (reward: Body & { programId: string; id: string; actor: string }) => Promise<Answer>,
): Promise<(Answer & { replayed?: boolean }) | null> {
  const { programId, rewardId: id } = call.params;
  const own = await ownProgram(call, programId);
  return own && once(call, own.merchantId, () => change({ ...call.body, programId, id, actor: call.actor }));
}
