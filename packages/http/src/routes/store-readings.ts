import {
  checkPinSchema,
  orderQuerySchema,
  quoteSchema,
  statementQuerySchema,
  voucherQuerySchema,
} from '@loyalty-engine/core';
import { balanceSchema } from '../answers/balance.ts';
import { cardSchema } from '../answers/card.ts';
import { statementSchema } from '../answers/entry.ts';
import { orderPageSchema } from '../answers/order.ts';
import { quoteAnswerSchema } from '../answers/quote.ts';
import { pinAcceptedSchema } from '../answers/staff.ts';
import { voucherPageSchema, voucherSchema } from '../answers/voucher.ts';
import { bodyOf, bodyWithout, queryWithout } from '../bodies.ts';
import { route } from '../route.ts';
import { atCounter, type Naming, within } from './commanded.ts';

/** Who stands at a counter, and who may do the same from elsewhere. */
const counter = ['store', 'service', 'merchant', 'admin'] as const;

/** What is read at tills and terminals, and by the merchant's backend. */
export const storeReadings = {
  lookUp: route({
    method: 'POST',
    path: '/store/look-up',
    summary: 'Find a card by its number, its QR token, its customer or its id',
    description: 'A reading, by POST because a QR token belongs in no URL.',
    roles: counter,
    body: bodyOf(quoteSchema, 'programId', 'customerId', 'cardId', 'cardNumber', 'qrToken'),
    answer: cardSchema,
    run: (call) => call.loyalty.cards.get({ ...(call.body as Naming<typeof call.body>), ...within(call) }),
  }),
  card: route({
    method: 'GET',
    path: '/store/cards/{cardId}',
    summary: 'A card with its points, stamps and counters',
    roles: counter,
    answer: cardSchema,
    etag: true,
    run: (call) => call.loyalty.cards.get({ ...call.params, ...within(call) }),
  }),
  balance: route({
    method: 'GET',
    path: '/store/cards/{cardId}/balance',
    summary: "A card's points now",
    roles: counter,
    answer: balanceSchema,
    etag: true,
    run: (call) => call.loyalty.balance({ ...call.params, ...within(call) }),
  }),
  statement: route({
    method: 'GET',
    path: '/store/cards/{cardId}/statement',
    summary: 'Opening balance, entries with their explanations, closing balance',
    roles: counter,
    query: queryWithout(statementQuerySchema),
    answer: statementSchema,
    list: 'entries',
    run: (call) => call.loyalty.statement({ ...call.params, ...within(call) }, call.query),
  }),
  orders: route({
    method: 'GET',
    path: '/store/cards/{cardId}/orders',
    summary: 'What each order of the card earned and was paid with',
    roles: counter,
    query: queryWithout(orderQuerySchema),
    answer: orderPageSchema,
    list: 'orders',
    run: (call) => call.loyalty.orders({ ...call.params, ...within(call) }, call.query),
  }),
  vouchers: route({
    method: 'GET',
    path: '/store/cards/{cardId}/vouchers',
    summary: "The card's vouchers, newest first",
    roles: counter,
    query: queryWithout(voucherQuerySchema),
    answer: voucherPageSchema,
    list: 'vouchers',
    run: (call) => call.loyalty.rewards.vouchers({ ...call.params, ...within(call) }, call.query),
  }),
  voucher: route({
    method: 'GET',
    path: '/store/vouchers/{code}',
    summary: 'A voucher by its code, and whether it is still good',
    roles: counter,
    answer: voucherSchema,
    run: (call) => call.loyalty.rewards.voucher({ ...call.params, ...within(call) }),
  }),
  quote: route({
    method: 'POST',
    path: '/store/quote',
    summary: 'What an order could be paid with and what it would earn',
    description: 'Nothing is reserved. Without `points` the most there can be is quoted.',
    roles: counter,
    body: bodyWithout(quoteSchema),
    answer: quoteAnswerSchema,
    refuses: true,
    run: async (call) => {
      const query = atCounter({ ...call, idempotencyKey: undefined });
      if (!query) return null;
      const { actor: _actor, idempotencyKey: _key, ...asked } = query;
      return call.loyalty.quote(asked);
    },
  }),
  checkPin: route({
    method: 'POST',
    path: '/store/check-pin',
    summary: "Whether it is the staff member's PIN",
    description: 'Each try is counted: too many wrong ones lock the staff member and the terminal.',
    roles: ['store', 'merchant'],
    body: bodyWithout(checkPinSchema),
    answer: pinAcceptedSchema,
    refuses: true,
    run: async (call) => {
      const attempt = atCounter({ ...call, idempotencyKey: undefined });
      if (!attempt || attempt.merchantId === undefined) return null;
      const { staffId, pin, terminalId, locationId, merchantId } = attempt;
      const check = await call.loyalty.staff.checkPin({ staffId, pin, terminalId, locationId, merchantId });
      if (!check.ok) return check;
      return { staffId: check.staffId, name: check.name, role: check.role };
    },
  }),
};
