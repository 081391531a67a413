import type Stripe from 'stripe';
import { GatewayError, type Payment, type PaymentStatus } from './payment-gateway.ts';

/** Under which name of an intent's metadata Stripe keeps the order. */
export const orderIdKey = 'order_id';

/**
 * A PaymentIntent in the words of the port; null where no card was tried on it. Money that was given back is only seen where
 * the intent came with its `latest_charge` expanded.
 *
 * @throws GatewayError UNAVAILABLE while Stripe has not decided.
 */
export function paymentOf(intent: Stripe.PaymentIntent): Payment | null {
  const status = statusOf(intent);
  if (!status) return null;
  return {
    orderId: intent.metadata[orderIdKey] ?? '',
    amountMinor: intent.amount,
    currency: intent.currency.toUpperCase(),
    paymentId: intent.id,
    status,
    declineCode: status === 'declined' ? declineCodeOf(intent) : null,
    action:
      status === 'requires-action' && intent.client_secret ? { clientSecret: intent.client_secret } : null,
    refundedMinor: refundedOf(intent),
  };
}

function statusOf(intent: Stripe.PaymentIntent): PaymentStatus | null {
  switch (intent.status) {
    case 'requires_payment_method':
    case 'requires_confirmation':
      return intent.last_payment_error ? 'declined' : null;
    case 'requires_action':
      return 'requires-action';
    case 'requires_capture':
      return 'authorised';
    case 'canceled':
      return 'voided';
    case 'succeeded':
      return takenStatusOf(intent);
    default:
      throw new GatewayError('UNAVAILABLE', `Payment ${intent.id} is ${intent.status}: ask again`);
  }
}

function takenStatusOf(intent: Stripe.PaymentIntent): PaymentStatus {
  const refunded = refundedOf(intent);
  if (refunded === 0) return 'captured';
  return refunded === intent.amount ? 'refunded' : 'partly-refunded';
}

function refundedOf({ latest_charge: charge }: Stripe.PaymentIntent): number {
  return charge && typeof charge === 'object' ? charge.amount_refunded : 0;
}

/** Stripe's words that say less than others of its own, or the same as others in more. */
const plainerCodes: Record<string, string> = {
  generic_decline: 'card_declined',
  payment_intent_authentication_failure: 'authentication_failed',
};

function declineCodeOf({ last_payment_error: error }: Stripe.PaymentIntent): string {
  const code = error?.decline_code ?? error?.code ?? 'card_declined';
  return plainerCodes[code] ?? code;
}
