import { z } from 'zod';
import { invalid } from '../errors.ts';
import { amountSchema, toMinor } from '../money/amount.ts';
import { spreadInProportion } from '../money/spread-in-proportion.ts';
import { identifierSchema } from '../program/identifier.ts';
import { termsOf } from '../program/terms.ts';
import type { ProgramVersion } from '../program/version.ts';

const lineSchema = z.strictObject({
  id: identifierSchema.optional(),
  sku: identifierSchema.optional(),
  category: identifierSchema.optional(),
  quantity: z.number().int().min(1).max(1_000_000).default(1),
  unitPrice: amountSchema,
  discount: amountSchema.optional(),
});

/**
 * zod schema of an order: either `total` (all that the customer owes, after discounts, with shipping and tax) or `lines`
 * with `shipping`, `tax` and `discount` on top; with both, they must agree. `tax` is what is added to the prices: leave
 * it out where prices contain it. A line's `discount` is for the whole line; an order's is spread over the lines.
 */
export const orderSchema = z
  .strictObject({
    id: identifierSchema,
    total: amountSchema.optional(),
    lines: z.array(lineSchema).min(1).max(1000).optional(),
    shipping: amountSchema.optional(),
    tax: amountSchema.optional(),
    discount: amountSchema.optional(),
    category: identifierSchema.optional(),
    currency: z.string().length(3).optional(),
    paymentStatus: z.enum(['paid', 'pending', 'failed']).default('paid'),
  })
  .superRefine((order, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (order.total === undefined && order.lines === undefined) refuse('total', 'expected a total or lines');
    if (order.lines === undefined && order.discount !== undefined) {
      refuse('discount', 'a total is after discounts: give the discount with lines, or leave it out');
    }
  });

export type OrderInput = z.input<typeof orderSchema>;
export type Order = z.output<typeof orderSchema>;

/** A line with its share of every discount taken off; `net` is in minor units for all of `quantity`. */
export interface PricedLine {
  id: string;
  sku: string | null;
  quantity: number;
  net: number;
  /** False where the program excludes the line's category or SKU. */
  earns: boolean;
}

/** An order in minor units. A total-only order is one line with an empty id. */
export interface PricedOrder {
  payable: number;
  shipping: number;
  tax: number;
  lines: PricedLine[];
}

/**
 * The order in minor units by a version's currency and exclusions.
 *
 * @throws InvalidCommandError naming the field: another currency, too many digits, discounts above the prices, a total
 * that is not the sum of its parts, two lines with one id.
 */
export function priceOrder(order: Order, version: ProgramVersion): PricedOrder {
  const { currency } = version;
  if (order.currency !== undefined && order.currency !== currency) {
    throw invalid(['order', 'currency'], `the program's currency is ${currency}`, 'wrong_currency');
  }
  const minor = (field: 'total' | 'shipping' | 'tax' | 'discount') => {
    const amount = order[field];
    return amount === undefined ? 0 : toMinor(amount, currency, ['order', field]);
  };
  const shipping = minor('shipping');
  const tax = minor('tax');
  const total = minor('total');
  if (!order.lines) {
    const net = total - shipping - tax;
    if (net < 0) throw invalid(['order', 'total'], 'the total is less than its shipping and tax');
    const { category } = order;
    const earns = category === undefined || !termsOf(version).excludeCategories.has(category);
    return { payable: total, shipping, tax, lines: [{ id: '', sku: null, quantity: 1, net, earns }] };
  }
  const lines = priceLines(order, order.lines, minor('discount'), version);
  let payable = shipping + tax;
  for (const line of lines) payable += line.net;
  if (payable > Number.MAX_SAFE_INTEGER)
    throw invalid(['order', 'lines'], 'the amount is too large', 'too_big');
  if (order.total !== undefined && total !== payable) {
    throw invalid(
      ['order', 'total'],
      'the total is not lines + shipping + tax - discounts',
      'total_mismatch',
    );
  }
  return { payable, shipping, tax, lines };
}

function priceLines(
  order: Order,
  lines: NonNullable<Order['lines']>,
  discount: number,
  version: ProgramVersion,
): PricedLine[] {
  const terms = termsOf(version);
  const ids = new Set<string>();
  let goods = 0;
  const priced = lines.map((line, index): PricedLine => {
    const at = (field: string) => ['order', 'lines', index, field];
    const gross = toMinor(line.unitPrice, version.currency, at('unitPrice')) * line.quantity;
    if (gross > Number.MAX_SAFE_INTEGER) throw invalid(at('unitPrice'), 'the amount is too large', 'too_big');
    const off = line.discount === undefined ? 0 : toMinor(line.discount, version.currency, at('discount'));
    if (off > gross) throw invalid(at('discount'), 'the discount is more than the line');
    const id = line.id ?? `#${index + 1}`;
    if (ids.has(id)) throw invalid(at('id'), 'another line has this id');
    ids.add(id);
    goods += gross - off;
    const category = line.category ?? order.category;
    return {
      id,
      sku: line.sku ?? null,
      quantity: line.quantity,
      net: gross - off,
      earns:
        !(category !== undefined && terms.excludeCategories.has(category)) &&
        !(line.sku !== undefined && terms.excludeSkus.has(line.sku)),
    };
  });
  if (goods > Number.MAX_SAFE_INTEGER)
    throw invalid(['order', 'lines'], 'the amount is too large', 'too_big');
  if (discount > goods) throw invalid(['order', 'discount'], 'the discount is more than the lines');
  if (discount > 0) {
    const shares = spreadInProportion(
      discount,
      priced.map((line) => line.net),
    );
    for (const [index, line] of priced.entries()) line.net -= shares[index] ?? 0;
  }
  return priced;
}
