import type { ShopMigration } from '../shop-migrations.ts';

/**
 * `number` counts products in the order in which they came, `id` is the same for people: 7 and 'CS-000007'. The two `words`
 * columns are what searches look at, each word once and between spaces, as `searchWords` makes them. No index has `stock`,
 * which every order changes.
 */
const columns = `
  number integer PRIMARY KEY,
  id text NOT NULL UNIQUE,
  sku text NOT NULL UNIQUE,
  name text NOT NULL,
  brand text NOT NULL,
  category text NOT NULL,
  description text NOT NULL,
  price_minor integer NOT NULL CHECK (price_minor > 0),
  list_price_minor integer NOT NULL CHECK (list_price_minor >= price_minor),
  stock integer NOT NULL CHECK (stock >= 0),
  rating_tenths integer NOT NULL CHECK (rating_tenths BETWEEN 0 AND 50),
  image_hue integer NOT NULL CHECK (image_hue BETWEEN 0 AND 359),
  created_at bigint NOT NULL,
  title_words text NOT NULL,
  description_words text NOT NULL`;

/** One a way to sort, alone and within a category; the last columns save the visit to the row. */
const indexes = [
  'CREATE INDEX products_price ON products (price_minor, number, rating_tenths)',
  'CREATE INDEX products_rating ON products (rating_tenths, number, price_minor)',
  'CREATE INDEX products_category_price ON products (category, price_minor, number, rating_tenths)',
  'CREATE INDEX products_category_rating ON products (category, rating_tenths, number, price_minor)',
  'CREATE INDEX products_category_number ON products (category, number, price_minor)',
  'CREATE INDEX products_brand ON products (brand, price_minor, number, rating_tenths, category)',
];

/** Full text on PostgreSQL: a search is answered by the index if it has these very words. */
export const titleSearch = 'shop_words(title_words)';
export const search = 'shop_words(title_words || description_words)';

/** The products and their full-text index. */
export const products: ShopMigration = {
  name: '0001-products',
  sqlite: [
    `CREATE TABLE products (${columns})`,
    ...indexes,
    // All that a search looks at of a product besides its text: a tenth of the pages that the rows are on.
    'CREATE INDEX products_figures ON products (number, price_minor, rating_tenths, category, brand)',
    // No positions: nobody searches for phrases, and an index without them is a third of the size.
    `CREATE VIRTUAL TABLE products_text USING fts5 (title_words, description_words,
      content = 'products', content_rowid = 'number', tokenize = 'ascii', detail = 'column', prefix = '2 3')`,
    `CREATE TRIGGER products_text_insert AFTER INSERT ON products BEGIN
      INSERT INTO products_text (rowid, title_words, description_words)
        VALUES (new.number, new.title_words, new.description_words);
    END`,
    `CREATE TRIGGER products_text_delete AFTER DELETE ON products BEGIN
      INSERT INTO products_text (products_text, rowid, title_words, description_words)
        VALUES ('delete', old.number, old.title_words, old.description_words);
    END`,
    `CREATE TRIGGER products_text_update AFTER UPDATE OF number, title_words, description_words ON products BEGIN
      INSERT INTO products_text (products_text, rowid, title_words, description_words)
        VALUES ('delete', old.number, old.title_words, old.description_words);
      INSERT INTO products_text (rowid, title_words, description_words)
        VALUES (new.number, new.title_words, new.description_words);
    END`,
  ],
  postgres: [
    `CREATE TABLE products (${columns})`,
    ...indexes,
    // By its cost the planner knows that it should be called when a product is written, not when one is looked for. It is not
    // PARALLEL SAFE on purpose: to start helpers takes longer than a search.
    `CREATE FUNCTION shop_words(words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT COST 10000
      AS $$ BEGIN RETURN array_to_tsvector(array_remove(string_to_array(words, ' '), '')); END $$`,
    // Indexes of expressions: as columns, the two would make rows twice as wide, and every search slower.
    `CREATE INDEX products_title_search ON products USING gin (${titleSearch}) WITH (fastupdate = off)`,
    `CREATE INDEX products_search ON products USING gin (${search}) WITH (fastupdate = off)`,
  ],
};
