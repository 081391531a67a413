import { Router, raw } from 'express';
import Stripe from 'stripe';
import { Problem } from '../server/problem.ts';
import type { StripeGateway } from './stripe.ts';
import { orderIdKey } from './stripe-payment.ts';

export interface StripeWebhookOptions {
  gateway: StripeGateway;
  /**
   * Told that something happened to the order's payment, perhaps more than once. It should only wake somebody who then asks
   * the gateway: what the event says may be old. Where it fails, Stripe sends the event again.
   */
  onPayment(orderId: string): void | Promise<void>;
}

/** The kinds of event that can change what becomes of an order. */
const kinds = new Set([
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'payment_intent.payment_failed',
  'payment_intent.requires_action',
  'payment_intent.succeeded',
  'charge.refunded',
]);

/**
 * POST /webhooks/stripe: what Stripe tells by itself, such as that a customer has confirmed a payment. The signature is over the
 * bytes of the body, so this must stand before anything that parses bodies. 400 INVALID_SIGNATURE for what Stripe did not sign in
 * the last five minutes; every other event is answered 200, known or not.
 */
export function stripeWebhook({ gateway, onPayment }: StripeWebhookOptions): Router {
  const router = Router();
  router.post('/webhooks/stripe', raw({ type: () => true, limit: '1mb' }), async (request, response) => {
    const event = signedEvent(gateway, request.body, request.get('stripe-signature'));
    const orderId = kinds.has(event.type) ? orderOf(event) : null;
    if (orderId) await onPayment(orderId);
    response.json({ received: true });
  });
  return router;
}

function signedEvent(gateway: StripeGateway, body: unknown, signature = ''): Stripe.Event {
  if (body !== undefined && !Buffer.isBuffer(body)) {
    throw new Error('stripeWebhook got a parsed body: put it before express.json()');
  }
  try {
    return gateway.event(body ?? Buffer.alloc(0), signature);
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
    throw new Problem(400, 'INVALID_SIGNATURE', 'This is not signed by Stripe, or too old.');
  }
}

/** An intent and its charge both carry the order; payments of the account that are not the shop's carry none. */
function orderOf({ data: { object } }: Stripe.Event): string | null {
  return 'metadata' in object ? (object.metadata?.[orderIdKey] ?? null) : null;
}
