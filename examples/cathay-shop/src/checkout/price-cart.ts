import type { Queries } from '../database/shop-database.ts';
import type { OrderItem } from '../orders/order.ts';
import { Problem } from '../server/problem.ts';
import type { CartItem } from './checkout-request.ts';

/** A cart at the prices of now. */
export interface PricedCart {
  items: OrderItem[];
  totalMinor: number;
}

interface ProductRow {
  id: string;
  sku: string;
  name: string;
  category: string;
  price_minor: number;
  stock: number;
}

/**
 * Prices a cart from the shop's own products, whatever the client believes they cost. Nothing is reserved: the stock is taken
 * when the order is committed.
 *
 * @throws Problem 409 PRODUCT_NOT_FOUND, OUT_OF_STOCK.
 */
export async function priceCart(
  database: Pick<Queries, 'all'>,
  cart: readonly CartItem[],
): Promise<PricedCart> {
  const places = cart.map(() => '?').join(', ');
  const rows = await database.all<ProductRow>(
    `SELECT id, sku, name, category, price_minor, stock FROM products WHERE id IN (${places})`,
    cart.map(({ productId }) => productId),
  );
  const products = new Map(rows.map((row) => [row.id, row]));
  let totalMinor = 0;
  const items = cart.map(({ productId, quantity }): OrderItem => {
    const product = products.get(productId);
    if (!product)
      throw new Problem(409, 'PRODUCT_NOT_FOUND', `There is no product ${productId}.`, { productId });
    if (product.stock < quantity) throw outOfStock(product, quantity);
    const { sku, name, category, price_minor: unitPriceMinor } = product;
    totalMinor += unitPriceMinor * quantity;
    return { productId, sku, name, category, quantity, unitPriceMinor };
  });
  return { items, totalMinor };
}

function outOfStock({ id, name, stock }: ProductRow, requested: number): Problem {
  const detail = stock === 0 ? `"${name}" is sold out.` : `Only ${stock} of "${name}" are left.`;
  return new Problem(409, 'OUT_OF_STOCK', detail, { productId: id, requested, left: stock });
}
