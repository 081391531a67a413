import { inspect } from 'node:util';
import Stripe from 'stripe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { paymentGatewaySuite } from './payment-gateway.suite.ts';
import { openStripe, type StripeGateway } from './stripe.ts';
import { type StripeServer, secretKey, startStripeServer } from './stripe-server.test-data.ts';

const order = { orderId: 'o1', amountMinor: 245_000, currency: 'INR' };
const visa = { ...order, card: 'pm_card_visa' };

async function started(): Promise<StripeServer> {
  const server = await startStripeServer();
  onTestFinished(() => server.close());
  return server;
}

function opened({ apiBase }: { apiBase: string }, key = secretKey): StripeGateway {
  const gateway = openStripe({ secretKey: key, webhookSecret: 'whsec_local', apiBase, timeoutMs: 400 });
  onTestFinished(() => gateway.close());
  return gateway;
}

describe('openStripe', () => {
  paymentGatewaySuite(async () => {
    const server = await started();
    const { ledger, confirmAction } = server;
    return { gateway: opened(server), another: () => opened(server), ledger, confirmAction };
  });

  it('pays an order with three requests, each write under a key', async () => {
    const server = await started();
    const gateway = opened(server);
    const { paymentId } = await gateway.capture(await gateway.authorise(visa));
    expect(server.requests).toEqual([
      'POST /v1/payment_intents',
      `POST /v1/payment_intents/${paymentId}/confirm`,
      `POST /v1/payment_intents/${paymentId}/capture`,
    ]);
    expect(server.keys.every((key) => key.length > 8)).toBe(true);
    expect(new Set(server.keys).size).toBe(3);
  });

  it('speaks the version of the API that the package was made for', () => {
    // Another version may name fields differently: read its changes before this is moved on, and in the local server first.
    expect(Stripe.API_VERSION).toBe('2026-10-28.endive');
  });

  it("hands the customer's page what it needs to confirm", async () => {
    const gateway = opened(await started());
    const payment = await gateway.authorise({ ...order, card: 'pm_card_threeDSecureRequired' });
    expect(payment.action).toEqual({ clientSecret: `${payment.paymentId}_secret_local` });
  });

  it('a capture that came too early does not spoil the later one', async () => {
    const server = await started();
    const gateway = opened(server);
    const payment = await gateway.authorise({ ...order, card: 'pm_card_threeDSecureRequired' });
    await expect(gateway.capture(payment)).rejects.toMatchObject({ code: 'REFUSED' });
    server.confirmAction(payment.paymentId, true);
    expect((await gateway.capture(payment)).status).toBe('captured');
  });

  it('after a day, when Stripe has forgotten its keys, finds by name and neither takes nor gives back twice', async () => {
    const server = await started();
    const gateway = opened(server);
    const payment = await gateway.capture(await gateway.authorise(visa));
    const refund = { refundId: 'r1', amountMinor: 45_000 };
    await gateway.refund(payment, refund);
    server.forgetKeys();
    const now = { status: 'partly-refunded', refundedMinor: 45_000 };
    expect(await gateway.find({ ...order, paymentId: payment.paymentId })).toMatchObject(now);
    expect(await gateway.capture(payment)).toMatchObject(now);
    expect(await gateway.refund(payment, refund)).toMatchObject(now);
    expect(server.ledger()).toMatchObject([{ captured: 245_000, refunded: 45_000, netCharged: 200_000 }]);
  });

  it('asks for no refund of what was only reserved, which Stripe might read as a wish to free it', async () => {
    const server = await started();
    const gateway = opened(server);
    const payment = await gateway.authorise(visa);
    const refund = { refundId: 'r1', amountMinor: 1 };
    await expect(gateway.refund(payment, refund)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(server.requests).not.toContain('POST /v1/refunds');
  });

  it('tells of a refund that the bank sent back', async () => {
    const server = await started();
    const gateway = opened(server);
    const payment = await gateway.capture(await gateway.authorise(visa));
    const refund = { refundId: 'r1', amountMinor: 45_000 };
    await gateway.refund(payment, refund);
    server.failRefunds();
    await expect(gateway.refund(payment, refund)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(await gateway.find(order)).toMatchObject({ status: 'captured', refundedMinor: 0 });
  });

  it('tries a declined card once', async () => {
    const server = await started();
    const gateway = opened(server);
    const declined = { ...order, card: 'pm_card_chargeDeclined' };
    await gateway.authorise(declined);
    expect((await gateway.authorise(declined)).status).toBe('declined');
    expect(server.keys.filter((key) => key.startsWith('o1:confirm:'))).toHaveLength(1);
  });

  it('an order for which Stripe makes no intent has no payment, and none to end', async () => {
    const server = await started();
    const gateway = opened(server);
    const error = { type: 'invalid_request_error', code: 'amount_too_large', message: 'Too much.' };
    server.breakWith({ status: 400, body: { error } });
    await expect(gateway.authorise(visa)).rejects.toMatchObject({ code: 'REFUSED' });
    expect([await gateway.find(order), await gateway.void(order)]).toEqual([null, null]);
  });

  it('a call that is under way somewhere else is UNAVAILABLE, never a refusal', async () => {
    const server = await started();
    const error = { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'In use.' };
    server.breakWith({ status: 409, body: { error } });
    await expect(opened(server).authorise(visa)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([
    [500, 'UNAVAILABLE'],
    [503, 'UNAVAILABLE'],
    [429, 'UNAVAILABLE'],
    [409, 'UNAVAILABLE'],
    [403, 'UNAVAILABLE'],
    [400, 'REFUSED'],
    [404, 'REFUSED'],
  ])('answer %i of Stripe is %s', async (status, code) => {
    const server = await started();
    const gateway = opened(server);
    const payment = await gateway.authorise(visa);
    server.breakWith({ status, body: { error: { type: 'api_error', message: 'No.' } } });
    for (const call of [gateway.authorise(visa), gateway.find(payment), gateway.capture(payment)]) {
      await expect(call).rejects.toMatchObject({ name: 'GatewayError', code });
    }
    server.breakWith(null);
    expect((await gateway.capture(payment)).status).toBe('captured');
  });

  it('is UNAVAILABLE where nobody listens, and where the answer is no JSON', async () => {
    const server = await started();
    const gateway = opened({ apiBase: 'http://127.0.0.1:9' });
    await expect(gateway.authorise(visa)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const proxied = opened({ apiBase: `${server.apiBase}/` });
    server.breakWith({ status: 502 });
    await expect(proxied.authorise(visa)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('is UNAVAILABLE while Stripe has not decided', async () => {
    const server = await started();
    const gateway = opened(server);
    const { paymentId } = await gateway.authorise(visa);
    const body = { object: 'payment_intent', id: paymentId, status: 'processing' };
    server.breakWith({ status: 200, body });
    await expect(gateway.find({ ...order, paymentId })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('a wrong key is UNAVAILABLE, and no error holds a key or a customer secret', async () => {
    const server = await started();
    const wrong = await opened(server, 'sk_test_wrong_key')
      .authorise(visa)
      .catch((error: unknown) => error);
    expect(wrong).toMatchObject({ code: 'UNAVAILABLE' });
    const gateway = opened(server);
    const payment = await gateway.authorise({ ...order, card: 'pm_card_captureFails' });
    const refused = await gateway.capture(payment).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'REFUSED' });
    const told = inspect([wrong, refused], { depth: null, showHidden: true });
    expect(told).not.toMatch(/sk_test|whsec|_secret_local/);
  });
});
