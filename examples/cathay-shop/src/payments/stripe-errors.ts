import Stripe from 'stripe';
import { GatewayError } from './payment-gateway.ts';

/** The intent is in a state in which the call makes no sense: often, because somebody else made the same call before. */
export function isUnexpectedState(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === 'payment_intent_unexpected_state'
  );
}

/** Stripe finds the request itself wrong, such as an amount that is too large: it had no effect, and never will. */
export function isRefusedRequest(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode === 400;
}

/** Stripe knows no such PaymentMethod. */
export function isUnknownCard(error: unknown): boolean {
  return (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.code === 'resource_missing' &&
    error.param === 'payment_method'
  );
}

/**
 * A Stripe error in the words of the port; every other error as it is. REFUSED is what stays refused: a request that Stripe finds
 * wrong, a key used again for something else. All else may be otherwise the next time, wrong API keys too, and nobody should give
 * up an order for it. Stripe's own error ends here: it holds whole intents, with the secrets that a customer's page needs.
 */
export function gatewayErrorOf(error: unknown): unknown {
  const { errors } = Stripe;
  if (!(error instanceof errors.StripeError)) return error;
  if (error instanceof errors.StripeConnectionError) return connectionError(error);
  if (error instanceof errors.StripeAuthenticationError || error instanceof errors.StripePermissionError) {
    // Stripe's message repeats parts of the key.
    return new GatewayError('UNAVAILABLE', `Stripe does not accept the secret key (${error.statusCode})`);
  }
  // The same call is under way somewhere else: what will come of it is not known yet.
  const isUnderWay = error.statusCode === 409;
  const refused =
    !isUnderWay &&
    (error instanceof errors.StripeInvalidRequestError ||
      error instanceof errors.StripeIdempotencyError ||
      error instanceof errors.StripeCardError);
  const request = error.requestId ? ` (${error.requestId})` : '';
  return new GatewayError(refused ? 'REFUSED' : 'UNAVAILABLE', `Stripe: ${error.message}${request}`);
}

function connectionError({ message, detail }: Stripe.errors.StripeConnectionError): GatewayError {
  const code = detail instanceof Error && 'code' in detail ? String(detail.code) : 'no answer';
  return new GatewayError(code === 'ETIMEDOUT' ? 'TIMEOUT' : 'UNAVAILABLE', `Stripe: ${message} (${code})`);
}
