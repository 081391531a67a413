import type { Loyalty, Refusal } from '@loyalty-engine/core';
import type { z } from 'zod';
import type { Principal, Role } from './principal.ts';

/** The names between braces of a path: `/store/cards/{cardId}` has `cardId`. */
export type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { [Each in Name]: string } & ParamsOf<Rest>
  : unknown;

type InputOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : unknown;

/** Whether a route takes an Idempotency-Key. */
export type KeyRule = 'required' | 'optional' | 'none';

/** A request that was admitted: who calls, and what they say, by its parts. */
export interface Call<Path extends string, Query, Body> {
  loyalty: Loyalty;
  principal: Principal;
  /** The merchant whose things may be reached; undefined: every merchant's. */
  merchantId: string | undefined;
  /** Who answers for it in the ledger and the record of changes. */
  actor: string;
  /** The Idempotency-Key header. */
  idempotencyKey: string | undefined;
  /** A digest of what is asked for, by which a key is known to be used for the same again. */
  fingerprint(): Promise<string>;
  params: ParamsOf<Path>;
  query: InputOf<Query>;
  /** Known fields only; the engine checks what is in them. */
  body: InputOf<Body>;
}

/** What a route may give: its answer, an outcome whose facts are the answer, a refusal, or null for 404. */
export type Given<Answer> = (Answer & { ok?: true; replayed?: boolean }) | Refusal | null;

/**
 * One operation of the API: how it is asked for, who may ask, what it answers, and how the engine does it. The handler, the
 * OpenAPI document and the typed client are all made of it.
 */
export interface Route<
  Path extends string = string,
  Query = unknown,
  Body = unknown,
  Answer extends z.ZodType = z.ZodType,
  Refuses extends boolean = boolean,
  Key extends KeyRule = KeyRule,
> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** With `{names}` of what stands in it. */
  path: Path;
  /** A sentence without a full stop. */
  summary: string;
  /** What is worth knowing beside it. */
  description?: string;
  /** Who may ask; for others there is nothing here. */
  roles: readonly Role[];
  /** zod schema of the query: the engine's own. Its fields say what the texts of a URL are read as. */
  query?: Query;
  /** zod schema of the body, made of the engine's own. */
  body?: Body;
  answer: Answer;
  /** Whether the Idempotency-Key header must be there; readings have none. */
  key?: Key;
  /** True where it may be refused for a reason of business, as commands are. */
  refuses?: Refuses;
  /** What the engine calls what a caller knows by another name, or, where it is '', by none: `{ id: 'rewardId' }`. */
  words?: Readonly<Record<string, string>>;
  /** True where the answer has an ETag: it is polled. */
  etag?: boolean;
  /** True where a list is answered: `fields` names fields of its items. */
  list?: string;
  run(call: Call<Path, Query, Body>): Promise<Given<z.output<Answer>>>;
}

/** Any route, where only its data matters. */
// biome-ignore lint/suspicious/noExplicitAny: the types of a route's parts are its own
export type AnyRoute = Route<any, any, any, any, any, any>;

/** States a route; its types are inferred from its path and its schemas. */
export function route<
  const Path extends string,
  Answer extends z.ZodType,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodObject | undefined = undefined,
  const Refuses extends boolean = false,
  const Key extends KeyRule = 'none',
>(
  definition: Route<Path, Query, Body, Answer, Refuses, Key>,
): Route<Path, Query, Body, Answer, Refuses, Key> {
  return definition;
}
