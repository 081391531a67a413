import { Router } from 'express';
import type { ShopDatabase } from '../database/shop-database.ts';
import { Problem } from './problem.ts';

/** How long the database may take to say that it is there. */
const patienceMs = 2_000;

/**
 * For who watches over the process: `GET /healthz` says that it runs, `GET /readyz` that it can serve, which needs the database
 * and ends with the first sign that the process is to stop.
 */
export function probes(database: ShopDatabase, isStopping: () => boolean): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    if (isStopping()) throw notReady('The shop is closing.');
    if (!(await answers(database))) throw notReady('The database does not answer.');
    response.set('Cache-Control', 'no-store').json({ status: 'ready' });
  });
  return router;
}

function notReady(detail: string): Problem {
  return new Problem(503, 'NOT_READY', detail, { retryAfterSeconds: 5 });
}

async function answers(database: ShopDatabase): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, patienceMs, false);
  });
  const asked = database.all('SELECT 1').then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
