import type { Order } from '../orders/order.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import type { Payment } from '../payments/payment-gateway.ts';

/** Writes down the payment of an order that waits for its customer's bank, which is found by its name from then on. */
export async function notePayment(
  { database }: Pick<ShopServices, 'database'>,
  order: Order,
  { paymentId }: Payment,
): Promise<Order> {
  if (order.paymentId === paymentId) return order;
  await database.run("UPDATE orders SET payment_id = ? WHERE id = ? AND step = 'placing'", [
    paymentId,
    order.id,
  ]);
  return { ...order, paymentId };
}
