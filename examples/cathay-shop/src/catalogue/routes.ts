import express, { type Router } from 'express';
import type { ShopDatabase } from '../database/shop-database.ts';
import { Problem } from '../server/problem.ts';
import { type JsonAnswer, jsonAnswer, sendJson } from './json-answer.ts';
import { type Product, type ProductInList, productNumber } from './product.ts';
import { productsOf } from './products.ts';
import { rupeesText } from './rupees.ts';
import { type ListQuery, listQuery, searchQuery } from './search-query.ts';
import { sharedAnswers } from './shared-answers.ts';

/** How old a list may be when it is sent. Nothing is sold by it: a checkout reads prices and stock from the table. */
const listKeptMs = 1_000;
/** Pages of the list that are kept, of a few kilobytes each. */
const pagesKept = 200;

/**
 * The catalogue, to be mounted at `/products`: `GET /` lists the newest first, `GET /search` searches, `GET /:id` shows one. Prices
 * are rupees in decimal text. Unknown parameters are refused.
 *
 * The list may be a second old here, and another second in a browser; a product and a search are as the database has them.
 */
export function catalogueRoutes(database: ShopDatabase): Router {
  const products = productsOf(database);
  const pages = sharedAnswers<JsonAnswer>({ keptMs: listKeptMs, most: pagesKept });
  const router = express.Router();

  const loadPage = async (query: ListQuery): Promise<JsonAnswer> => {
    const listed = await products.list(query);
    const last = listed.length < query.perPage ? undefined : listed.at(-1);
    const next = last ? `?after=${last.id}&perPage=${query.perPage}` : null;
    return jsonAnswer({ products: listed.map(listView), next });
  };

  router.get('/', (request, response, next) => {
    const query = listQuery.parse(request.query);
    // Whatever the address looked like, this is what it asks for.
    const key = `${query.after ?? ''}/${query.page ?? ''}/${query.perPage}`;
    const kept = pages.at(key);
    if (kept) return sendJson(request, response, kept, { maxAgeSeconds: 1 });
    pages
      .load(key, () => loadPage(query))
      .then((page) => sendJson(request, response, page, { maxAgeSeconds: 1 }))
      .catch(next);
  });

  router.get('/search', async (request, response) => {
    const query = searchQuery.parse(request.query);
    const { products: found, total, more } = await products.search(query);
    const { page, perPage } = query;
    const answer = { products: found.map(listView), page, perPage, total, moreThanTotal: more };
    sendJson(request, response, jsonAnswer(answer), { maxAgeSeconds: 0 });
  });

  router.get('/:id', async (request, response) => {
    const { id } = request.params;
    // A text that can be no id costs no query.
    const product = productNumber(id) === null ? null : await products.get(id);
    if (!product) throw new Problem(404, 'NOT_FOUND', 'There is no such product.');
    sendJson(request, response, jsonAnswer(detailView(product)), { maxAgeSeconds: 0 });
  });

  return router;
}

function listView({ id, name, brand, category, priceMinor, ratingTenths, imageHue }: ProductInList) {
  const rating = ratingTenths === 0 ? null : ratingTenths / 10;
  return { id, name, brand, category, price: rupeesText(priceMinor), rating, imageHue };
}

function detailView(product: Product) {
  const { sku, description, listPriceMinor, stock } = product;
  return {
    ...listView(product),
    sku,
    description,
    listPrice: rupeesText(listPriceMinor),
    currency: 'INR',
    stock,
  };
}
