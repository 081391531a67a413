import { expect, test } from 'vitest';
import { randomIds } from '../ports/ids.ts';
import { voucherCode, voucherCodeSchema } from './voucher-code.ts';

test('a voucher code is 12 characters without look-alikes, in three groups', () => {
  for (let made = 0; made < 1000; made += 1) {
    const code = voucherCode(randomIds.bytes);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    expect(voucherCodeSchema.parse(code)).toBe(code);
  }
});

test.each(['7K2M-9QXT-0H1B', '7k2m-9qxt-0h1b', '7K2M9QXT0H1B', ' 7k2m 9qxt ohib ', '7K2M-9QXT-OHLB'])(
  'the code 7K2M-9QXT-0H1B can be written %j',
  (text) => {
    expect(voucherCodeSchema.parse(text)).toBe('7K2M-9QXT-0H1B');
  },
);

test.each(['', '7K2M-9QXT', '7K2M-9QXT-0H1BX', '7K2M-9QXT-0HUB', '7K2M--9QXT-0H1B', '7K2M-9QXT-0H1é'])(
  'a voucher code is not %j',
  (text) => {
    expect(voucherCodeSchema.safeParse(text).success).toBe(false);
  },
);
