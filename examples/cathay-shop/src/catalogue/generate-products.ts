import { type Product, productId } from './product.ts';
import { type RandomNumbers, randomNumbers } from './random-numbers.ts';
import { everyday } from './ranges/everyday.ts';
import { household } from './ranges/household.ts';
import type { Range } from './ranges/range.ts';
import { wardrobe } from './ranges/wardrobe.ts';

const ranges: readonly Range[] = [...wardrobe, ...household, ...everyday];

/** The lines of a brand: what tells two products apart that are otherwise alike. */
const lines = [
  ...['Utsav', 'Monsoon', 'Heritage', 'Nakshatra', 'Sahyadri', 'Malhar', 'Kaveri', 'Aravali', 'Bageshri'],
  ...['Narmada', 'Basant', 'Hemant', 'Sharad', 'Vrinda', 'Triveni', 'Kesar', 'Chandni', 'Deccan', 'Ganga'],
  ...['Bhairav', 'Yaman', 'Sindhu', 'Mandovi', 'Nandi', 'Parijat', 'Saptami'],
];

/** Products came in over two years, at even distances. */
const firstDay = Date.UTC(2023, 9, 1);
const lastDay = Date.UTC(2025, 9, 1);

/**
 * Makes up products, numbered from 1: the same for the same count and seed. Names are unique; a quarter of the products are
 * without a discount, a few are sold out, a few have no rating yet.
 *
 * @throws RangeError for a count that is not from 1 to 500,000.
 *
 * @example
 * [...generateProducts(500, 1)].length //=> 500
 */
export function* generateProducts(count: number, seed: number): Generator<Product> {
  if (!Number.isInteger(count) || count < 1 || count > 500_000) {
    throw new RangeError(`count: expected a whole number from 1 to 500000, not ${count}`);
  }
  const random = randomNumbers(seed);
  const taken = new Set<string>();
  for (let number = 1; number <= count; number += 1) {
    // In turns, so that a small shop has something of everything.
    const range = ranges[(number - 1) % ranges.length] as Range;
    let traits = pickTraits(range, random);
    while (taken.has(nameOf(traits))) traits = pickTraits(range, random);
    taken.add(nameOf(traits));
    const createdAt = firstDay + Math.floor(((lastDay - firstDay) * number) / count);
    yield { number, ...describe(range, traits, number, random), ...pickFigures(traits, random), createdAt };
  }
}

interface Traits {
  brand: string;
  line: string;
  noun: string;
  quality: string;
  variant: string;
  size: string;
  /** Whole rupees, as likely among cheap ones as among dear ones. */
  rupees: number;
}

function pickTraits({ brands, kinds, variants, sizes }: Range, random: RandomNumbers): Traits {
  const kind = random.pick(kinds);
  const [from, to] = kind.rupees;
  const [size, factor] = random.pick(kind.sizes ?? sizes);
  return {
    brand: random.pick(brands),
    line: random.pick(lines),
    noun: kind.noun,
    quality: random.pick(kind.qualities),
    variant: random.pick(variants),
    size,
    rupees: from * (to / from) ** random.next() * factor,
  };
}

function nameOf({ brand, line, quality, noun, variant, size }: Traits): string {
  return `${brand} ${line} ${quality} ${noun}, ${variant}, ${size}`;
}

function describe(range: Range, traits: Traits, number: number, random: RandomNumbers) {
  const { brand, noun, quality, variant } = traits;
  // Names inside a sentence: 'SPF 30' and 'GPS' stay as they are.
  const lower = (text: string) => text.replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase());
  const facts: Record<string, string> = {
    brand,
    noun: lower(noun),
    quality: lower(quality),
    variant: lower(variant),
  };
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? '');
  const code = (text: string) =>
    text
      .replace(/[^A-Za-z]/g, '')
      .slice(0, 3)
      .toUpperCase();
  return {
    id: productId(number),
    sku: `${code(range.category)}-${code(brand)}-${String(number).padStart(6, '0')}`,
    name: nameOf(traits),
    brand,
    category: range.category,
    description: [range.openings, range.details, range.closings]
      .map((texts) => fill(random.pick(texts)))
      .join(' '),
  };
}

function pickFigures({ rupees }: Traits, random: RandomNumbers) {
  const listPriceMinor = shopPrice(rupees);
  const discounted = shopPrice((rupees * (100 - random.between(5, 45))) / 100);
  const soldOut = random.next() < 0.03;
  const unrated = random.next() < 0.05;
  // Two numbers: most are near the middle, which is 4.1 stars.
  const ratingTenths = 32 + random.between(0, 9) + random.between(0, 9);
  return {
    priceMinor: random.next() < 0.25 ? listPriceMinor : Math.min(discounted, listPriceMinor),
    listPriceMinor,
    stock: soldOut ? 0 : random.between(1, 180),
    ratingTenths: unrated ? 0 : ratingTenths,
    imageHue: random.between(0, 359),
  };
}

/** Rupees as prices are in shops, in paise: 49.50, 349, 1,299, 12,499. */
function shopPrice(rupees: number): number {
  if (rupees < 100) return Math.max(10, Math.round(rupees * 2) / 2) * 100;
  const step = rupees < 1_000 ? 10 : rupees < 5_000 ? 50 : 100;
  return (Math.round(rupees / step) * step - 1) * 100;
}
