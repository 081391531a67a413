import express, { type RequestHandler, type Response, type Router } from 'express';
import { requireUser, signedInUser } from '../accounts/require-user.ts';
import { idempotencyKeyOf } from '../orders/idempotency-key.ts';
import { type Order, viewOrder } from '../orders/order.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import { Problem, sendProblem } from '../server/problem.ts';
import { checkoutRequestSchema, quoteRequestSchema } from './checkout-request.ts';
import { orderPlacer, type Placed } from './place-order.ts';
import { quoteCart } from './quote-cart.ts';

/**
 * `POST /checkout/quote` and `POST /checkout/`, for signed-in users, behind a parser of JSON bodies. 201: bought. 202: the
 * customer must confirm the payment with their bank; the same request with the same key goes on. 402: the card was not charged,
 * the order has failed, and a new key tries again. 503: unknown as yet; the same request with the same key goes on. `limits`
 * stand before every payment that is tried.
 */
export function checkoutRoutes(services: ShopServices, limits: readonly RequestHandler[]): Router {
  const routes = express.Router();
  const placeOrder = orderPlacer(services);

  routes.post('/checkout/quote', requireUser, async (request, response) => {
    const quote = await quoteCart(
      services,
      signedInUser(response).id,
      quoteRequestSchema.parse(request.body),
    );
    response.set('Cache-Control', 'no-store').json(quote);
  });

  routes.post('/checkout', requireUser, ...limits, async (request, response) => {
    const idempotencyKey = idempotencyKeyOf(request);
    const purchase = { customerId: signedInUser(response).id, idempotencyKey };
    const placed = await placeOrder({ ...purchase, request: checkoutRequestSchema.parse(request.body) });
    answer(response, placed);
  });

  return routes;
}

function answer(response: Response, { order, action, replayed }: Placed): void {
  response.set('Cache-Control', 'no-store');
  if (replayed) response.set('Idempotent-Replayed', 'true');
  if (action) {
    response.status(202).json({ status: 'requires-action', orderId: order.id, action });
  } else if (order.failure) sendProblem(response, problemOf(order.failure));
  else response.status(201).location(`/orders/${order.id}`).json(viewOrder(order));
}

function problemOf({ status, code, detail, facts }: NonNullable<Order['failure']>): Problem {
  return new Problem(status, code, detail, facts);
}
