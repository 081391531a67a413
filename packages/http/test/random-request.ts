import fc from 'fast-check';
import type { OpenApiDocument } from '../src/openapi.ts';
import { arbitraryOf, type DocumentSchema, Known, known } from './arbitrary-of-schema.ts';
import {
  hostileBodies,
  hostileHeaders,
  hostileNames,
  hostileParts,
  hostileQueries,
  hostileValues,
  oddMethods,
} from './hostile-json.ts';

/** A request that was drawn from the document; what it names is filled in when it is sent. */
export interface RandomRequest {
  operation: string;
  method: string;
  path: string;
  parts: Readonly<Record<string, unknown>>;
  query: Readonly<Record<string, unknown>>;
  key: unknown;
  body: unknown;
  /** The roles that may ask for it, by the document. */
  roles: readonly string[];
  /** Who sends it: one of those, or one of all callers; `at`, from 0 to 1, says which one. */
  caller: { among: 'able' | 'all'; at: number };
  /** What is broken in it: a way, and four numbers that choose. */
  broken: { way: Way; dice: readonly [number, number, number, number] };
}

const ways = ['nothing', 'field', 'body', 'path', 'query', 'method', 'header', 'parameter'] as const;
type Way = (typeof ways)[number];

/** What goes over the wire. */
export interface WireRequest {
  method: string;
  /** Path and query. */
  target: string;
  headers: Record<string, string>;
  body: Uint8Array | null;
}

interface Operation {
  operationId: string;
  description: string;
  parameters?: readonly { in: string; name: string; required?: boolean; schema: DocumentSchema }[];
  requestBody?: { content: { 'application/json': { schema: DocumentSchema } } };
}

const rarely = new Set(['admin.verify']);

/** Requests made from the document: about half of them as it says, the others broken in one place. */
export function randomRequests(document: OpenApiDocument): fc.Arbitrary<RandomRequest> {
  const paths = Object.entries(document.paths ?? {}) as [string, Record<string, Operation>][];
  const schemas = (document.components?.schemas ?? {}) as Record<string, DocumentSchema>;
  const requests = paths.flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      weight: rarely.has(operation.operationId) ? 1 : 20,
      arbitrary: requestsOf(path, method.toUpperCase(), operation, schemas),
    })),
  );
  return fc.oneof(...requests);
}

const die = fc.noBias(fc.nat({ max: 2 ** 20 }));
const broken = fc.record({
  way: fc.oneof(
    { weight: 5, arbitrary: fc.constant('nothing' as const) },
    { weight: 5, arbitrary: fc.constantFrom(...ways) },
  ),
  dice: fc.tuple(die, die, die, die),
});
const key = fc.oneof(
  { weight: 8, arbitrary: fc.uuid() },
  { weight: 2, arbitrary: fc.constantFrom('key-1', 'key-2', 'key-3') },
);

function requestsOf(
  path: string,
  method: string,
  { operationId, description, parameters = [], requestBody }: Operation,
  schemas: Readonly<Record<string, DocumentSchema>>,
): fc.Arbitrary<RandomRequest> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const inQuery = parameters.filter((one) => one.in === 'query' && one.name !== 'fields');
  const query = inQuery.map(({ name, schema }) => [
    name,
    fc.oneof(
      { weight: 1, arbitrary: arbitraryOf(schema, schemas, name) },
      { weight: 2, arbitrary: fc.constant(undefined) },
    ),
  ]);
  const takesKey = parameters.some(({ name }) => name === 'Idempotency-Key');
  const bodySchema = requestBody?.content['application/json'].schema;
  return fc.record({
    operation: fc.constant(operationId),
    method: fc.constant(method),
    path: fc.constant(path),
    parts: fc.record(Object.fromEntries(names.map((name) => [name, known(name)]))),
    query: fc.record(Object.fromEntries(query)),
    key: takesKey ? key : fc.constant(undefined),
    body: bodySchema ? arbitraryOf(bodySchema, schemas) : fc.constant(undefined),
    roles: fc.constant(rolesOf(description)),
    caller: fc.record({
      among: fc.oneof(
        { weight: 4, arbitrary: fc.constant('able' as const) },
        { weight: 1, arbitrary: fc.constant('all' as const) },
      ),
      at: die.map((number) => number / (2 ** 20 + 1)),
    }),
    broken,
  });
}

/** The document says it in the last sentence of a description. */
function rolesOf(description: string): string[] {
  return /For ([\w, ]+)\.$/.exec(description)?.[1]?.split(', ') ?? [];
}

/** The request as it is sent, with what it names taken from what there is. */
export function toWire(request: RandomRequest, pick: (known: Known) => unknown): WireRequest {
  const filled = (value: unknown): unknown => {
    if (value instanceof Known) return pick(value);
    if (Array.isArray(value)) return value.map(filled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, filled(field)]));
  };
  const { way, dice } = request.broken;
  const from = <Value>(values: readonly Value[], place: 0 | 1 | 2 | 3): Value =>
    values[dice[place] % values.length] as Value;
  const partOf = (name: string) => encodeURIComponent(String(filled(request.parts[name])).toWellFormed());
  const names = Object.keys(request.parts);
  const oddPart = way === 'path' && names.length > 0 ? from(names, 0) : null;
  const path = request.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    name === oddPart ? from(hostileParts, 1) : partOf(name),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    if (value === undefined) continue;
    const text = way === 'parameter' ? textOf(from(hostileValues, 1)).slice(0, 5_000) : String(filled(value));
    query.append(name, text);
  }
  const method = way === 'method' ? from(oddMethods, 0) : request.method;
  const queries = [
    ...(query.size > 0 ? [String(query)] : []),
    ...(way === 'query' ? [from(hostileQueries, 0)] : []),
  ];
  const target = `${path}${way === 'path' && oddPart === null ? `/${from(hostileParts, 1)}` : ''}${
    queries.length > 0 ? `?${queries.join('&')}` : ''
  }`;
  const headers: Record<string, string> = {
    ...(request.body !== undefined && { 'content-type': 'application/json' }),
    ...(request.key !== undefined && { 'idempotency-key': String(request.key) }),
    ...(way === 'header' && from(hostileHeaders, 0)),
  };
  for (const name of Object.keys(headers)) if (headers[name] === '') delete headers[name];
  const mayHaveBody = method !== 'GET' && method !== 'HEAD';
  return { method, target, headers, body: mayHaveBody ? bodyOf() : null };

  function bodyOf(): Uint8Array | null {
    if (way === 'body') return bytes(from(hostileBodies, 0));
    if (request.body === undefined) return null;
    const body = filled(request.body);
    if (way === 'field') breakField(body, dice);
    return bytes(JSON.stringify(body));
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function bytes(body: string | Uint8Array): Uint8Array {
  return typeof body === 'string' ? new TextEncoder().encode(body) : body;
}

interface Place {
  holder: Record<string, unknown>;
  name: string;
}

/** Breaks one field of a body, anywhere in it: it goes, is another thing, or gets company. */
function breakField(
  body: unknown,
  [place, way, value, name]: readonly [number, number, number, number],
): void {
  const places = placesIn(body);
  const chosen = places[place % Math.max(1, places.length)] ?? {
    holder: body as Place['holder'],
    name: 'extra',
  };
  const hostile = structuredClone(hostileValues[value % hostileValues.length]);
  const own = way % 4 === 1 ? (hostileNames[name % hostileNames.length] ?? '') : chosen.name;
  if (way % 4 === 0) delete chosen.holder[chosen.name];
  else
    Object.defineProperty(chosen.holder, own, {
      value: hostile,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesIn(holder[name])]);
}
