import { InvalidCommandError, type Issue, LoyaltyError, type Refusal } from '@loyalty-engine/core';
import { refusalStatus } from './refusal-status.ts';

/** What the API itself refuses a request for. Refusals of commands have the codes of the engine's catalogue. */
export const problemTitles = {
  INVALID_REQUEST: 'The request is not valid.',
  IDEMPOTENCY_KEY_REQUIRED: 'Send an Idempotency-Key header, so that the request can be repeated safely.',
  UNAUTHENTICATED: 'Say who you are.',
  NOT_FOUND: 'There is no such thing, or it is not yours.',
  METHOD_NOT_ALLOWED: 'There is nothing here for this method.',
  PROGRAM_CONFLICT: 'The program has another merchant or another currency, which never change.',
  STAFF_EXISTS: 'There is a staff member with this id.',
  IDEMPOTENCY_KEY_REUSED: 'The same key was used before with other content.',
  REQUEST_UNDER_WAY: 'The same request is under way. Try again shortly.',
  BODY_TOO_LARGE: 'The body is too large.',
  UNSUPPORTED_MEDIA_TYPE: 'Send JSON: Content-Type: application/json.',
  UNAVAILABLE: 'The store cannot be reached or is busy. Try again shortly.',
  INTERNAL: 'Something is broken on our side. It was reported.',
} as const;

const problemStatus: Record<keyof typeof problemTitles, number> = {
  INVALID_REQUEST: 400,
  IDEMPOTENCY_KEY_REQUIRED: 400,
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  PROGRAM_CONFLICT: 409,
  STAFF_EXISTS: 409,
  IDEMPOTENCY_KEY_REUSED: 422,
  REQUEST_UNDER_WAY: 409,
  BODY_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** One thing that is wrong with a request: which field, and which rule it breaks. */
export interface FieldError {
  /** `order.lines.0.unitPrice`, the name of a query parameter or of a header; empty for the body as a whole. */
  field: string;
  message: string;
}

/** A problem as RFC 9457 words it. `code` is stable and meant for programs; facts of a refusal stand beside it. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: string;
  errors?: FieldError[];
  readonly [fact: string]: unknown;
}

/** An answer that is not a success. */
export interface Problem {
  body: ProblemBody;
  headers: Readonly<Record<string, string>>;
}

/** A problem of the API's own. */
export function problem(
  code: keyof typeof problemTitles,
  { facts = {}, headers = {} }: { facts?: object; headers?: Record<string, string> } = {},
): Problem {
  const status = problemStatus[code];
  return { body: { type: typeOf(code), title: problemTitles[code], status, code, ...facts }, headers };
}

/** A request that breaks a rule, naming each field. */
export function invalidRequest(errors: FieldError[]): Problem {
  return problem('INVALID_REQUEST', { facts: { errors } });
}

/** A command that was refused, with its facts. An unknown card looks like anything else that is not there. */
export function problemOfRefusal({ ok: _ok, code, message, ...facts }: Refusal): Problem {
  if (code === 'CARD_NOT_FOUND') return problem('NOT_FOUND');
  // Not with the key as the engine keeps it.
  if (code === 'IDEMPOTENCY_KEY_REUSED') return problem(code);
  const status = refusalStatus[code];
  const { retryAfterSeconds } = facts;
  const wait = typeof retryAfterSeconds === 'number' ? retryAfterSeconds : status === 503 ? 1 : null;
  return {
    body: { ...facts, type: typeOf(code), title: message, status, code },
    headers: wait === null ? {} : { 'retry-after': String(wait) },
  };
}

/**
 * What an error of the engine is answered with; null for a defect, which is not for callers to read.
 * A name of the engine's input that the caller knows by another one is put into their words by `nameOf`.
 */
export function problemOfError(error: unknown, nameOf: (field: string) => string): Problem | null {
  if (error instanceof InvalidCommandError) {
    return invalidRequest(error.issues.map((issue) => toFieldError(issue, nameOf)));
  }
  if (!(error instanceof LoyaltyError)) return null;
  const { code } = error;
  if (notFoundCodes.has(code)) return problem('NOT_FOUND');
  if (isConflict(code)) return problem(code, code === 'REQUEST_UNDER_WAY' ? soon : {});
  if (unavailableCodes.has(code)) return problem('UNAVAILABLE', soon);
  return null;
}

const notFoundCodes = new Set([
  'PROGRAM_NOT_FOUND',
  'CARD_NOT_FOUND',
  'MERCHANT_NOT_FOUND',
  'LOCATION_NOT_FOUND',
  'STAFF_NOT_FOUND',
  'REWARD_NOT_FOUND',
]);
const conflictCodes = [
  'PROGRAM_CONFLICT',
  'STAFF_EXISTS',
  'IDEMPOTENCY_KEY_REUSED',
  'REQUEST_UNDER_WAY',
] as const;
const isConflict = (code: string): code is (typeof conflictCodes)[number] =>
  conflictCodes.some((one) => one === code);
const soon = { headers: { 'retry-after': '1' } };
const unavailableCodes = new Set(['STORE_BUSY', 'STORE_UNAVAILABLE', 'STORE_CONFLICT', 'CLOSED']);

function toFieldError({ path, message }: Issue, nameOf: (field: string) => string): FieldError {
  const [first, ...rest] = path.map(String);
  const names = first === undefined ? [] : [nameOf(first), ...rest];
  return { field: names.filter((name) => name !== '').join('.'), message };
}

/** A name for a kind of problem, as RFC 9457 asks for one. */
function typeOf(code: string): string {
  return `urn:loyalty-engine:problem:${code.toLowerCase().replaceAll('_', '-')}`;
}
