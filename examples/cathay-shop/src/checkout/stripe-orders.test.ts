import { afterAll, beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { openStripe } from '../payments/stripe.ts';
import { type StripeServer, secretKey, startStripeServer } from '../payments/stripe-server.test-data.ts';
import { openTestShop, type TestShop } from './open-test-shop.test-data.ts';
import { reconcile, reconcileOne } from './reconcile.ts';

const cart = { items: [{ productId: 'CS-000001', quantity: 1 }], points: 30 };
let server: StripeServer;
let shop: TestShop;
beforeAll(async () => {
  server = await startStripeServer();
  const { apiBase } = server;
  const gateway = openStripe({ secretKey, webhookSecret: 'whsec_local', apiBase, timeoutMs: 400 });
  shop = await openTestShop('sqlite', inject('postgresUrl'), () => gateway);
});
afterAll(async () => {
  await shop.close();
  await server.close();
});

const intentsOf = (orderId: string) => server.ledger().filter((line) => line.orderId === orderId);

it('a refund after Stripe forgot its keys goes to the payment that was charged', async () => {
  const customer = await shop.customer(100);
  const { body } = await customer.buy({ ...cart, card: 'pm_card_visa' });
  server.forgetKeys();
  const refund = await customer.post(`/orders/${body.id}/refund`, { reason: 'Late' }, 'r');
  expect([refund.status, refund.body.moneyBack]).toEqual([201, '470.00']);
  expect(intentsOf(body.id)).toMatchObject([{ captured: 47_000, refunded: 47_000 }]);
});

it('an order that waits for the bank is found by its payment, also once Stripe forgot its keys', async () => {
  const customer = await shop.customer(100);
  const { body } = await customer.buy({ ...cart, card: 'pm_card_threeDSecureRequired' });
  server.forgetKeys();
  server.confirmAction(body.action.clientSecret.split('_secret')[0], true);
  await reconcileOne(shop, body.orderId);
  expect(intentsOf(body.orderId)).toMatchObject([{ captured: 47_000 }]);
  expect(await shop.orders(customer.id)).toMatchObject([{ step: 'done' }]);
});

it('after the bank said no, no other card can be tried on the payment', async () => {
  const customer = await shop.customer(100);
  const { body } = await customer.buy({ ...cart, card: 'pm_card_threeDSecureRequired' });
  const paymentId = body.action.clientSecret.split('_secret')[0];
  server.confirmAction(paymentId, false);
  await reconcileOne(shop, body.orderId);
  expect(await shop.orders(customer.id)).toMatchObject([{ step: 'cancelled' }]);
  // As the customer's page could, with the client secret.
  const confirm = await fetch(`${server.apiBase}/v1/payment_intents/${paymentId}/confirm`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${secretKey}`, 'Idempotency-Key': 'page' },
    body: new URLSearchParams({ payment_method: 'pm_card_visa' }),
  });
  expect(confirm.status).toBe(400);
  expect(intentsOf(body.orderId)).toMatchObject([{ authorised: 0 }]);
  expect(await customer.available()).toBe(100);
});

it('an order that Stripe takes no payment of is over at once', async () => {
  const customer = await shop.customer(100);
  const error = { type: 'invalid_request_error', code: 'amount_too_large', message: 'Too much.' };
  server.breakWith({ status: 400, body: { error } });
  onTestFinished(() => server.breakWith(null));
  const refused = await customer.buy({ ...cart, card: 'pm_card_visa' });
  expect([refused.status, refused.body.code]).toEqual([402, 'PAYMENT_REFUSED']);
  expect(await shop.orders(customer.id)).toMatchObject([{ step: 'cancelled' }]);
  expect(await reconcile({ ...shop, olderThanMs: -1 })).toEqual({ finished: 0, waiting: 0, failed: [] });
});
