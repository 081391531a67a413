import { describe, expect, test } from 'vitest';
import { parseInput } from '../commands/command.ts';
import type { InvalidCommandError } from '../errors.ts';
import { milesVersion } from '../fixtures.test-data.ts';
import { type OrderInput, orderSchema, priceOrder } from './order.ts';

const price = (parts: Omit<OrderInput, 'id'>, version = milesVersion()) =>
  priceOrder(parseInput(orderSchema, { id: 'ORDER123', ...parts }), version);

function refusedField(parts: unknown, currency = 'INR'): string {
  try {
    price(parts as OrderInput, milesVersion({}, { currency }));
    return 'accepted';
  } catch (error) {
    // The schema names fields inside the order, pricing names them from the command.
    return (error as InvalidCommandError).field.replace(/^order\./, '');
  }
}

describe('an order refuses, and names', () => {
  test.each<[string, unknown]>([
    ['total', {}],
    ['total', { total: '-1' }],
    ['total', { total: '9.999' }],
    ['total', { total: '10', shipping: '8', tax: '3' }],
    ['total', { total: '301', lines: [{ unitPrice: '300' }] }],
    ['currency', { total: '10', currency: 'USD' }],
    ['currency', { total: '10', currency: 'RUPEE' }],
    ['discount', { total: '10', discount: '1' }],
    ['discount', { lines: [{ unitPrice: '10' }], discount: '10.01' }],
    ['shipping', { total: '10', shipping: '0.001' }],
    ['lines', { lines: [] }],
    ['lines.0.unitPrice', { lines: [{}] }],
    ['lines.0.quantity', { lines: [{ unitPrice: '1', quantity: 0 }] }],
    ['lines.0.quantity', { lines: [{ unitPrice: '1', quantity: 1.5 }] }],
    ['lines.1.discount', { lines: [{ unitPrice: '1' }, { unitPrice: '10', discount: '11' }] }],
    ['lines.0.unitPrice', { lines: [{ unitPrice: '90071992547409.91', quantity: 2 }] }],
    ['lines', { lines: [{ unitPrice: '90071992547409.91' }, { unitPrice: '1' }] }],
    ['lines', { lines: [{ unitPrice: '90071992547409.91' }], shipping: '1' }],
    [
      'lines.1.id',
      {
        lines: [
          { id: 'a', unitPrice: '1' },
          { id: 'a', unitPrice: '1' },
        ],
      },
    ],
    ['lines.1.id', { lines: [{ unitPrice: '1' }, { id: '#1', unitPrice: '1' }] }],
    ['paymentStatus', { total: '10', paymentStatus: 'later' }],
    ['coupon', { total: '10', coupon: 'X' }],
  ])('%s of %j', (field, parts) => {
    expect(refusedField(parts)).toBe(field);
  });

  test('more digits than the currency has', () => {
    expect(refusedField({ total: '10.5' }, 'JPY')).toBe('total');
    expect(refusedField({ total: '10.125' }, 'KWD')).toBe('accepted');
  });
});

test('a total is one line without an id', () => {
  expect(price({ total: '500', shipping: '40', tax: '10' })).toEqual({
    payable: 50_000,
    shipping: 4000,
    tax: 1000,
    lines: [{ id: '', sku: null, quantity: 1, net: 45_000, earns: true }],
  });
});

test('lines are priced by quantity, net of their discount and of their share of the order discount', () => {
  const order = price({
    lines: [
      { sku: 'A', unitPrice: '100', quantity: 3, discount: '50' },
      { id: 'gift', sku: 'B', unitPrice: '250' },
    ],
    discount: '100',
    shipping: '40',
    total: '440',
  });
  expect(order.payable).toBe(44_000);
  expect(order.lines).toEqual([
    { id: '#1', sku: 'A', quantity: 3, net: 20_000, earns: true },
    { id: 'gift', sku: 'B', quantity: 1, net: 20_000, earns: true },
  ]);
});

test('a discount may be all of the order, and no line goes below zero', () => {
  const order = price({
    lines: [{ unitPrice: '0.01' }, { unitPrice: '0' }, { unitPrice: '99.99' }],
    discount: '100',
  });
  expect(order.lines.map(({ net }) => net)).toEqual([0, 0, 0]);
  expect(order.payable).toBe(0);
});
