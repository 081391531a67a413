import type { Loyalty } from '@loyalty-engine/core';
import type { ManualClock } from '@loyalty-engine/testing';
import fc from 'fast-check';
import { createLoyaltyHandler, type LoyaltyHandler } from '../src/create-loyalty-handler.ts';
import { openApiDocument } from '../src/openapi.ts';
import { routes } from '../src/routes/index.ts';
import type { Known } from './arbitrary-of-schema.ts';
import { type BusyCompanies, type Caller, openCompanies } from './busy-company.ts';
import { checkedHandler } from './checked-handler.ts';
import { type RandomRequest, randomRequests, toWire, type WireRequest } from './random-request.ts';

export interface FuzzOptions {
  loyalty: Loyalty;
  clock: ManualClock;
  runs: number;
  /** What chooses the requests; a failure names it. Default: other ones each time. */
  seed?: number;
}

/** What became of the requests. */
export interface FuzzedRequests {
  /** How often each status was answered. */
  statuses: Map<number, number>;
  /** The operations that were carried out at least once. */
  done: Set<string>;
}

const requestsAtOnce = 200;
const mostMilliseconds = 10_000;
const mostOfAName = 30;

/**
 * Sends requests that are drawn from the OpenAPI document, half of them broken in one place, by all kinds of callers. Each must
 * be answered below 500, with what the document says, within seconds; no prototype may be polluted, and the books must add up.
 *
 * @throws Error naming the request and the seed.
 */
export async function fuzzRequests({ loyalty, clock, runs, seed }: FuzzOptions): Promise<FuzzedRequests> {
  const chosen = seed ?? Math.floor(Math.random() * 2 ** 31);
  const requests = randomRequests(openApiDocument(routes));
  let names = new Map<string, unknown[]>();
  let callers: BusyCompanies['callers'] = [];
  const result: FuzzedRequests = { statuses: new Map(), done: new Set() };
  const defects: unknown[] = [];
  const api = createLoyaltyHandler(loyalty, {
    authenticate: (_request, host) => host as Caller,
    onError: (error) => defects.push(error),
  });
  const handler = checkedHandler(api);
  const prototypes = namesOfPrototypes();
  const send = async (request: RandomRequest, number: number) => {
    const wire = toWire(request, (known) => pick(names, known));
    try {
      const caller = callerOf(callers, request);
      const { status, json } = await answerTo(handler, wire, caller);
      if (defects.length > 0) throw defects[0];
      if (namesOfPrototypes() !== prototypes) throw new Error('polluted a prototype');
      result.statuses.set(status, (result.statuses.get(status) ?? 0) + 1);
      if (status === 200 && request.broken.way === 'nothing') result.done.add(request.operation);
      gather(names, json);
    } catch (thrown) {
      // A 500 says nothing of why; what was told to `onError` does.
      const error = defects[0] ?? thrown;
      const told = `request ${number} of seed ${chosen}: ${worded(wire)}`;
      throw new Error(`${told}\n${error instanceof Error ? error.stack : String(error)}`, { cause: error });
    }
  };
  for (let sent = 0; sent < runs; sent += requestsAtOnce) {
    const opened = await openCompanies(loyalty, sent);
    names = new Map(Object.entries(opened.names).map(([name, all]) => [name, [...all]]));
    callers = opened.callers;
    const numRuns = Math.min(requestsAtOnce, runs - sent);
    for (const [index, request] of fc.sample(requests, { numRuns, seed: chosen + sent }).entries()) {
      await send(request, sent + index + 1);
      if (index % 20 === 0) clock.advance({ minutes: 45 });
    }
  }
  const verified = await loyalty.verify();
  if (!verified.ok)
    throw new Error(`seed ${chosen}: the books do not add up: ${JSON.stringify(verified.problems)}`);
  return result;
}

/** Mostly somebody who may ask for it. */
function callerOf(
  callers: BusyCompanies['callers'],
  { caller: { among, at }, roles }: RandomRequest,
): Caller {
  const able = callers.filter((one) => one !== null && roles.includes(one.role));
  const from = among === 'able' ? able : callers;
  return from[Math.floor(at * from.length)] ?? null;
}

async function answerTo(
  handler: LoyaltyHandler,
  { method, target, headers, body }: WireRequest,
  caller: Caller,
): Promise<{ status: number; json: unknown }> {
  const request = new Request(`http://shop.example${target}`, {
    method,
    headers,
    body: body as BodyInit | null,
  });
  const startedAt = performance.now();
  const response = await handler(request, caller);
  const text = await response.text();
  const took = performance.now() - startedAt;
  const { status } = response;
  if (took > mostMilliseconds) throw new Error(`took ${Math.round(took)} ms`);
  if (status >= 500) throw new Error(`was answered with ${status}: ${text}`);
  const type = response.headers.get('content-type');
  if (status === 304 || method === 'HEAD') {
    if (text !== '') throw new Error(`${status} has a body`);
    return { status, json: null };
  }
  const expected = status === 200 ? 'application/json' : 'application/problem+json';
  if (type !== expected) throw new Error(`was answered with ${status} and ${type}: ${text.slice(0, 500)}`);
  return { status, json: JSON.parse(text) };
}

function pick(names: ReadonlyMap<string, readonly unknown[]>, { name, at }: Known): unknown {
  const all = names.get(name) ?? [name];
  return all[Math.floor(at * all.length)];
}

/** Fields of answers that requests may name things by, where their names differ. */
const namedAs: Readonly<Record<string, string>> = { voucherCode: 'code', nextCursor: 'cursor' };
const gathered = new Set(['cardId', 'cardNumber', 'qrToken', 'holdId', 'code', 'cursor']);

/** Notes what an answer names, so that later requests can name it too: the newest, and some of all. */
function gather(names: Map<string, unknown[]>, json: unknown): void {
  if (typeof json !== 'object' || json === null) return;
  for (const [field, value] of Object.entries(json)) {
    const name = namedAs[field] ?? field;
    const all = names.get(name);
    if (typeof value !== 'string' || !gathered.has(name) || !all) gather(names, value);
    else if (!all.includes(value)) {
      // The first ones stay: those are of cards on which something has happened.
      if (all.length >= mostOfAName) all.splice(12, 1);
      all.push(value);
    }
  }
}

function worded({ method, target, headers, body }: WireRequest): string {
  const text = body === null ? '' : new TextDecoder().decode(body);
  return `${method} ${target.slice(0, 1_000)} ${JSON.stringify(headers).slice(0, 500)} ${text.slice(0, 2_000)}`;
}

function namesOfPrototypes(): string {
  return [Object.prototype, Array.prototype, Function.prototype, String.prototype]
    .flatMap((prototype) => Reflect.ownKeys(prototype).map(String))
    .join();
}
