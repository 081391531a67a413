import type { Refusal, RefusalCode } from '@loyalty-engine/core';
import type { z } from 'zod';
import { type ClientRoute, clientRoutes } from './client-routes.ts';
import { LoyaltyProblem } from './loyalty-problem.ts';
import type { ProblemBody } from './problem.ts';
import { refusalStatus } from './refusal-status.ts';
import type { KeyRule, ParamsOf, Route } from './route.ts';
import type { Naming } from './routes/commanded.ts';
import type { Routes } from './routes/index.ts';

export interface LoyaltyClientOptions {
  /** Where the API is: `https://shop.example/loyalty`. */
  baseUrl: string;
  /** Sent with every request: `{ authorization: 'Bearer ...' }`. A function is asked before each. */
  headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  /** Default: the global `fetch`. */
  fetch?: typeof fetch;
}

/** What goes with one request. */
export interface RequestOptions {
  /** Names a write: sent again with the same key it has no second effect. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

type Flat<Fields> = { [Name in keyof Fields]: Fields[Name] } & {};
type FieldsOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : unknown;

/** A body that names a card names it in one way. */
type BodyOf<Schema> = 'cardNumber' extends keyof FieldsOf<Schema>
  ? Naming<FieldsOf<Schema>>
  : FieldsOf<Schema>;

/** What an operation takes: what its path, its query and its body name, side by side. */
type InputOf<Each> =
  Each extends Route<infer Path, infer Query, infer Body, z.ZodType, boolean, KeyRule>
    ? Flat<ParamsOf<Path> & FieldsOf<Query>> & BodyOf<Body>
    : never;

type AnswerOf<Each> =
  Each extends Route<string, infer _Query, infer _Body, infer Answer, infer Refuses, KeyRule>
    ? [Refuses] extends [true]
      ? Flat<{ ok: true; replayed: boolean } & z.output<Answer>> | Refusal
      : z.output<Answer>
    : never;

/** Where the API wants a key, so does the client. */
type OptionsOf<Each> =
  Each extends Route<string, infer _Query, infer _Body, z.ZodType, boolean, infer Key>
    ? [Key] extends ['required']
      ? [options: RequestOptions & { idempotencyKey: string }]
      : [options?: RequestOptions]
    : never;

type Operation<Each> =
  Record<never, never> extends InputOf<Each>
    ? (input?: InputOf<Each>, options?: RequestOptions) => Promise<AnswerOf<Each>>
    : (input: InputOf<Each>, ...options: OptionsOf<Each>) => Promise<AnswerOf<Each>>;

/** Every operation of the API, by area: `client.store.earn(...)`, `client.storefront.balance(...)`. */
export type LoyaltyClient = {
  [Area in keyof Routes]: { [Name in keyof Routes[Area]]: Operation<Routes[Area][Name]> };
};

/**
 * A typed client of the API, inferred from its routes, for Node and for browsers. Commands resolve to outcomes like the engine's own: a refusal is a value
 * with `ok: false`. All else that is not a success is thrown, and so is a card that is not there: to the API it is like
 * anything else that is not.
 *
 * @throws LoyaltyProblem with `status`, `code` and the fields that are wrong; TypeError for a name that cannot stand in a path,
 * such as '..'; what `fetch` throws.
 * @example
 * const client = createLoyaltyClient({ baseUrl: 'http://localhost:3000/loyalty', headers: { authorization: `Bearer ${key}` } })
 * const earned = await client.store.earn(
 *   { programId: 'cathay-miles', customerId: 'sachin', order: { id: 'ORDER123', total: '500' } },
 *   { idempotencyKey: crypto.randomUUID() },
 * )
 * if (earned.ok) earned.points //=> 50
 */
export function createLoyaltyClient(options: LoyaltyClientOptions): LoyaltyClient {
  const areas = Object.entries(clientRoutes).map(([area, operations]) => [
    area,
    Object.fromEntries(
      Object.entries(operations).map(([name, route]) => [name, operationOf(route, options)]),
    ),
  ]);
  return Object.fromEntries(areas) as LoyaltyClient;
}

type Input = Readonly<Record<string, unknown>>;

function operationOf(
  [method, route, refuses]: ClientRoute,
  { baseUrl, headers = {}, fetch: send = fetch }: LoyaltyClientOptions,
) {
  return async (input: Input = {}, { idempotencyKey, signal }: RequestOptions = {}): Promise<unknown> => {
    const { path, rest } = pathOf(route, input);
    const isRead = method === 'GET';
    const response = await send(`${baseUrl.replace(/\/$/, '')}${path}${isRead ? queryText(rest) : ''}`, {
      method,
      headers: {
        ...(typeof headers === 'function' ? headers() : headers),
        accept: 'application/json',
        ...(!isRead && { 'content-type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      },
      ...(!isRead && { body: JSON.stringify(rest) }),
      ...(signal && { signal }),
    });
    return refuses ? outcomeOf(response) : answerOf(response);
  };
}

function pathOf(route: string, input: Input): { path: string; rest: Input } {
  const rest = { ...input };
  const path = route.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    // Whoever reads a URL takes these two for steps through folders, encoded or not.
    if (typeof value !== 'string' || value === '' || value === '.' || value === '..')
      throw new TypeError(`${name}: expected a text that can stand in a path`);
    return encodeURIComponent(value);
  });
  return { path, rest };
}

function queryText(fields: Input): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    parameters.set(name, value instanceof Date ? value.toISOString() : String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.ok) return successOf(response);
  throw await problemOf(response);
}

async function outcomeOf(response: Response): Promise<unknown> {
  if (response.ok) {
    const replayed = response.headers.get('idempotent-replayed') === 'true';
    return { ok: true, replayed, ...(await successOf(response)) };
  }
  const thrown = await problemOf(response);
  const { type: _type, title: message, status: _status, code, ...facts } = thrown.problem;
  if (Object.hasOwn(refusalStatus, code)) return { ...facts, ok: false, code: code as RefusalCode, message };
  throw thrown;
}

/** Whatever stands between the client and the API may answer something else than a problem. */
async function problemOf(response: Response): Promise<LoyaltyProblem> {
  const body = parsed(await response.text()) as Partial<ProblemBody> | null | undefined;
  const isProblem = typeof body?.code === 'string' && typeof body.status === 'number';
  return isProblem ? new LoyaltyProblem(body as ProblemBody, response) : notTheApi(response);
}

async function successOf(response: Response): Promise<object> {
  const body = parsed(await response.text());
  if (typeof body === 'object' && body !== null) return body;
  throw notTheApi(response);
}

function notTheApi(response: Response): LoyaltyProblem {
  const { status } = response;
  const title = `The server answered ${status} with something that is not of the API`;
  return new LoyaltyProblem({ type: 'about:blank', title, status, code: 'NOT_A_PROBLEM' }, response);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
