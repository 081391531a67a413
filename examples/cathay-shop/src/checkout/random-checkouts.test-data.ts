import type { SignedInUser } from '../accounts/signed-in-user.ts';
import { refundOrder } from '../orders/refund-order.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import { GatewayError } from '../payments/payment-gateway.ts';
import { Problem } from '../server/problem.ts';
import { checkoutRequestSchema } from './checkout-request.ts';
import type { orderPlacer } from './place-order.ts';
import { withAmountDue } from './with-amount-due.test-data.ts';

/** The customers that all runs share: so few that their orders meet. */
export const customers = Array.from({ length: 12 }, (_, number) => `shopper-${number}`);

const cards = [
  'pm_card_visa',
  'pm_card_mastercard',
  'pm_card_chargeDeclined',
  'pm_card_timeoutAfter',
  'pm_card_timeoutBefore',
  'pm_card_captureFails',
  'pm_card_captureTimesOutOnce',
];

/** One customer's wish, the same whenever it is made from its number. */
export function purchaseNumbered(round: number, number: number) {
  const draw = (sides: number, salt: number) => {
    const mixed = Math.imul((round + 1) * 7919 + number * 104_729 + salt * 15_485_863, 2_654_435_761) >>> 8;
    return mixed % sides;
  };
  const request = checkoutRequestSchema.parse(
    withAmountDue({
      items: [
        { productId: 'CS-000001', quantity: 1 + draw(3, 1) },
        ...(draw(2, 2) === 0 ? [{ productId: 'CS-000002', quantity: 1 + draw(2, 3) }] : []),
      ],
      points: [0, 30, 250, 499][draw(4, 4)],
      card: cards[draw(3, 5) === 0 ? draw(cards.length, 6) : 0],
    }),
  );
  const customerId = customers[draw(customers.length, 7)] ?? '';
  const refunds = [null, null, '100.5', undefined][draw(4, 8)];
  return { purchase: { customerId, idempotencyKey: `${round}-${number}`, request }, refunds };
}

/** Makes a wish come true, as far as it does; gives the order's id where it was bought. */
export async function shop(
  services: ShopServices,
  placeOrder: ReturnType<typeof orderPlacer>,
  { purchase, refunds }: ReturnType<typeof purchaseNumbered>,
): Promise<string | null> {
  try {
    const { order } = await placeOrder(purchase);
    if (order.paymentStatus !== 'paid') return null;
    const user: SignedInUser = { id: purchase.customerId, email: '', name: '', role: 'customer' };
    const request = { amount: refunds ?? undefined, reason: 'Random' };
    if (refunds !== null && order.step === 'done')
      await refundOrder(services, { user, orderId: order.id, idempotencyKey: 'back', request });
    return order.id;
  } catch (error) {
    // Refused, or unknown as yet: the reconciler's business.
    if (error instanceof Problem || error instanceof GatewayError) return null;
    throw error;
  }
}
