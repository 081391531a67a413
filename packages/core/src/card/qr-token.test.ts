import { expect, test } from 'vitest';
import { randomIds } from '../ports/ids.ts';
import { qrToken, qrTokenSchema } from './qr-token.ts';

test('a QR token is 24 random bytes as base64url', () => {
  for (let made = 0; made < 1000; made += 1) {
    const bytes = randomIds.bytes(24);
    const token = qrToken((count) => bytes.slice(0, count));
    expect(token).toBe(Buffer.from(bytes).toString('base64url'));
    expect(qrTokenSchema.parse(token)).toBe(token);
  }
});

test.each(['', 'x', 'A'.repeat(31), 'A'.repeat(33), `${'A'.repeat(31)}+`, `${'A'.repeat(31)}\n`])(
  'a QR token is not %j',
  (text) => {
    expect(qrTokenSchema.safeParse(text).success).toBe(false);
  },
);
