import type { ShopDatabase } from '../database/shop-database.ts';
import type { Product, ProductInList } from './product.ts';
import { searchProducts } from './search-products.ts';
import type { ListQuery, SearchQuery } from './search-query.ts';

export interface SearchResult {
  products: ProductInList[];
  /** On all pages; at most 1,000 are counted. */
  total: number;
  /** There are more than `total`. */
  more: boolean;
}

export interface Products {
  /** A part of all products, the newest first. */
  list(query: ListQuery): Promise<ProductInList[]>;
  get(id: string): Promise<Product | null>;
  search(query: SearchQuery): Promise<SearchResult>;
}

const listColumns = 'number, id, name, brand, category, price_minor, rating_tenths, image_hue';
const columns = `${listColumns}, sku, description, list_price_minor, stock, created_at`;

/** The catalogue of a shop. */
export function productsOf(database: ShopDatabase): Products {
  return {
    async list({ page = 1, perPage, after }) {
      const rows = await (after === undefined
        ? database.all<ListRow>(`SELECT ${listColumns} FROM products ORDER BY number DESC LIMIT ? OFFSET ?`, [
            perPage,
            (page - 1) * perPage,
          ])
        : database.all<ListRow>(
            `SELECT ${listColumns} FROM products WHERE number < ? ORDER BY number DESC LIMIT ?`,
            [after, perPage],
          ));
      return rows.map(listed);
    },
    async get(id) {
      const [row] = await database.all<Row>(`SELECT ${columns} FROM products WHERE id = ?`, [id]);
      return row ? productOf(row) : null;
    },
    async search(query) {
      const { numbers, total, more } = await searchProducts(database, query);
      return { products: await byNumbers(database, numbers), total, more };
    },
  };
}

/** In the order of the numbers. */
async function byNumbers(database: ShopDatabase, numbers: readonly number[]): Promise<ProductInList[]> {
  if (numbers.length === 0) return [];
  const rows = await database.all<ListRow>(
    `SELECT ${listColumns} FROM products WHERE number IN (${marks(numbers)})`,
    numbers,
  );
  const found = new Map(rows.map((row) => [row.number, listed(row)]));
  return numbers.flatMap((number) => found.get(number) ?? []);
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}

interface ListRow {
  number: number;
  id: string;
  name: string;
  brand: string;
  category: string;
  price_minor: number;
  rating_tenths: number;
  image_hue: number;
}

interface Row extends ListRow {
  sku: string;
  description: string;
  list_price_minor: number;
  stock: number;
  created_at: number | string;
}

function listed({ price_minor, rating_tenths, image_hue, ...row }: ListRow): ProductInList {
  return { ...row, priceMinor: price_minor, ratingTenths: rating_tenths, imageHue: image_hue };
}

function productOf({ sku, description, list_price_minor, stock, created_at, ...row }: Row): Product {
  return {
    ...listed(row),
    sku,
    description,
    listPriceMinor: list_price_minor,
    stock,
    createdAt: Number(created_at),
  };
}
