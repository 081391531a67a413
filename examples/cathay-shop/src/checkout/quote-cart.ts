import { loyaltyOrderOf, rupees } from '../orders/order.ts';
import { problemOfRefusal } from '../orders/problem-of-refusal.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import { memberOf } from '../program.ts';
import type { QuoteRequest } from './checkout-request.ts';
import { priceCart } from './price-cart.ts';

/**
 * What a cart costs, how many points it can be paid with and which limit sets that, what is left to pay and what that earns.
 * Nothing is written.
 *
 * @throws Problem 409 where the cart cannot be bought, or not with that many points.
 */
export async function quoteCart(
  { database }: Pick<ShopServices, 'database'>,
  customerId: string,
  { items: cart, points }: QuoteRequest,
) {
  const { items, totalMinor } = await priceCart(database, cart);
  const quote = await database.loyalty.quote({
    ...memberOf(customerId),
    order: loyaltyOrderOf({ id: 'quote', items }),
    points,
  });
  if (!quote.ok) throw problemOfRefusal(quote);
  return {
    total: rupees(totalMinor),
    pointsAvailable: quote.available,
    mostPoints: quote.maxPoints,
    limitedBy: quote.limitedBy,
    points: quote.points,
    pointsValue: quote.value,
    amountDue: quote.amountDue,
    willEarn: quote.willEarn,
  };
}
