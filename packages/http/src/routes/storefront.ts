import {
  checkoutCompleteSchema,
  checkoutStartSchema,
  orderQuerySchema,
  quoteSchema,
  redeemRewardSchema,
  releaseSchema,
  rewardsQuerySchema,
  rotateQrSchema,
  statementQuerySchema,
  voucherQuerySchema,
} from '@loyalty-engine/core';
import { balanceSchema } from '../answers/balance.ts';
import { cardSchema } from '../answers/card.ts';
import {
  checkoutCompletedSchema,
  enrolledSchema,
  heldSchema,
  qrRotatedSchema,
  releasedSchema,
  voucherIssuedSchema,
} from '../answers/commands.ts';
import { statementSchema } from '../answers/entry.ts';
import { orderPageSchema } from '../answers/order.ts';
import { programListSchema, programVersionSchema } from '../answers/program.ts';
import { quoteAnswerSchema } from '../answers/quote.ts';
import { rewardPageSchema } from '../answers/reward.ts';
import { voucherPageSchema } from '../answers/voucher.ts';
import { bodyOf, cardCommandBody, queryWithout } from '../bodies.ts';
import type { Principal } from '../principal.ts';
import { route } from '../route.ts';
import { commanded, within } from './commanded.ts';
import { forShopper } from './for-shopper.ts';
import { ownProgram, programsWithin } from './own-program.ts';
import { viewProgram } from './view-program.ts';

const everybody = ['customer', 'service', 'merchant', 'admin'] as const;
/** A till shows the programs and the rewards too. */
const anybody = ['customer', 'store', 'service', 'merchant', 'admin'] as const;
/** Who states what an order costs: a shopper who could would earn what they like. */
const backends = ['service', 'merchant', 'admin'] as const;

/**
 * Does something for whose card it is: the path names the customer, and `me` is the customer who asks. Null where a customer
 * names somebody else, who is then not there, and for `me` where no customer asks.
 */
async function forMember<Given>(
  call: {
    principal: Principal;
    merchantId: string | undefined;
    params: { programId: string; customerId: string };
  },
  run: (member: { programId: string; customerId: string; merchantId?: string }) => Promise<Given>,
): Promise<Given | null> {
  const { principal, params } = call;
  const { programId } = params;
  const own = principal.role === 'customer' ? principal.customerId : null;
  const customerId = params.customerId === 'me' ? own : params.customerId;
  if (customerId === null || (own !== null && customerId !== own)) return null;
  return run({ programId, customerId, ...within(call) });
}

const customer = '/storefront/programs/{programId}/customers/{customerId}' as const;

