import { fromMinor, minorDigits, type OrderInput } from '@loyalty-engine/core';
import fc from 'fast-check';
import { amountIn, categories, skus } from './random-program.ts';

type Content = Omit<OrderInput, 'id'>;

function orderOfTotal(currency: string): fc.Arbitrary<Content> {
  return fc
    .record(
      { total: amountIn(currency, 0, 900), category: fc.constantFrom(...categories) },
      { requiredKeys: ['total'] },
    )
    .map((order) => ({ ...order }));
}

function orderOfLines(currency: string): fc.Arbitrary<Content> {
  const most = 300 * 10 ** minorDigits(currency);
  const line = fc.record(
    {
      quantity: fc.integer({ min: 1, max: 4 }),
      unitMinor: fc.integer({ min: 0, max: most }),
      discountShare: fc.integer({ min: 0, max: 100 }),
      sku: fc.constantFrom(...skus),
      category: fc.constantFrom(...categories),
    },
    { requiredKeys: ['quantity', 'unitMinor'] },
  );
  const share = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
  const extra = fc.option(amountIn(currency, 0, 40), { nil: undefined });
  return fc
    .record({ lines: fc.array(line, { minLength: 1, maxLength: 4 }), share, shipping: extra, tax: extra })
    .map(({ lines, share: off, shipping, tax }): Content => {
      let goods = 0;
      const written = lines.map(({ unitMinor, discountShare, ...rest }, index) => {
        const gross = unitMinor * rest.quantity;
        const discount = Math.floor((gross * (discountShare ?? 0)) / 100);
        goods += gross - discount;
        return {
          ...rest,
          id: `line-${index + 1}`,
          unitPrice: fromMinor(unitMinor, currency),
          ...(discount === 0 ? {} : { discount: fromMinor(discount, currency) }),
        };
      });
      const discount = Math.floor((goods * (off ?? 0)) / 100);
      return {
        lines: written,
        ...(discount === 0 ? {} : { discount: fromMinor(discount, currency) }),
        ...(shipping === undefined ? {} : { shipping }),
        ...(tax === undefined ? {} : { tax }),
      };
    });
}

/** What an order is about: a total, or lines with discounts, shipping and tax. */
export function randomOrder(currency: string): fc.Arbitrary<Content> {
  return fc.oneof(orderOfTotal(currency), orderOfLines(currency));
}
