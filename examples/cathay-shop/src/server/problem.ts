import { STATUS_CODES } from 'node:http';
import { LoyaltyError } from '@loyalty-engine/core';
import type { ErrorRequestHandler, Response } from 'express';
import { ZodError } from 'zod';

/**
 * An error that the client is told about, as RFC 9457 problem details. Throw it anywhere below a route.
 *
 * `code` is stable and meant for programs, `detail` is for people. `facts` are further members of the answer, numbers and texts
 * that a program can use; a fact `retryAfterSeconds` is also sent as the `Retry-After` header.
 *
 * @example
 * throw new Problem(409, 'OUT_OF_STOCK', 'Only 2 of "Brass Diya" are left.', { productId: 'CS-000007', left: 2 })
 */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    facts: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(detail, options);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.facts = facts;
  }
}

/** Answers with `application/problem+json`: `{ type, title, status, code, detail, ...facts }`. Nothing may keep the answer. */
export function sendProblem(response: Response, { status, code, detail, facts }: Problem): void {
  const { retryAfterSeconds } = facts;
  if (typeof retryAfterSeconds === 'number')
    response.set('Retry-After', String(Math.ceil(retryAfterSeconds)));
  response.status(status).set('Cache-Control', 'no-store').type('application/problem+json');
  // `about:blank` says that the title is the status in words; `code` is what tells problems of one status apart.
  const title = STATUS_CODES[status] ?? 'Error';
  response.send(JSON.stringify({ ...facts, type: 'about:blank', title, status, code, detail }));
}

/**
 * Express's last handler: answers every error as a problem. What is not meant for the client becomes a bare 500; the error itself
 * goes to the request's log.
 */
export const problemHandler: ErrorRequestHandler = (error, request, response, next) => {
  // Half an answer is out: only breaking the connection tells the client, and Express does that.
  if (response.headersSent) return next(error);
  const problem = problemOf(error);
  if (problem.status >= 500) logOf(request)?.error({ err: error }, problem.code);
  sendProblem(response, problem);
};

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ZodError) return invalidRequest(error);
  if (isUnavailable(error)) return unavailable();
  return refusedBody(error) ?? new Problem(500, 'INTERNAL_ERROR', 'Something went wrong on our side.');
}

/** The engine's own words for a database that is busy, out of reach or closed. */
function isUnavailable(error: unknown): boolean {
  return error instanceof LoyaltyError && /^(STORE_|CLOSED)/.test(error.code);
}

function unavailable(): Problem {
  const detail = 'The shop is too busy, or about to stop. Send the same request again.';
  return new Problem(503, 'UNAVAILABLE', detail, { retryAfterSeconds: 1 });
}

/** 400 INVALID_REQUEST with `errors`: every field that is wrong and the rule that it breaks. */
function invalidRequest({ issues }: ZodError): Problem {
  const errors = issues.flatMap((issue) => {
    const path = issue.path.map(String);
    // One issue may name several unknown fields: each is told by itself.
    if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({
      field: [...path, key.slice(0, 60)].join('.'),
      message: 'Unknown field',
    }));
  });
  const first = errors[0];
  const detail = first ? `${first.field || 'request'}: ${first.message}` : 'The request is not valid.';
  return new Problem(400, 'INVALID_REQUEST', detail, { errors });
}

/** The codes of what Express and its body parsers refuse; other statuses of theirs are INVALID_REQUEST. */
const bodyCodes: Record<number, string> = { 413: 'BODY_TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE' };

/** What a body parser, or Express that cannot decode a path, refuses; null for every other error. */
function refusedBody(error: unknown): Problem | null {
  if (!(error instanceof Error)) return null;
  const { status, expose, type } = error as Error & { status?: unknown; expose?: unknown; type?: unknown };
  const meant = expose === true || error instanceof URIError;
  if (!meant || typeof status !== 'number' || status < 400 || status > 499) return null;
  // A parser's own message may repeat what the client sent.
  const detail = type === 'entity.parse.failed' ? 'The body is not valid JSON.' : sentenceOf(status);
  return new Problem(status, bodyCodes[status] ?? 'INVALID_REQUEST', detail);
}

function sentenceOf(status: number): string {
  if (status === 413) return 'The body is too large.';
  if (status === 415) return 'The body is of a type, a charset or an encoding that is not supported.';
  return 'The request cannot be read.';
}

/** The logger that pino-http puts on a request; tests and small apps have none. */
function logOf(request: object): { error(facts: object, message: string): void } | undefined {
  return (request as { log?: { error(facts: object, message: string): void } }).log;
}
