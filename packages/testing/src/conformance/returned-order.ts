import { type Loyalty, unwrap } from '@loyalty-engine/core';
import { member } from './shop.ts';

/** An order of 648.97 rupees with lines, a discount and shipping. */
export const order = {
  id: 'A',
  lines: [
    { id: 'tea', sku: 'sku-tea', quantity: 3, unitPrice: '99.99' },
    { id: 'mug', sku: 'sku-mug', quantity: 1, unitPrice: '333.33', discount: '33.33' },
  ],
  shipping: '49.00',
};

/** Buys the order, partly with points. */
export async function buy(loyalty: Loyalty, points: number): Promise<void> {
  if (points > 0) unwrap(await loyalty.redeem({ ...member, order, points }));
  unwrap(await loyalty.earn({ ...member, order }));
}
