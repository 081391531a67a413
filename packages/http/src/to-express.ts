import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { LoyaltyHandler } from './create-loyalty-handler.ts';

/** A request as Express hands it on: with the body that a parser before may have read. */
type ExpressRequest = IncomingMessage & { baseUrl?: string; body?: unknown; rawBody?: unknown };

/** What `app.use` takes. */
export type ExpressMiddleware = (
  request: ExpressRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * The handler as middleware of Express 5, and of anything that calls `(request, response, next)`. Mount it wherever: it
 * answers every request that it is given. It works with `express.json()`, `express.text()` or `express.raw()` before it and
 * without. `authenticate` gets the request of Express as its second argument.
 *
 * @example
 * app.use('/loyalty', toExpress(createLoyaltyHandler(loyalty, { authenticate })))
 */
export function toExpress(handler: LoyaltyHandler): ExpressMiddleware {
  const listen = getRequestListener((request, { incoming }) => handler(request, incoming), {
    overrideGlobalObjects: false,
    hostname: 'localhost',
  });
  return (request, response, next) => {
    // Express has cut off the path that it is mounted at; the handler knows its own.
    if (handler.basePath !== '' && request.baseUrl !== '')
      request.url = `${handler.basePath}${request.url ?? '/'}`;
    // Where a parser has read the stream, what it made of it says the same; the listener takes it from here.
    if (request.readableDidRead && !Buffer.isBuffer(request.rawBody)) request.rawBody = rawBodyOf(request);
    listen(request, response).catch(next);
  };
}

function rawBodyOf({ body, rawBody }: ExpressRequest): Buffer {
  const read = typeof rawBody === 'string' ? rawBody : body;
  if (Buffer.isBuffer(read)) return read;
  if (typeof read === 'string') return Buffer.from(read);
  try {
    return Buffer.from(read === undefined ? '' : JSON.stringify(read));
  } catch {
    // Nested deeper than can be written: it is answered like what is no JSON.
    return Buffer.from('[');
  }
}
