import { GatewayError, type PaymentOrder } from './payment-gateway.ts';

/**
 * Stops an order that no gateway could charge before anything is sent.
 *
 * @throws GatewayError REFUSED, which names the field.
 */
export function checkOrder({ orderId, amountMinor, currency }: PaymentOrder): void {
  checkName('orderId', orderId);
  checkAmount(amountMinor);
  if (!/^[A-Z]{3}$/.test(currency)) refuse('currency', 'expected three capitals, such as INR', currency);
}

/** @throws GatewayError REFUSED, which names the field. */
export function checkCard(card: string): void {
  checkName('card', card);
}

/** @throws GatewayError REFUSED, which names the field. */
export function checkRefund({ refundId, amountMinor }: { refundId: string; amountMinor: number }): void {
  checkName('refundId', refundId);
  checkAmount(amountMinor);
}

/** Names travel in headers and URLs, so they are plain characters; and short, because a gateway keeps only so much of a name. */
function checkName(field: string, value: unknown): void {
  if (typeof value === 'string' && /^[\x21-\x7e]{1,150}$/.test(value)) return;
  refuse(field, 'expected 1 to 150 plain characters without spaces', value);
}

function checkAmount(amountMinor: unknown): void {
  if (Number.isSafeInteger(amountMinor) && (amountMinor as number) > 0) return;
  refuse('amountMinor', 'expected whole minor units above zero', amountMinor);
}

function refuse(field: string, expected: string, value: unknown): never {
  throw new GatewayError('REFUSED', `${field}: ${expected}, not ${JSON.stringify(value)?.slice(0, 60)}`);
}
