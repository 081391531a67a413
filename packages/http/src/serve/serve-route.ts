import type { Loyalty } from '@loyalty-engine/core';
import type { Context } from 'hono';
import { actorOf, merchantOf, type Principal } from '../principal.ts';
import {
  type FieldError,
  invalidRequest,
  type Problem,
  problem,
  problemOfError,
  problemOfRefusal,
} from '../problem.ts';
import type { AnyRoute, Call } from '../route.ts';
import { digest, sortedJson } from './digest.ts';
import { pickFields, wantedFields } from './pick-fields.ts';
import { readBody } from './read-body.ts';
import { readQuery } from './read-query.ts';
import { answerResponse, problemResponse, taggedResponse } from './respond.ts';

interface Serving {
  loyalty: Loyalty;
  maxBodyBytes: number;
  /** Who makes the request; null: nobody. */
  principalOf(context: Context): Promise<Principal | null>;
}

/** Answers a route: who it is, what they say, what the engine makes of it. */
export function serveRoute(serving: Serving): (route: AnyRoute, context: Context) => Promise<Response> {
  return async (route, context) => {
    const principal = await serving.principalOf(context);
    if (!principal)
      return problemResponse(problem('UNAUTHENTICATED', { headers: { 'www-authenticate': 'Bearer' } }));
    if (!route.roles.includes(principal.role)) return problemResponse(problem('NOT_FOUND'));
    const read = await readCall(serving, route, context, principal);
    if ('refused' in read) return problemResponse(read.refused);
    const { call, wanted } = read;
    try {
      const given = await route.run(call);
      if (given === null) return problemResponse(problem('NOT_FOUND'));
      if (given.ok === false) return problemResponse(problemOfRefusal(given));
      const { ok: _ok, replayed, ...facts } = given;
      const answer = pickFields(route, facts, wanted);
      return route.etag
        ? taggedResponse(answer, context.req.header('if-none-match') ?? null)
        : answerResponse(answer, { replayed });
    } catch (error) {
      const known = problemOfError(error, (field) => route.words?.[field] ?? wordedAs[field] ?? field);
      if (known) return problemResponse(known);
      throw error;
    }
  };
}

/** The engine's names of what a caller gives otherwise. */
const wordedAs: Readonly<Record<string, string>> = {
  idempotencyKey: 'Idempotency-Key',
  key: 'Idempotency-Key',
  scope: 'merchantId',
};

type AnyCall = Call<string, undefined, undefined>;

async function readCall(
  { loyalty, maxBodyBytes }: Serving,
  route: AnyRoute,
  context: Context,
  principal: Principal,
): Promise<{ call: AnyCall; wanted: Set<string> | null } | { refused: Problem }> {
  const { searchParams } = new URL(context.req.url);
  const fields = wantedFields(route, searchParams.getAll('fields'));
  searchParams.delete('fields');
  const query = readQuery(route.query, searchParams);
  const key = context.req.header('idempotency-key');
  const body = route.method === 'GET' ? { fields: {} } : await readBody(context.req.raw, maxBodyBytes);
  if ('refused' in body) return body;
  const errors = [...fields.errors, ...query.errors, ...unknownFields(route, body.fields)];
  if (errors.length > 0) return { refused: invalidRequest(errors.slice(0, 50)) };
  if (route.key === 'required' && key === undefined) return { refused: problem('IDEMPOTENCY_KEY_REQUIRED') };
  const params = context.req.param();
  const asked = () =>
    digest(`${route.method} ${route.path} ${sortedJson(params)} ${sortedJson(body.fields)}`);
  const call: Call<string, undefined, undefined> = {
    loyalty,
    principal,
    merchantId: merchantOf(principal),
    actor: actorOf(principal),
    idempotencyKey: route.key ? keyOf(principal, key) : undefined,
    fingerprint: asked,
    params,
    query: query.fields,
    body: body.fields,
  };
  return { call, wanted: fields.wanted };
}

/** A card's keys are those of all who write to it: a shopper's cannot be in the way of the shop's. */
function keyOf({ role }: Principal, key: string | undefined): string | undefined {
  return role === 'customer' && key !== undefined ? `customer:${key}` : key;
}

/** Fields that the body of a route has not: those that only the API may say among them. */
function unknownFields(route: AnyRoute, fields: Record<string, unknown>): FieldError[] {
  const known = route.body?.shape ?? {};
  return Object.keys(fields)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => ({ field: name.slice(0, 60), message: 'unknown field' }));
}
