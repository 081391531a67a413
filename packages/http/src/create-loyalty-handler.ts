import { type Loyalty, LoyaltyError } from '@loyalty-engine/core';
import { type Context, Hono } from 'hono';
import { openApiDocument } from './openapi.ts';
import { type Authenticate, principalSchema } from './principal.ts';
import { problem } from './problem.ts';
import { referencePage, referenceScript } from './reference-page.ts';
import type { AnyRoute } from './route.ts';
import { routes } from './routes/index.ts';
import { problemResponse } from './serve/respond.ts';
import { serveRoute } from './serve/serve-route.ts';

export interface LoyaltyHandlerOptions {
  /** Who makes a request. There is no default: without it the handler does not start. */
  authenticate: Authenticate;
  /** Where the API is mounted, when requests come with their whole path: `/api/loyalty`. Default: at the root. */
  basePath?: string;
  /** The largest body that is read, in bytes. Default 100,000. */
  maxBodyBytes?: number;
  /** Told of every defect that was answered with 500. Default: prints it to the console. */
  onError?: (error: unknown, request: Request) => void;
}

/** Answers requests to the API; `host` goes to `authenticate` as it is. */
export interface LoyaltyHandler {
  (request: Request, host?: unknown): Promise<Response>;
  readonly basePath: string;
}

/**
 * The HTTP API of an engine as one function from a Web-standard Request to a Response: for Express through `toExpress`, and as
 * it is for Next.js, Hono, Bun, Deno and workers. `GET /openapi.json` says what there is; `GET /reference` shows it.
 *
 * @throws LoyaltyError INVALID_OPTIONS without `authenticate`, or for an option out of range.
 * @example
 * const handler = createLoyaltyHandler(loyalty, {
 *   authenticate: (request) => principalOfSession(request.headers.get('cookie')),
 * })
 * app.use('/loyalty', toExpress(handler))
 */
export function createLoyaltyHandler(loyalty: Loyalty, options: LoyaltyHandlerOptions): LoyaltyHandler {
  const { authenticate, basePath, maxBodyBytes, onError } = checked(options);
  const app = new Hono<{ Bindings: { host: unknown } }>({ strict: false });

  app.get(`${basePath}/openapi.json`, (context) =>
    context.body(documentText(), 200, { 'content-type': 'application/json' }),
  );
  app.get(`${basePath}/reference`, (context) => referencePage(new URL(context.req.url).pathname));
  app.get(`${basePath}/reference/scalar.js`, async () => (await referenceScript()) ?? notFound());

  const serve = serveRoute({ loyalty, maxBodyBytes, principalOf });
  const methods = new Map<string, string[]>();
  for (const route of allRoutes()) {
    const path = `${basePath}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
    methods.set(path, [
      ...(methods.get(path) ?? []),
      ...(route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]),
    ]);
    app.on(route.method, path, (context) => serve(route, context));
  }
  for (const [path, allowed] of methods) {
    app.all(path, () =>
      problemResponse(problem('METHOD_NOT_ALLOWED', { headers: { allow: allowed.join(', ') } })),
    );
  }
  app.notFound(notFound);
  const broken = (error: unknown, request: Request) => {
    onError(error, request);
    return problemResponse(problem('INTERNAL'));
  };
  app.onError((error, context) => broken(error, context.req.raw));

  async function principalOf(context: Context) {
    const principal = await authenticate(context.req.raw, context.env.host);
    // A principal without its merchant would reach every merchant's: that is a defect of the host's, and not let through.
    return principal === null || principal === undefined ? null : principalSchema.parse(principal);
  }
  const handler = async (request: Request, host?: unknown) => {
    try {
      return await app.fetch(request, { host });
    } catch (error) {
      // Hono hands on what is no Error of this realm: a text that `authenticate` throws, an error of another context.
      return broken(error, request);
    }
  };
  return Object.assign(handler, { basePath });
}

let text: string | undefined;

/** The document as it is sent: the same for all handlers, and made when it is first asked for. */
function documentText(): string {
  text ??= JSON.stringify(openApiDocument(routes));
  return text;
}

function allRoutes(): AnyRoute[] {
  return Object.values(routes).flatMap((area) => Object.values(area) as AnyRoute[]);
}

function notFound(): Response {
  return problemResponse(problem('NOT_FOUND'));
}

function checked({
  authenticate,
  basePath = '',
  maxBodyBytes = 100_000,
  onError = (error) => console.error(error),
}: LoyaltyHandlerOptions): Required<LoyaltyHandlerOptions> {
  const refuse = (message: string) => {
    throw new LoyaltyError('INVALID_OPTIONS', message);
  };
  if (typeof authenticate !== 'function')
    refuse('authenticate: expected a function that says who makes a request');
  if (!/^(?:\/[\w.~-]+)*$/.test(basePath)) refuse("basePath: expected a path such as '/api/loyalty'");
  if (!Number.isInteger(maxBodyBytes) || maxBodyBytes < 1)
    refuse('maxBodyBytes: expected a whole number above zero');
  if (typeof onError !== 'function') refuse('onError: expected a function');
  return { authenticate, basePath, maxBodyBytes, onError };
}
