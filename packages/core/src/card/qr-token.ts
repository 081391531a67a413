import { z } from 'zod';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const tokenBytes = 24;

/** A new QR token: 192 random bits as 32 characters of base64url. `bytes` gives random bytes. */
export function qrToken(bytes: (count: number) => Uint8Array): string {
  const random = bytes(tokenBytes);
  let token = '';
  for (let place = 0; place < tokenBytes; place += 3) {
    const [first = 0, second = 0, third = 0] = random.subarray(place, place + 3);
    const bits = (first << 16) | (second << 8) | third;
    for (const shift of [18, 12, 6, 0]) token += alphabet[(bits >> shift) & 63];
  }
  return token;
}

/** zod schema of a QR token: 32 characters of base64url. */
export const qrTokenSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{32}$/, { message: 'expected a QR token of 32 characters' });
