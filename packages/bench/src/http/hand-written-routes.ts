import { createHash, timingSafeEqual } from 'node:crypto';
import { toMinor } from '@loyalty-engine/core';
import express, { type RequestHandler, type Router } from 'express';
import { requireUser, userOf } from '../../../../examples/cathay-shop/src/accounts/require-user.ts';
import { checkoutRequestSchema } from '../../../../examples/cathay-shop/src/checkout/checkout-request.ts';
import { idempotencyKeyOf } from '../../../../examples/cathay-shop/src/orders/idempotency-key.ts';
import { currency } from '../../../../examples/cathay-shop/src/program.ts';
import { Problem } from '../../../../examples/cathay-shop/src/server/problem.ts';
import { checkOutByHand, type HandWrittenServices } from './hand-written-checkout.ts';
import { earnByHand } from './hand-written-earn.ts';

/**
 * What a team that keeps points in a balance column would write with Knex, behind the same middleware as the shop's routes:
 * `POST /checkout` for signed-in customers, `POST /earn` for tills with a key. Points do not expire, and nothing explains them.
 */
export function handWrittenRoutes({
  serviceKey,
  ...services
}: HandWrittenServices & { serviceKey: string }): Router {
  const routes = express.Router();

  routes.post('/checkout', requireUser, async (request, response) => {
    const customerId = userOf(response.locals)?.id ?? '';
    const idempotencyKey = idempotencyKeyOf(request);
    const purchase = { customerId, idempotencyKey, request: checkoutRequestSchema.parse(request.body) };
    response
      .status(201)
      .set('Cache-Control', 'no-store')
      .json(await checkOutByHand(services, purchase));
  });

  routes.post('/earn', requireKey(serviceKey), async (request, response) => {
    const idempotencyKey = idempotencyKeyOf(request);
    const { customerId, order } = saleIn(request.body);
    const sale = {
      customerId,
      orderId: order.id,
      totalMinor: toMinor(order.total, currency, ['order', 'total']),
      idempotencyKey,
    };
    response.set('Cache-Control', 'no-store').json(await earnByHand(services.database, sale));
  });

  return routes;
}

function requireKey(serviceKey: string): RequestHandler {
  const expected = digest(serviceKey);
  return (request, _response, next) => {
    const given = digest(/^Bearer +(\S+)$/i.exec(request.get('Authorization') ?? '')?.[1] ?? '');
    if (timingSafeEqual(expected, given)) next();
    else next(new Problem(401, 'UNAUTHENTICATED', 'Send the key of a till.'));
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

interface Sale {
  customerId: string;
  order: { id: string; total: string };
}

/** @throws Problem 400 where the body is no sale. */
function saleIn(body: unknown): Sale {
  const { customerId, order } = (body ?? {}) as Partial<Sale>;
  const isText = (value: unknown) => typeof value === 'string' && /^[\x21-\x7e]{1,255}$/.test(value);
  if (!isText(customerId) || !isText(order?.id) || !/^\d{1,9}\.\d\d$/.test(order?.total ?? ''))
    throw new Problem(400, 'INVALID_REQUEST', 'Expected customerId and order with id and total.');
  return { customerId, order } as Sale;
}
