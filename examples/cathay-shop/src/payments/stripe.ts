import { createHash } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Stripe from 'stripe';
import { checkCard, checkOrder, checkRefund } from './check-payment.ts';
import { GatewayError, type Payment, type PaymentGateway, type PaymentOrder } from './payment-gateway.ts';
import { gatewayErrorOf, isRefusedRequest, isUnexpectedState, isUnknownCard } from './stripe-errors.ts';
import { orderIdKey, paymentOf } from './stripe-payment.ts';
import { refundOnce } from './stripe-refund.ts';

export interface StripeOptions {
  secretKey: string;
  webhookSecret: string;
  /** Default: `https://api.stripe.com`. */
  apiBase?: string;
  /** How long one request may take, in milliseconds; one that fails is sent once more. Default: 8,000. */
  timeoutMs?: number;
}

export interface StripeGateway extends PaymentGateway {
  /**
   * The event that Stripe sent, once its signature was verified on the bytes as they came.
   *
   * @throws Stripe.errors.StripeSignatureVerificationError where it is missing, wrong or older than five minutes.
   */
  event(body: Buffer, signature: string): Stripe.Event;
}

/**
 * Opens Stripe: a PaymentIntent an order, reserved when the card is tried and taken by `capture`.
 *
 * An order finds its intent again without anything stored here: it is created unconfirmed, under an idempotency key made of the
 * order, so that the same creation answers the same intent. Stripe keeps such keys for 24 hours; `find` with a `paymentId`
 * does not need them. An intent can be taken and cancelled once only, so those calls need no key of ours: a key would repeat an
 * old refusal after the intent has moved on.
 *
 * @example
 * const gateway = openStripe({ secretKey: process.env.STRIPE_SECRET_KEY, webhookSecret: process.env.STRIPE_WEBHOOK_SECRET })
 * await gateway.capture(await gateway.authorise({ orderId: 'o1', amountMinor: 245000, currency: 'INR', card: 'pm_card_visa' }))
 */
export function openStripe(options: StripeOptions): StripeGateway {
  const { webhookSecret } = options;
  const { stripe, agent } = connect(options);

  return {
    name: 'stripe',

    authorise: (order) =>
      answering(async () => {
        checkOrder(order);
        checkCard(order.card);
        const intent = await intentOfOrder(stripe, order);
        return paymentOf(intent) ?? confirm(stripe, intent, order);
      }),

    find: (order) =>
      answering(async () => {
        checkOrder(order);
        const intent = await intentIfAny(stripe, order);
        return intent && paymentOf(intent);
      }),

    capture: ({ paymentId }) =>
      answering(async () => {
        const intent = await currentAfter(stripe, paymentId, () =>
          stripe.paymentIntents.capture(paymentId, withCharge),
        );
        if (intent.status === 'succeeded') return known(intent);
        throw refused('captured', intent);
      }),

    void: (order) =>
      answering(async () => {
        checkOrder(order);
        const paymentId = order.paymentId ?? (await intentIfAny(stripe, order))?.id;
        if (paymentId === undefined) return null;
        const intent = await currentAfter(stripe, paymentId, () => stripe.paymentIntents.cancel(paymentId));
        if (intent.status === 'canceled') return known(intent);
        throw refused('voided', intent);
      }),

    refund: ({ paymentId }, refund) =>
      answering(async () => {
        checkRefund(refund);
        const intent = await retrieve(stripe, paymentId);
        if (intent.status !== 'succeeded') throw refused('refunded', intent);
        await refundOnce(stripe, paymentId, refund);
        return known(await retrieve(stripe, paymentId));
      }),

    event: (body, signature) => stripe.webhooks.constructEvent(body, signature, webhookSecret),
    close: async () => agent.destroy(),
  };
}

const withCharge = { expand: ['latest_charge'] };

