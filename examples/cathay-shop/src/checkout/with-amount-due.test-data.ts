import { rupees } from '../orders/order.ts';
import { testProducts } from './open-test-database.test-data.ts';

interface Cart {
  items: readonly { productId: string; quantity: number }[];
  points?: number | undefined;
}

/** A cart of test products with what is due for it, as a quote would say: the customer agrees to that. */
export function withAmountDue<Body extends Cart>(cart: Body): Body & { amountDue: string } {
  const prices: Record<string, { priceMinor: number } | undefined> = testProducts;
  const total = cart.items.reduce(
    (sum, { productId, quantity }) => sum + (prices[productId]?.priceMinor ?? 0) * quantity,
    0,
  );
  const due = Math.max(0, Math.round(total - (cart.points ?? 0) * 100));
  return { amountDue: rupees(due), ...cart };
}
