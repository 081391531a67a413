import express, { type Router } from 'express';
import { requireAdmin, requireUser, signedInUser } from '../accounts/require-user.ts';
import { memberOf } from '../program.ts';
import { listTransactions, transactionsSchema } from './list-transactions.ts';
import type { ShopServices } from './shop-services.ts';

/** `GET /user/points`, for signed-in users, and `GET /admin/transactions`, for admins. */
export function pointsRoutes({ database }: Pick<ShopServices, 'database'>): Router {
  const { loyalty } = database;
  const routes = express.Router();

  routes.get('/user/points', requireUser, async (_request, response) => {
    const balance = await loyalty.balance(memberOf(signedInUser(response).id));
    const { available, pending, held, nextExpiry } = balance;
    // The client may keep it, and asks each time whether it is still so: Express adds the ETag.
    response.set('Cache-Control', 'private, no-cache').json({ available, pending, held, nextExpiry });
  });

  routes.get('/admin/transactions', requireAdmin, async (request, response) => {
    const transactions = await listTransactions(loyalty, transactionsSchema.parse(request.query));
    response.set('Cache-Control', 'no-store').json(transactions);
  });

  return routes;
}