function connect({ secretKey, apiBase = 'https://api.stripe.com', timeoutMs = 8_000 }: StripeOptions) {
  const { protocol, hostname, port } = new URL(apiBase);
  const secure = protocol === 'https:';
  const agent = secure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const stripe = new Stripe(secretKey, {
    host: hostname,
    port: port || (secure ? 443 : 80),
    protocol: secure ? 'https' : 'http',
    httpAgent: agent,
    timeout: timeoutMs,
    maxNetworkRetries: 1,
    telemetry: false,
  });
  return { stripe, agent };
}

async function answering<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw gatewayErrorOf(error);
  }
}

/** The order's intent as it is now, made where there is none yet. The parameters are the order's alone: a key allows no others. */
async function intentOfOrder(
  stripe: Stripe,
  { orderId, amountMinor, currency }: PaymentOrder,
): Promise<Stripe.PaymentIntent> {
  const intent = await stripe.paymentIntents.create(
    {
      amount: amountMinor,
      currency: currency.toLowerCase(),
      capture_method: 'manual',
      allowed_payment_method_types: ['card'],
      metadata: { [orderIdKey]: orderId },
    },
    { idempotencyKey: `${orderId}:create` },
  );
  return current(stripe, intent);
}

/**
 * The same, of an intent that may be known by name; null where Stripe takes no such order, for its amount or the like. There is
 * no other way to find an intent by its order at once: where there is none, an empty one is made.
 */
async function intentIfAny(
  stripe: Stripe,
  { paymentId, ...order }: PaymentOrder & { paymentId?: string },
): Promise<Stripe.PaymentIntent | null> {
  if (paymentId) return retrieve(stripe, paymentId);
  try {
    return await intentOfOrder(stripe, order);
  } catch (error) {
    if (isRefusedRequest(error)) return null;
    throw error;
  }
}

async function confirm(
  stripe: Stripe,
  { id }: Stripe.PaymentIntent,
  order: PaymentOrder & { card: string },
): Promise<Payment> {
  const { orderId, amountMinor, currency, card } = order;
  // A token may be longer than a key.
  const cardKey = createHash('sha256').update(card).digest('base64url');
  try {
    const intent = await stripe.paymentIntents.confirm(
      id,
      { payment_method: card },
      { idempotencyKey: `${orderId}:confirm:${cardKey}` },
    );
    return known(await current(stripe, intent));
  } catch (error) {
    if (isUnknownCard(error)) {
      const declined = { status: 'declined', declineCode: 'invalid_card', action: null } as const;
      return { paymentId: id, orderId, amountMinor, currency, ...declined, refundedMinor: 0 };
    }
    // Declined, or another call was faster: what the intent is now says which.
    if (error instanceof Stripe.errors.StripeCardError || isUnexpectedState(error)) {
      return known(await retrieve(stripe, id));
    }
    throw error;
  }
}

/** The intent after a call that works once: where it worked before, as it is now. */
async function currentAfter(
  stripe: Stripe,
  paymentId: string,
  call: () => Promise<Stripe.Response<Stripe.PaymentIntent>>,
): Promise<Stripe.PaymentIntent> {
  try {
    return await current(stripe, await call());
  } catch (error) {
    if (!isUnexpectedState(error)) throw error;
    return retrieve(stripe, paymentId);
  }
}

/** A replayed answer tells how the intent was at the time; this tells how it is. */
async function current(
  stripe: Stripe,
  intent: Stripe.Response<Stripe.PaymentIntent>,
): Promise<Stripe.PaymentIntent> {
  const replayed = intent.lastResponse.headers['idempotent-replayed'] === 'true';
  return replayed ? retrieve(stripe, intent.id) : intent;
}

function retrieve(stripe: Stripe, paymentId: string): Promise<Stripe.PaymentIntent> {
  return stripe.paymentIntents.retrieve(paymentId, withCharge);
}

/** The payment of an intent on which a card was tried. */
function known(intent: Stripe.PaymentIntent): Payment {
  const payment = paymentOf(intent);
  if (payment) return payment;
  throw new GatewayError('UNAVAILABLE', `Payment ${intent.id} is ${intent.status}: ask again`);
}

function refused(what: string, { id, status }: Stripe.PaymentIntent): GatewayError {
  return new GatewayError('REFUSED', `Payment ${id} (${status}) cannot be ${what}`);
}
