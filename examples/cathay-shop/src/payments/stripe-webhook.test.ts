import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import Stripe from 'stripe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { problemHandler } from '../server/problem.ts';
import { openStripe } from './stripe.ts';
import { stripeWebhook } from './stripe-webhook.ts';

const webhookSecret = 'whsec_local';

interface Sent {
  payload: string;
  signature?: string | undefined;
}

async function served({ onPayment }: { onPayment?: (orderId: string) => void | Promise<void> } = {}) {
  const gateway = openStripe({ secretKey: 'sk_test_local', webhookSecret, apiBase: 'http://127.0.0.1:9' });
  const orders: string[] = [];
  const app = express();
  app.use(stripeWebhook({ gateway, onPayment: onPayment ?? ((orderId) => void orders.push(orderId)) }));
  app.use(express.json(), problemHandler);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await gateway.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/stripe`;
  const send = ({ payload, signature }: Sent) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        ...(signature && { 'stripe-signature': signature }),
      },
      body: payload,
    });
  return { orders, send };
}

function payloadOf(type: string, object: object): string {
  return JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object } }, null, 2);
}

function signed(payload: string, { secret = webhookSecret, ageSeconds = 0 } = {}): Sent {
  const timestamp = Math.floor(Date.now() / 1000) - ageSeconds;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return { payload, signature };
}

const confirmed = payloadOf('payment_intent.amount_capturable_updated', {
  id: 'pi_1',
  metadata: { order_id: 'o1' },
});

describe('stripeWebhook', () => {
  it('says to look at the order of a signed event', async () => {
    const { orders, send } = await served();
    const answer = await send(signed(confirmed));
    expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
    expect(orders).toEqual(['o1']);
  });

  it('says so again when the same event comes twice: whoever looks decides', async () => {
    const { orders, send } = await served();
    expect((await send(signed(confirmed))).status).toBe(200);
    expect((await send(signed(confirmed))).status).toBe(200);
    expect(orders).toEqual(['o1', 'o1']);
  });

  it.each([
    ['without a signature', { payload: confirmed }],
    ['with an empty body', { payload: '', signature: signed(confirmed).signature }],
    ['with another secret', signed(confirmed, { secret: 'whsec_other' })],
    ['ten minutes old', signed(confirmed, { ageSeconds: 600 })],
    ['tampered with', { ...signed(confirmed), payload: confirmed.replace('o1', 'o2') }],
    ['with one blank more', { ...signed(confirmed), payload: `${confirmed} ` }],
    ['with nonsense for a signature', { payload: confirmed, signature: 't=1,v1=zz' }],
  ])('refuses an event %s', async (_, sent) => {
    const { orders, send } = await served();
    const answer = await send(sent);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'INVALID_SIGNATURE' });
    expect(orders).toEqual([]);
  });

  it.each([
    ['of a kind that changes no order', payloadOf('customer.created', { metadata: { order_id: 'o1' } })],
    ['of a payment that is not the shop’s', payloadOf('payment_intent.succeeded', { metadata: {} })],
    ['without metadata', payloadOf('payment_intent.succeeded', {})],
  ])('leaves alone an event %s', async (_, payload) => {
    const { orders, send } = await served();
    expect((await send(signed(payload))).status).toBe(200);
    expect(orders).toEqual([]);
  });

  it('knows the order of a refund by its charge', async () => {
    const { orders, send } = await served();
    await send(signed(payloadOf('charge.refunded', { id: 'ch_1', metadata: { order_id: 'o7' } })));
    expect(orders).toEqual(['o7']);
  });

  it('answers 500 where nobody could look, so that Stripe sends the event again', async () => {
    const { send } = await served({ onPayment: () => Promise.reject(new Error('database is away')) });
    expect((await send(signed(confirmed))).status).toBe(500);
  });
});
