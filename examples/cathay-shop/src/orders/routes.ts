import express, { type Response, type Router } from 'express';
import { z } from 'zod';
import { requireUser, signedInUser } from '../accounts/require-user.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { listOrders } from './list-orders.ts';
import { rupees, viewOrder } from './order.ts';
import { refundsWhere, viewRefund } from './pay-refund.ts';
import { refundOrder, visibleOrder } from './refund-order.ts';
import { refundRequestSchema } from './refund-request.ts';
import type { ShopServices } from './shop-services.ts';

const listSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().min(1).max(200).optional(),
});

/** `GET /orders/`, `GET /orders/:id` and `POST /orders/:id/refund`: of one's own orders, for admins of any. */
export function orderRoutes(services: ShopServices): Router {
  const { database } = services;
  const routes = express.Router();

  routes.get('/orders', requireUser, async (request, response) => {
    const { orders, nextCursor } = await listOrders(
      database,
      signedInUser(response).id,
      listSchema.parse(request.query),
    );
    answer(response, {
      orders: orders.map((order) => ({ ...viewOrder(order), refunded: rupees(order.refundedMinor) })),
      nextCursor,
    });
  });

  routes.get('/orders/:id', requireUser, async (request, response) => {
    const order = await visibleOrder(services, signedInUser(response), idOf(request.params.id));
    const refunds =
      order.refundedMinor === 0
        ? []
        : await refundsWhere(database, 'order_id = ? ORDER BY created_at, id', [order.id]);
    answer(response, {
      ...viewOrder(order),
      failure: order.failure && { code: order.failure.code, detail: order.failure.detail },
      refunded: rupees(order.refundedMinor),
      refunds: refunds.map(viewRefund),
    });
  });

  routes.post('/orders/:id/refund', requireUser, async (request, response) => {
    const { refund, replayed } = await refundOrder(services, {
      user: signedInUser(response),
      orderId: idOf(request.params.id),
      idempotencyKey: idempotencyKeyOf(request),
      request: refundRequestSchema.parse(request.body),
    });
    if (replayed) response.set('Idempotent-Replayed', 'true');
    // Accepted, while the money is yet to go back.
    answer(response.status(refund.step === 'done' ? 201 : 202), viewRefund(refund));
  });

  return routes;
}

function answer(response: Response, body: object): void {
  response.set('Cache-Control', 'no-store').json(body);
}

/** A text with a NUL in it is no order, and PostgreSQL would not even look. */
function idOf(text: string | string[] | undefined): string {
  return String(text).replaceAll('\0', '').slice(0, 200);
}
