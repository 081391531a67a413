import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, MemoryStore, type Options, rateLimit } from 'express-rate-limit';
import { userOf } from '../accounts/require-user.ts';
import { Problem } from './problem.ts';

/** How much one client may ask for. */
export interface Limits {
  /** By address, of everything but the probes. */
  requestsPerMinute: number;
  /** Failed ones, by address and by account: guessing passwords is slow from one place and from many. */
  failedLoginsPer15Minutes: number;
  /** Declined ones, by address and by account: trying out stolen cards is slow. */
  failedPaymentsPerHour: number;
}

/** Counts all requests of an address. */
export function requestLimit({ requestsPerMinute }: Limits): RequestHandler {
  return limit({ windowMs: 60_000, limit: requestsPerMinute });
}

/** Counts failed logins: by address, and by the account that they were for. They go after the body's parser. */
export function loginLimits({ failedLoginsPer15Minutes }: Limits): RequestHandler[] {
  const failed = {
    windowMs: 15 * 60_000,
    limit: failedLoginsPer15Minutes,
    skipSuccessfulRequests: true,
    // A form is answered with a redirect whether it was right or not.
    requestWasSuccessful: (_request, response) => response.locals.user !== undefined,
  } satisfies Partial<Options>;
  return [limit(failed), limit({ ...failed, keyGenerator: accountIn })];
}

/** Counts payments that failed, by address and by account; they go after `readUser`. */
export function paymentLimits({ failedPaymentsPerHour }: Limits): RequestHandler[] {
  const failed = { windowMs: 60 * 60_000, limit: failedPaymentsPerHour };
  return [
    failureLimit({ ...failed, nameOf: ({ ip = '' }) => ipKeyGenerator(ip) }),
    failureLimit({ ...failed, nameOf: (_request, { locals }) => `id ${userOf(locals)?.id ?? ''}` }),
  ];
}

/** Counts only once an answer says that a payment failed: many who pay at the same moment keep nobody out. */
function failureLimit({ nameOf, ...window }: FailureLimit): RequestHandler {
  const failures = new MemoryStore();
  failures.init(window as Options);
  return async (request, response, next) => {
    const name = nameOf(request, response);
    const { totalHits = 0, resetTime } = (await failures.get(name)) ?? {};
    if (totalHits >= window.limit) return next(tooMany(resetTime, window.windowMs));
    response.once('finish', () => {
      const isNew = response.getHeader('Idempotent-Replayed') === undefined;
      if (response.statusCode === 402 && isNew) void failures.increment(name);
    });
    next();
  };
}

interface FailureLimit {
  windowMs: number;
  limit: number;
  nameOf(request: Request, response: Response): string;
}

function limit(options: Partial<Options>): RequestHandler {
  return rateLimit({
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    ...options,
    handler(request, _response, next) {
      // The package puts this beside its own headers; its types do not say so.
      const { resetTime } = (request as unknown as { rateLimit: { resetTime?: Date } }).rateLimit;
      next(tooMany(resetTime, options.windowMs ?? 60_000));
    },
  });
}

function tooMany(resetTime: Date | undefined, windowMs: number): Problem {
  const ms = resetTime ? resetTime.getTime() - Date.now() : windowMs;
  const retryAfterSeconds = Math.max(1, Math.ceil(ms / 1000));
  return new Problem(429, 'TOO_MANY_REQUESTS', 'Too many requests: wait a little.', { retryAfterSeconds });
}

/** What a tried password counts for: the address that was typed, or else who is signed in and types their own again. */
function accountIn({ body }: Request, { locals }: Response): string {
  const email = (body as { email?: unknown } | undefined)?.email;
  if (typeof email === 'string') return `email ${email.trim().toLowerCase().slice(0, 320)}`;
  return `id ${userOf(locals)?.id ?? ''}`;
}
