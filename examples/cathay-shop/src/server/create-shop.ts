import { createLoyaltyHandler, toExpress } from '@loyalty-engine/http';
import express, { type Express, type Router } from 'express';
import type { Logger } from 'pino';
import { accountsOf } from '../accounts/accounts.ts';
import { type PasswordHasher, passwordHasher } from '../accounts/password-hasher.ts';
import { readUser, userReader } from '../accounts/read-user.ts';
import { accountRoutes } from '../accounts/routes.ts';
import { sessionCookie } from '../accounts/session-cookie.ts';
import { sessionsOf } from '../accounts/sessions.ts';
import { catalogueRoutes } from '../catalogue/routes.ts';
import { reconcileOne } from '../checkout/reconcile.ts';
import { checkoutRoutes } from '../checkout/routes.ts';
import type { Config } from '../config.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { pointsRoutes } from '../orders/points-routes.ts';
import { orderRoutes } from '../orders/routes.ts';
import { simulatorRoutes } from '../payments/simulator-routes.ts';
import { stripeWebhook } from '../payments/stripe-webhook.ts';
import { testCards } from '../payments/test-cards.ts';
import { demoPeople } from '../seed/demo-people.ts';
import { authenticateWith } from './authenticate.ts';
import { homeRoutes } from './home/home-routes.ts';
import type { Payments } from './open-payments.ts';
import { probes } from './probes.ts';
import { Problem, problemHandler } from './problem.ts';
import { loginLimits, paymentLimits, requestLimit } from './rate-limits.ts';
import { refuseCrossSite } from './refuse-cross-site.ts';
import { securityHeaders } from './security-headers.ts';
import { requestLogger } from './shop-logger.ts';

export interface ShopParts {
  database: ShopDatabase;
  payments: Payments;
  config: Pick<Config, 'production' | 'sessionSecret' | 'keys' | 'storeLocation' | 'trustProxy' | 'limits'>;
  logger: Logger;
  /** True from the moment on when the process is to end. */
  isStopping?: () => boolean;
  passwords?: PasswordHasher;
  /** Further routes: a request reaches them as it reaches the shop's own. */
  routes?: Router;
}

/**
 * The whole shop as an Express application: what is before the routes stands here in the order in which a request meets it.
 *
 * @example
 * createShop({ database, payments: openPayments(config), config, logger: shopLogger(config) }).listen(3000)
 */
export function createShop({
  database,
  payments,
  config,
  logger,
  isStopping = () => false,
  passwords = passwordHasher(),
  routes,
}: ShopParts): Express {
  const accounts = accountsOf(database);
  const sessions = sessionsOf({ secret: config.sessionSecret, accounts });
  const cookie = sessionCookie(config);
  const userOf = userReader(sessions, cookie);
  const services = { database, gateway: payments.gateway, logger };

  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', config.trustProxy);
  // Whoever watches over the process asks often: neither a line in the log nor a place among the limited.
  app.use(probes(database, isStopping));
  app.use(requestLogger(logger));
  app.use(securityHeaders(config));
  app.use(requestLimit(config.limits));
  if (payments.kind === 'stripe')
    app.use(stripeWebhook({ ...payments, onPayment: (id) => reconcileOne(services, id) }));
  app.use(refuseCrossSite);
  app.use('/loyalty', loyaltyApi());
  app.use(express.json({ limit: '100kb' }));
  app.use(readUser(userOf));
  if (routes) app.use(routes);
  app.use(homeRoutes(demoOf(config, payments)));
  app.use(accountRoutes({ accounts, passwords, sessions, cookie, limits: loginLimits(config.limits) }));
  app.use('/products', catalogueRoutes(database));
  app.use(checkoutRoutes(services, paymentLimits(config.limits)));
  app.use(orderRoutes(services));
  app.use(pointsRoutes({ database }));
  if (payments.kind === 'simulator') app.use(simulatorRoutes(payments.gateway, { onPayment: lookAgain }));
  app.use((_request, _response, next) =>
    next(new Problem(404, 'NOT_FOUND', 'There is nothing at this address.')),
  );
  app.use(problemHandler);
  return app;

  /** What cannot be finished now is the reconciler's: it is no matter of who confirmed the payment. */
  async function lookAgain(orderId: string): Promise<void> {
    await reconcileOne(services, orderId).catch((error: unknown) =>
      logger.error({ err: error, orderId }, 'A confirmed payment could not be looked at'),
    );
  }

  function loyaltyApi() {
    const handler = createLoyaltyHandler(database.loyalty, {
      authenticate: authenticateWith(userOf, config),
      basePath: '/loyalty',
      onError: (error) => logger.error({ err: error }, 'The loyalty API failed'),
    });
    return toExpress(handler);
  }
}

/** What the first page may show: in production there are no demo people, and with Stripe there are other cards. */
function demoOf({ production }: { production: boolean }, { kind }: Payments) {
  return { accounts: production ? [] : demoPeople, cards: kind === 'simulator' ? testCards : [] };
}
