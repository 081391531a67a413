import {
  adjustSchema,
  anonymiseSchema,
  cardQuerySchema,
  cardStatusSchema,
  entryQuerySchema,
  expireOptionsSchema,
  type MergeInput,
  mergeSchema,
  type Verification,
} from '@loyalty-engine/core';
import { cardPageSchema } from '../answers/card.ts';
import {
  adjustedSchema,
  anonymisedSchema,
  cardStatusSchema as cardStatusAnswer,
  mergedSchema,
} from '../answers/commands.ts';
import { entryPageSchema } from '../answers/entry.ts';
import { expiryRunSchema } from '../answers/expiry-run.ts';
import { verificationSchema } from '../answers/verification.ts';
import { bodyWithout, cardCommandBody, queryWithout } from '../bodies.ts';
import { route } from '../route.ts';
import { commanded, within } from './commanded.ts';

const company = ['merchant', 'admin'] as const;
const platform = ['admin'] as const;

const card = '/admin/cards/{cardId}' as const;

/** Cards and what happens on them, as those who answer for them see it. */
export const adminCards = {
  cards: route({
    method: 'GET',
    path: '/admin/cards',
    summary: 'Cards by id: of a program, of a merchant, or all',
    roles: company,
    query: queryWithout(cardQuerySchema),
    answer: cardPageSchema,
    list: 'cards',
    run: async (call) => {
      const query = chosen(call);
      return query && call.loyalty.cards.list(query);
    },
  }),
  entries: route({
    method: 'GET',
    path: '/admin/entries',
    summary: 'Ledger entries across cards, newest first',
    roles: company,
    query: queryWithout(entryQuerySchema),
    answer: entryPageSchema,
    list: 'entries',
    run: async (call) => {
      const query = chosen(call);
      return query && call.loyalty.entries(query);
    },
  }),
  adjust: route({
    method: 'POST',
    path: `${card}/adjust`,
    summary: 'Give or take points by hand, with a reason',
    roles: company,
    body: cardCommandBody(adjustSchema),
    answer: adjustedSchema,
    key: 'required',
    refuses: true,
    run: (call) => call.loyalty.adjust({ ...commanded(call), ...call.params }),
  }),
  deactivate: route({
    method: 'POST',
    path: `${card}/deactivate`,
    summary: 'From now on the card earns and spends nothing; what it has stays',
    roles: company,
    body: cardCommandBody(cardStatusSchema),
    answer: cardStatusAnswer,
    key: 'optional',
    refuses: true,
    run: (call) => call.loyalty.cards.deactivate({ ...commanded(call), ...call.params }),
  }),
  reactivate: route({
    method: 'POST',
    path: `${card}/reactivate`,
    summary: 'The card earns and spends again',
    roles: company,
    body: cardCommandBody(cardStatusSchema),
    answer: cardStatusAnswer,
    key: 'optional',
    refuses: true,
    run: (call) => call.loyalty.cards.reactivate({ ...commanded(call), ...call.params }),
  }),
  anonymise: route({
    method: 'POST',
    path: `${card}/anonymise`,
    summary: "Forget who the card's customer is; history and totals stay",
    roles: company,
    body: cardCommandBody(anonymiseSchema),
    answer: anonymisedSchema,
    key: 'optional',
    refuses: true,
    run: (call) => call.loyalty.cards.anonymise({ ...commanded(call), ...call.params }),
  }),
  merge: route({
    method: 'POST',
    path: `${card}/merge`,
    summary: 'Move everything of the card to another one of the customer',
    roles: company,
    body: bodyWithout(mergeSchema, 'from'),
    answer: mergedSchema,
    words: { from: '' },
    key: 'required',
    refuses: true,
    run: (call) => call.loyalty.cards.merge({ ...commanded(call), from: call.params } as MergeInput),
  }),
  verifyCard: route({
    method: 'GET',
    path: `${card}/verification`,
    summary: "Replay the card's entries against what is stored",
    roles: company,
    answer: verificationSchema,
    run: async (call) => verificationOf(await call.loyalty.verify({ ...call.params, ...within(call) })),
  }),
  expirePoints: route({
    method: 'POST',
    path: '/admin/jobs/expire-points',
    summary: 'Write the expiry of points that have ended',
    description: 'Being late never makes dead points spendable, and two runs at once are safe.',
    roles: platform,
    body: bodyWithout(expireOptionsSchema, 'signal'),
    answer: expiryRunSchema,
    run: (call) => call.loyalty.jobs.expirePoints(call.body),
  }),
  verify: route({
    method: 'POST',
    path: '/admin/jobs/verify',
    summary: 'Replay all entries of all cards against what is stored',
    description: 'It reads the whole ledger: minutes, where that is long.',
    roles: platform,
    answer: verificationSchema,
    run: async (call) => verificationOf(await call.loyalty.verify()),
  }),
};

/** A query about cards, confined to what the principal reaches; null where it asks for another merchant's. */
function chosen<Query extends { merchantId?: string | undefined }>(call: {
  merchantId: string | undefined;
  query: Query;
}): Query | null {
  if (call.merchantId === undefined) return call.query;
  const { merchantId = call.merchantId } = call.query;
  return merchantId === call.merchantId ? { ...call.query, merchantId } : null;
}

function verificationOf({ ok, ...found }: Verification) {
  return { consistent: ok, ...found };
}
