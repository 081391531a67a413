import type Stripe from 'stripe';
import { GatewayError } from './payment-gateway.ts';

/** Under which name of a refund's metadata Stripe keeps the caller's. */
const refundIdKey = 'refund_id';

/**
 * Gives back money of a payment that was captured, once for one `refundId`. The key stops two who ask at the same time; Stripe's
 * books are asked besides, because they remember refunds for longer than Stripe remembers keys.
 *
 * @throws GatewayError REFUSED where the same `refundId` gave back another amount, or the bank did not take the money.
 */
export async function refundOnce(
  stripe: Stripe,
  paymentId: string,
  { refundId, amountMinor }: { refundId: string; amountMinor: number },
): Promise<void> {
  const refund =
    (await refundOf(stripe, paymentId, refundId)) ??
    (await stripe.refunds.create(
      { payment_intent: paymentId, amount: amountMinor, metadata: { [refundIdKey]: refundId } },
      { idempotencyKey: `${paymentId}:refund:${refundId}` },
    ));
  if (refund.amount !== amountMinor) {
    throw new GatewayError('REFUSED', `refundId: '${refundId}' gave back ${refund.amount}`);
  }
  if (refund.status === 'failed' || refund.status === 'canceled') {
    throw new GatewayError(
      'REFUSED',
      `Refund ${refund.id} is ${refund.status}: the money was not given back`,
    );
  }
}

async function refundOf(stripe: Stripe, paymentId: string, refundId: string): Promise<Stripe.Refund | null> {
  for await (const refund of stripe.refunds.list({ payment_intent: paymentId, limit: 100 })) {
    if (refund.metadata?.[refundIdKey] === refundId) return refund;
  }
  return null;
}
