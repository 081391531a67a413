import type { Flows, Statistics } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';

const pointFlows = {
  issued: z.int().describe('Earned on orders, awarded, and given as a welcome.'),
  redeemed: z.int().describe('Spent on orders and on rewards.'),
  expired: z.int().describe('Written off because they had ended.'),
  adjusted: z.int().describe('Given less taken by hand.'),
  reversed: z
    .int()
    .describe('Given back less taken back, by refunds, reversals, cancelled earnings and voided rewards.'),
};
const stampFlows = {
  issued: z.int(),
  voided: z.int(),
  redeemed: z.int().describe('Taken for rewards, less those that came back with a voided reward.'),
  expired: z.int(),
};
const rewardFlows = {
  redeemed: z.int(),
  voided: z.int(),
  used: z.int().describe('Vouchers handed out against.'),
};
const flowsShape = {
  points: z.object(pointFlows),
  stamps: z.object(stampFlows),
  rewards: z.object(rewardFlows),
};

const dayFlowsSchema = answer<{ day: string } & Flows>()(
  z
    .object({ day: z.string().meta({ format: 'date' }), ...flowsShape })
    .meta({ id: 'DayFlows', description: 'What was written on a day.' }),
);
const locationFlowsSchema = answer<{ locationId: string | null } & Flows>()(
  z
    .object({ locationId: z.string().nullable().describe('Null: at no location.'), ...flowsShape })
    .meta({ id: 'LocationFlows', description: 'What was written at a location.' }),
);

export const statisticsSchema = answer<Statistics>()(
  z
    .object({
      cards: z.object({
        total: z.int(),
        active: z.int().describe('Neither deactivated nor merged into another one.'),
        activeWithin: z
          .object({ days: z.int(), cards: z.int() })
          .describe('Used by their customers in the last days, each of 24 hours.'),
      }),
      points: z.object({
        ...pointFlows,
        outstanding: z
          .int()
          .describe(
            'Points on cards now, those that wait or are held included; those that have ended are not.',
          ),
        debt: z.int().describe('Owed by customers after refunds.'),
      }),
      stamps: z.object({
        ...stampFlows,
        outstanding: z
          .int()
          .describe('Stamps on cards now; those that have ended are in it until the expiry job has run.'),
      }),
      rewards: z.object(rewardFlows),
      days: z
        .array(dayFlowsSchema)
        .optional()
        .describe('`by=day`: the days on which there was anything, in order.'),
      locations: z
        .array(locationFlowsSchema)
        .optional()
        .describe('`by=location`: by id; null, which comes first, is at no location.'),
    })
    .meta({
      id: 'Statistics',
      description:
        'The figures of a program or a merchant: flows of the period asked for, and what there is now.',
    }),
);
