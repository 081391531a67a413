/** A product of the shop. Prices are in paise and include GST. */
export interface Product {
  /** Its place in the order in which products came: 7 for 'CS-000007'. */
  number: number;
  id: string;
  sku: string;
  name: string;
  brand: string;
  category: string;
  description: string;
  priceMinor: number;
  /** The price before the discount; the price itself where there is none. */
  listPriceMinor: number;
  stock: number;
  /** 43 for 4.3 stars of 5; 0 while nobody has rated it. */
  ratingTenths: number;
  /** A colour in degrees, 0 to 359, for pages that draw a picture of it. */
  imageHue: number;
  /** Epoch milliseconds. */
  createdAt: number;
}

/** What a list shows of a product. */
export type ProductInList = Pick<
  Product,
  'number' | 'id' | 'name' | 'brand' | 'category' | 'priceMinor' | 'ratingTenths' | 'imageHue'
>;

/** 'CS-000007' for 7. */
export function productId(number: number): string {
  return `CS-${String(number).padStart(6, '0')}`;
}

/** 7 for 'CS-000007'; null for a text that is no product's id. */
export function productNumber(id: string): number | null {
  const digits = /^CS-(\d{6,9})$/.exec(id)?.[1];
  const number = Number(digits);
  return digits !== undefined && productId(number) === id ? number : null;
}
