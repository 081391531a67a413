import type { Request, RequestHandler } from 'express';
import { Problem } from './problem.ts';

/**
 * Refuses writes that another site's page makes a browser send: the user's cookie would go with them, and SameSite=Lax is the first
 * wall, this the second. Browsers say where a request comes from (`Sec-Fetch-Site`, older ones and plain HTTP `Origin`); programs
 * say neither and are let through, since they carry no user's cookie by accident.
 */
export const refuseCrossSite: RequestHandler = (request, _response, next) => {
  if (reads.has(request.method) || isOwn(request)) next();
  else next(new Problem(403, 'CROSS_SITE_REQUEST', 'Another site may not send this.'));
};

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

function isOwn(request: Request): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = request.headers;
  return origin === undefined || origin === `${request.protocol}://${request.host}`;
}