/** What a shopper sees and does, and the shop's backend on their behalf. */
export const storefront = {
  programs: route({
    method: 'GET',
    path: '/storefront/programs',
    summary: 'The programs there are, by the rules in force now',
    roles: anybody,
    answer: programListSchema,
    list: 'programs',
    etag: true,
    run: async (call) => ({ programs: (await programsWithin(call)).map(viewProgram) }),
  }),
  program: route({
    method: 'GET',
    path: '/storefront/programs/{programId}',
    summary: 'A program, by the rules in force now',
    roles: anybody,
    answer: programVersionSchema,
    etag: true,
    run: async (call) => {
      const { programId } = call.params;
      const inForce = (await ownProgram(call, programId)) && (await call.loyalty.programs.get(programId));
      return inForce && viewProgram(inForce);
    },
  }),
  rewards: route({
    method: 'GET',
    path: '/storefront/programs/{programId}/rewards',
    summary: 'The rewards of the catalogue',
    roles: anybody,
    query: queryWithout(rewardsQuerySchema, 'status'),
    answer: rewardPageSchema,
    list: 'rewards',
    etag: true,
    run: async (call) =>
      (await ownProgram(call, call.params.programId)) &&
      call.loyalty.rewards.list(call.params.programId, { ...call.query, status: 'active' }),
  }),
  enroll: route({
    method: 'POST',
    path: `${customer}/card`,
    summary: 'Enrol the customer',
    description:
      'Enrolling again answers the same card, with `alreadyEnrolled`; the welcome bonus is given once.',
    roles: everybody,
    answer: enrolledSchema,
    key: 'optional',
    refuses: true,
    run: (call) =>
      forMember(call, (member) =>
        call.loyalty.cards.enroll({
          ...commanded({ ...call, body: {} }),
          ...member,
          self: call.principal.role === 'customer',
        }),
      ),
  }),
  card: route({
    method: 'GET',
    path: `${customer}/card`,
    summary: "The customer's card: number, QR token, points, stamps and counters",
    roles: everybody,
    answer: cardSchema,
    etag: true,
    run: (call) => forMember(call, (member) => call.loyalty.cards.get(member)),
  }),
  rotateQr: route({
    method: 'POST',
    path: `${customer}/card/rotate-qr`,
    summary: 'Give the card a new QR token; the old one finds nothing any more',
    roles: everybody,
    body: bodyOf(rotateQrSchema, 'reason'),
    answer: qrRotatedSchema,
    key: 'optional',
    refuses: true,
    run: (call) =>
      forMember(call, (member) => call.loyalty.cards.rotateQr({ ...commanded(call), ...member })),
  }),
  balance: route({
    method: 'GET',
    path: `${customer}/balance`,
    summary: "The customer's points now",
    roles: everybody,
    answer: balanceSchema,
    etag: true,
    run: (call) => forMember(call, (member) => call.loyalty.balance(member)),
  }),
  statement: route({
    method: 'GET',
    path: `${customer}/statement`,
    summary: 'Opening balance, entries with their explanations, closing balance',
    roles: everybody,
    query: queryWithout(statementQuerySchema),
    answer: statementSchema,
    list: 'entries',
    run: (call) =>
      forMember(call, async (member) => {
        const statement = await call.loyalty.statement(member, call.query);
        return call.principal.role === 'customer' ? forShopper(statement) : statement;
      }),
  }),
  orders: route({
    method: 'GET',
    path: `${customer}/orders`,
    summary: 'What each order earned and was paid with',
    roles: everybody,
    query: queryWithout(orderQuerySchema),
    answer: orderPageSchema,
    list: 'orders',
    run: (call) => forMember(call, (member) => call.loyalty.orders(member, call.query)),
  }),
  vouchers: route({
    method: 'GET',
    path: `${customer}/vouchers`,
    summary: "The customer's vouchers, newest first",
    roles: everybody,
    query: queryWithout(voucherQuerySchema),
    answer: voucherPageSchema,
    list: 'vouchers',
    run: (call) => forMember(call, (member) => call.loyalty.rewards.vouchers(member, call.query)),
  }),
  redeemReward: route({
    method: 'POST',
    path: `${customer}/vouchers`,
    summary: 'Redeem a reward of the catalogue: its voucher',
    roles: everybody,
    body: bodyOf(redeemRewardSchema, 'rewardId'),
    answer: voucherIssuedSchema,
    key: 'required',
    refuses: true,
    run: (call) =>
      forMember(call, (member) => call.loyalty.rewards.redeem({ ...commanded(call), ...member })),
  }),
  quote: route({
    method: 'POST',
    path: `${customer}/quote`,
    summary: 'What an order could be paid with and what it would earn',
    description: 'Nothing is reserved. Without `points` the most there can be is quoted.',
    roles: everybody,
    body: bodyOf(quoteSchema, 'order', 'points'),
    answer: quoteAnswerSchema,
    refuses: true,
    run: (call) => forMember(call, (member) => call.loyalty.quote({ ...call.body, ...member })),
  }),
  startCheckout: route({
    method: 'POST',
    path: `${customer}/checkouts`,
    summary: 'Reserve points for an order and say what is left to charge',
    description: "For the shop's backend, which knows what the order costs.",
    roles: backends,
    body: cardCommandBody(checkoutStartSchema),
    answer: heldSchema,
    key: 'required',
    refuses: true,
    run: (call) =>
      forMember(call, (member) => call.loyalty.checkout.start({ ...commanded(call), ...member })),
  }),
  completeCheckout: route({
    method: 'POST',
    path: `${customer}/checkouts/{holdId}/complete`,
    summary: 'Spend the reserved points and earn on the part paid in money',
    description: 'Call it once the money is there.',
    roles: backends,
    body: bodyOf(checkoutCompleteSchema, 'locationId', 'occurredAt', 'metadata'),
    answer: checkoutCompletedSchema,
    key: 'required',
    refuses: true,
    run: (call) =>
      forMember(call, (member) =>
        call.loyalty.checkout.complete({ ...commanded(call), ...member, holdId: call.params.holdId }),
      ),
  }),
  cancelCheckout: route({
    method: 'POST',
    path: `${customer}/checkouts/{holdId}/cancel`,
    summary: 'Give the reserved points back',
    roles: backends,
    body: bodyOf(releaseSchema, 'locationId', 'metadata'),
    answer: releasedSchema,
    key: 'required',
    refuses: true,
    run: (call) =>
      forMember(call, (member) =>
        call.loyalty.checkout.cancel({ ...commanded(call), ...member, holdId: call.params.holdId }),
      ),
  }),
};
