import { z } from 'zod';
import { productNumber } from './product.ts';
import { paiseOf } from './rupees.ts';

/** How far pages go into the results of a search: who wants more narrows it down. */
export const mostResults = 1_000;
/** How far numbered pages go into the list of all products; `after` goes on from there. */
const mostListed = 10_000;

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, `expected a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine(
      (number) => number >= least && number <= most,
      `expected a whole number from ${least} to ${most}`,
    );

const page = wholeNumber(1, mostListed);
const perPage = wholeNumber(1, 100).default(24);

const price = z.string().transform((text, context) => {
  const paise = paiseOf(text);
  if (paise !== null) return paise;
  context.addIssue({ code: 'custom', message: "expected rupees below a crore, such as '499' or '499.50'" });
  return z.NEVER;
});

/** A brand or a category, written as products have it. */
const name = z
  .string()
  .min(1, 'expected a name')
  .max(60, 'expected at most 60 characters')
  .regex(/^\P{Cc}*$/u, 'expected no control characters');

/** The parameters of `GET /products/search`, in words of the address, as they come. */
export const searchQuery = z
  .strictObject({
    q: z.string().max(200, 'expected at most 200 characters').optional(),
    category: name.optional(),
    brand: name.optional(),
    minPrice: price.optional(),
    maxPrice: price.optional(),
    sort: z
      .enum(['relevance', 'price-asc', 'price-desc', 'newest', 'rating'], {
        error: 'expected relevance, price-asc, price-desc, newest or rating',
      })
      .default('relevance'),
    page: page.default(1),
    perPage,
  })
  .refine(({ minPrice = 0, maxPrice = minPrice }) => minPrice <= maxPrice, {
    path: ['maxPrice'],
    error: 'expected at least minPrice',
  })
  .refine(({ page, perPage }) => page * perPage <= mostResults, {
    path: ['page'],
    error: `pages end at result ${mostResults}: narrow the search down`,
  });

/** What to search for: prices in paise. */
export type SearchQuery = z.infer<typeof searchQuery>;

/** The parameters of `GET /products/`: a page by its number, or what comes after a product. */
export const listQuery = z
  .strictObject({
    page: page.optional(),
    perPage,
    after: z
      .string()
      .transform((id, context) => {
        const number = productNumber(id);
        if (number !== null) return number;
        context.addIssue({ code: 'custom', message: "expected a product's id, such as CS-000123" });
        return z.NEVER;
      })
      .optional(),
  })
  .refine(({ page, after }) => page === undefined || after === undefined, {
    path: ['after'],
    error: 'expected either page or after',
  })
  .refine(({ page = 1, perPage }) => page * perPage <= mostListed, {
    path: ['page'],
    error: `numbered pages end at product ${mostListed}: go on with after`,
  });

/** Which part of the list: `after` is a product's number. */
export type ListQuery = z.infer<typeof listQuery>;
