import { describe, expect, it } from 'vitest';
import { generateProducts } from './generate-products.ts';
import { productNumber } from './product.ts';

describe('generateProducts', () => {
  const demo = [...generateProducts(500, 1)];

  it('makes the same products for the same seed, and others for another', () => {
    expect([...generateProducts(500, 1)]).toEqual(demo);
    expect([...generateProducts(500, 2)]).not.toEqual(demo);
  });

  it('never gives a name, an id or a SKU twice', () => {
    const many = [...generateProducts(30_000, 3)];
    for (const field of ['name', 'id', 'sku'] as const) {
      expect(new Set(many.map((product) => product[field])).size, field).toBe(many.length);
    }
  });

  it('gives figures that a shop may have', () => {
    for (const [index, product] of demo.entries()) {
      const { number, id, priceMinor, listPriceMinor, stock, ratingTenths, imageHue } = product;
      expect([number, productNumber(id)]).toEqual([index + 1, index + 1]);
      expect(priceMinor).toBeGreaterThanOrEqual(1_000);
      expect(listPriceMinor).toBeLessThan(3_000_000);
      expect(priceMinor).toBeLessThanOrEqual(listPriceMinor);
      expect(priceMinor).toBeGreaterThanOrEqual(listPriceMinor / 2);
      for (const figure of [priceMinor, listPriceMinor, stock, imageHue]) expect(figure % 1).toBe(0);
      expect(stock).toBeLessThanOrEqual(180);
      expect(ratingTenths === 0 || (ratingTenths >= 32 && ratingTenths <= 50)).toBe(true);
      expect(imageHue).toBeLessThan(360);
    }
  });

  it('describes each in whole sentences about itself, with no gap left open', () => {
    for (const { name, brand, category, description } of demo) {
      expect(name.startsWith(`${brand} `)).toBe(true);
      expect(name.length).toBeLessThanOrEqual(100);
      expect(category).not.toBe('');
      expect(description).toMatch(/^[A-Z].{60,}\.$/);
      expect(description).not.toMatch(/[{}]|undefined| {2}/);
    }
  });

  it('has something of all twelve categories, some of it sold out, not yet rated, or without a discount', () => {
    expect(new Set(demo.map(({ category }) => category)).size).toBe(12);
    expect(demo.some(({ stock }) => stock === 0)).toBe(true);
    expect(demo.some(({ ratingTenths }) => ratingTenths === 0)).toBe(true);
    const plain = demo.filter(({ priceMinor, listPriceMinor }) => priceMinor === listPriceMinor);
    expect(plain.length).toBeGreaterThan(50);
    expect(plain.length).toBeLessThan(250);
  });

  it('newer products have later dates', () => {
    const dates = demo.map(({ createdAt }) => createdAt);
    expect(dates).toEqual([...dates].sort((a, b) => a - b));
  });

  it.each([0, -1, 1.5, Number.NaN, 500_001])('refuses to make %s products', (count) => {
    expect(() => generateProducts(count, 1).next()).toThrow(/count: expected/);
  });
});
