import type { Card } from './card-state.ts';

/**
 * How a store finds a card: by its id, by its member, or by a name. Names are of all cards together: its number, the first
 * half of its QR token (the second is compared in constant time), and the codes of its vouchers.
 */
export type CardKey =
  | { cardId: string; programId?: undefined; customerId?: undefined; name?: undefined }
  | { programId: string; customerId: string; cardId?: undefined; name?: undefined }
  | { name: string; cardId?: undefined; programId?: undefined; customerId?: undefined };

export function nameOfNumber(number: string): string {
  return `number:${number}`;
}

/** By the first half of the token alone: what the second half is cannot be told from how long a look-up takes. */
export function nameOfQrToken(token: string): string {
  return `qr:${token.slice(0, 16)}`;
}

export function nameOfVoucher(code: string): string {
  return `voucher:${code}`;
}

/** The names that a card has by itself. */
export function ownNames({ number, qrToken }: Pick<Card, 'number' | 'qrToken'>): string[] {
  return number === '' ? [] : [nameOfNumber(number), nameOfQrToken(qrToken)];
}
