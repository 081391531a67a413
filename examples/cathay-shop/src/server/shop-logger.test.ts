import { expect, test } from 'vitest';
import { shopLogger, withoutSecrets } from './shop-logger.ts';

test('an address is logged without what opens a card', () => {
  const token = 'k3Jx_9aQ-LmZ0pVt7RbWc2Yd5Ef8Gh1N';
  expect(token).toHaveLength(32);
  expect(withoutSecrets(`/loyalty/store/cards/qr/${token}/stamps`)).toBe(
    '/loyalty/store/cards/qr/[secret]/stamps',
  );
  expect(withoutSecrets(`/x?qrToken=${token}&page=2`)).toBe('/x?qrToken=[secret]&page=2');
  expect(withoutSecrets('/x?pin=482913')).toBe('/x?pin=[secret]');
  expect(withoutSecrets('/cards/4071-8830-2915')).toBe('/cards/[secret]');
  expect(withoutSecrets('/vouchers/7K2M-9QXT-4HVB?x=1')).toBe('/vouchers/[secret]?x=1');
  expect(withoutSecrets('/products/CS-000007?page=2')).toBe('/products/CS-000007?page=2');
  expect(withoutSecrets('/orders/0198c2a4-77aa-7cc1-9d2e-1f2a3b4c5d6e')).toBe(
    '/orders/0198c2a4-77aa-7cc1-9d2e-1f2a3b4c5d6e',
  );
});

test('a secret that somebody logs by its name is hidden', () => {
  const lines: string[] = [];
  const logger = shopLogger({ logLevel: 'info' }, { write: (line: string) => void lines.push(line) });
  const secrets = { password: 'hush', pin: 'hush', qrToken: 'hush', cookie: 'hush', authorization: 'hush' };
  const headers = { cookie: 'hush', authorization: 'hush', 'set-cookie': 'hush', 'idempotency-key': 'hush' };
  logger.info({ ...secrets, body: secrets, headers, req: { headers } }, 'seen');
  expect(lines.join('')).toContain('seen');
  expect(lines.join('')).not.toContain('hush');
});
