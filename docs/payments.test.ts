import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testCards } from '../examples/cathay-shop/src/payments/test-cards.ts';
import { readPage, root } from './check/read-page.ts';

const { lines } = readPage('docs/payments.md');
const text = lines.join('\n');
const shop = (file: string) => readFileSync(join(root, 'examples/cathay-shop/src', file), 'utf8');

it('the page has every card of the simulator', () => {
  const rows = testCards.map(
    ({ token, happens, stripe }) => `| \`${token}\` | ${happens} | ${stripe ? 'yes |' : '|'}`,
  );
  expect(rows.filter((row) => !lines.includes(row))).toEqual([]);
  expect(lines.filter((line) => line.startsWith('| `pm_card_'))).toHaveLength(testCards.length);
});

it('the page has every code that a checkout or a refund of the shop is refused with', () => {
  const files = [
    'checkout/place-order',
    'checkout/price-cart',
    'checkout/walk-order',
    'checkout/amount-changed',
    'checkout/waiting-orders',
    'checkout/take-payment',
  ];
  const more = ['checkout/reconcile', 'checkout/move-stock', 'orders/refund-order', 'orders/idempotency-key'];
  const found = [...files, ...more].flatMap((file) => [
    ...shop(`${file}.ts`).matchAll(/(?:Problem\(\s*4\d\d,\s*|Problem\(\s*503,\s*|code: )'([A-Z_]+)'/g),
  ]);
  const codes = [...new Set(found.map(([, code = '']) => code))];
  expect(codes.length).toBeGreaterThan(10);
  // Those of a request that is not right are told by themselves.
  const plain = ['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_INVALID', 'ORDER_NOT_FOUND'];
  expect(codes.filter((code) => !plain.includes(code) && !text.includes(`\`${code}\``))).toEqual([]);
});

it('the page has every event that the webhook looks at, and every function of the port', () => {
  const events = [...shop('payments/stripe-webhook.ts').matchAll(/^ {2}'([\w.]+)',$/gm)].map(
    ([, name]) => name,
  );
  expect(events.length).toBeGreaterThan(4);
  expect(events.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  const port =
    shop('payments/payment-gateway.ts').split('interface PaymentGateway')[1]?.split('\n}')[0] ?? '';
  const functions = [...port.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name);
  const told = lines.flatMap((line) => /^\| `(\w+)` \| /.exec(line)?.[1] ?? []);
  expect(told.filter((name) => functions.includes(name))).toEqual(functions);
});

it('the page has the times of the source', () => {
  expect(shop('checkout/checkout-times.ts')).toContain('mostActionMinutes = 30');
  expect(shop('checkout/checkout-times.ts')).toContain('mostActionMinutes + 15');
  expect(text).toMatch(/for 45 minutes[\s\S]*After 30 minutes/);
  expect(shop('checkout/start-reconciler.ts')).toContain('everyMs = 15_000');
  expect(shop('checkout/reconcile.ts')).toMatch(/olderThanMs = 60_000,\s+limit = 50/);
  expect(text).toMatch(/every 15 seconds[\s\S]*up to 50 orders[\s\S]*for a minute/);
  expect(shop('orders/refund-order.ts')).toContain('returnDays = 14');
  expect(text).toContain('for 14 days');
});
