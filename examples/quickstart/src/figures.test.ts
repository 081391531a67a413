import { expect, test } from 'vitest';
import { figuresOf } from './figures.ts';

test('prints money and points as a person of the program reads them', () => {
  const rupees = figuresOf({ currency: 'INR', timeZone: 'Asia/Kolkata' });
  expect(rupees.money('129900.00')).toBe('₹1,29,900.00');
  expect(rupees.money(129_900_50)).toBe('₹1,29,900.50');
  expect(rupees.points(1_234_567)).toBe('12,34,567');
  expect([rupees.signed(50), rupees.signed(-30), rupees.signed(0)]).toEqual(['+50', '−30', '0']);
  expect(rupees.date('2024-12-31T20:00:00Z')).toBe('1 Jan 2025');
  expect(figuresOf({ currency: 'GBP', timeZone: 'Europe/London' }).money('1234.5')).toBe('£1,234.50');
  expect(figuresOf({ currency: 'JPY', timeZone: 'Asia/Tokyo' }).money(1234)).toBe('¥1,234');
});
