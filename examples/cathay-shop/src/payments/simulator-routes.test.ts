import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSimulator } from './simulator.ts';
import { simulatorRoutes } from './simulator-routes.ts';

const asking = { orderId: 'o1', amountMinor: 245_000, currency: 'INR', card: 'pm_card_threeDSecureRequired' };

async function served() {
  const simulator = openSimulator({ file: ':memory:' });
  const told: string[] = [];
  const onPayment = async (orderId: string) => void told.push(orderId);
  const server = express().use(simulatorRoutes(simulator, { onPayment })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await simulator.close();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const get = (path: string) => fetch(base + path);
  const post = (path: string, body: string) =>
    fetch(base + path, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      redirect: 'manual',
    });
  const ask = async (order = asking) => {
    const { action } = await simulator.authorise(order);
    return action && 'url' in action ? action.url : '';
  };
  return { simulator, told, get, post, ask };
}

describe('simulatorRoutes', () => {
  it('asks the customer on a page without scripts', async () => {
    const { get, ask } = await served();
    const answer = await get(await ask());
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/]+=*'; form-action 'self'; /);
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('<h1>Confirm your payment</h1>');
    expect(html).toContain('₹2,450.00');
    expect(html).toContain('<button class="approve" name="answer" value="approve">Approve</button>');
    expect(html).not.toMatch(/<script| on[a-z]+=| style=/);
  });

  it.each([
    ['approve', 'authorised', 'Payment approved'],
    ['decline', 'declined', 'Payment declined'],
  ])('takes the answer %s', async (answer, status, title) => {
    const { simulator, told, get, post, ask } = await served();
    const url = await ask();
    const answered = await post(url, `answer=${answer}`);
    expect(told).toEqual([asking.orderId]);
    expect([answered.status, answered.headers.get('location')]).toEqual([303, url]);
    expect((await simulator.find(asking))?.status).toBe(status);
    const html = await (await get(url)).text();
    expect(html).toContain(`<h1>${title}</h1>`);
    expect(html).not.toContain('<form');
  });

  it('changes nothing with a second answer', async () => {
    const { simulator, post, ask } = await served();
    const url = await ask();
    await post(url, 'answer=decline');
    expect((await post(url, 'answer=approve')).status).toBe(303);
    expect((await simulator.find(asking))?.status).toBe('declined');
  });

  it.each(['', 'answer=', 'answer=yes', 'answer=approve&answer=decline', 'approve=true'])(
    'refuses the body %j and asks on',
    async (body) => {
      const { simulator, post, ask } = await served();
      expect((await post(await ask(), body)).status).toBe(400);
      expect((await simulator.find(asking))?.status).toBe('requires-action');
    },
  );

  it('knows no other payment', async () => {
    const { get, post } = await served();
    expect((await get('/payments/simulator/sim_1')).status).toBe(404);
    expect((await post('/payments/simulator/sim_1', 'answer=approve')).status).toBe(404);
  });

  it('shows the name of an order as text, whatever is in it', async () => {
    const { get, ask } = await served();
    const html = await (await get(await ask({ ...asking, orderId: '<script>"&' }))).text();
    expect(html).toContain('for order &lt;script&gt;&quot;&amp;.');
  });

  it.each([
    [5, 'INR', '₹0.05'],
    [123_456_789, 'INR', '₹12,34,567.89'],
    [9_007_199_254_740_991, 'INR', '₹9,00,71,99,25,47,409.91'],
    [500, 'JPY', 'JP¥500'],
    [1_234, 'KWD', 'KWD\u00a01.234'],
  ])('shows %i of %s as %s', async (amountMinor, currency, shown) => {
    const { get, ask } = await served();
    expect(await (await get(await ask({ ...asking, amountMinor, currency }))).text()).toContain(shown);
  });
});
