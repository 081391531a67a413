import { createLoyalty, type Loyalty, type LoyaltyOptions, type PinHasher } from '@loyalty-engine/core';
import { openSqliteStore } from '@loyalty-engine/sqlite';
import { type ManualClock, manualClock, sequentialIds } from '@loyalty-engine/testing';
import BetterSqlite3 from 'better-sqlite3';
import {
  createLoyaltyClient,
  createLoyaltyHandler,
  type LoyaltyClient,
  type LoyaltyHandler,
  type LoyaltyHandlerOptions,
} from '../src/index.ts';
import { checkedHandler } from './checked-handler.ts';
import { type Company, foundCompany } from './company.ts';
import { principalOf } from './principals.ts';

/** Keeps PINs almost as they are: what is told here does not depend on the hash. */
const pins: PinHasher = {
  hash: async (pin) => `of ${pin}`,
  verify: async (pin, hash) => hash === `of ${pin}`,
};

/** What is stored, by table. */
export type Dump = ReadonlyMap<string, string>;

export interface World {
  loyalty: Loyalty;
  clock: ManualClock;
  cathay: Company;
  other: Company;
  /** The API; every answer is checked against the OpenAPI document. */
  handler: LoyaltyHandler;
  /** A request by one of `principals`; without a token by nobody. */
  send(token: string | null, path: string, init?: RequestInit): Promise<Response>;
  client(token: string): LoyaltyClient;
  /** Everything that is stored, but what grows on purpose: counts of PIN attempts, and keys that were used. */
  dump(): Dump;
  /** True while nothing at all was written since it was opened. */
  isUntouched(): boolean;
  /** What was told to `onError`. */
  errors: unknown[];
}

export type WorldOptions = Partial<Pick<LoyaltyOptions, 'maxQueue' | 'store'>> &
  Partial<Omit<LoyaltyHandlerOptions, 'onError'>>;

interface Begun {
  image: Buffer;
  cathay: Company;
  other: Company;
}

const start = '2026-01-15T10:00:00Z';
let begun: Promise<Begun> | undefined;

/** Two merchants on an engine with a database of its own, and the API before it. */
export async function openWorld({ maxQueue, store, ...options }: WorldOptions = {}): Promise<World> {
  begun ??= begin();
  const { image, cathay, other } = await begun;
  const database = new BetterSqlite3(image);
  const clock = manualClock(start);
  clock.advance({ minutes: 1 });
  const loyalty = createLoyalty({
    ...{ store: store ?? openSqliteStore({ database }), clock, ids: sequentialIds('new'), pins },
    ...(maxQueue !== undefined && { maxQueue }),
  });
  const errors: unknown[] = [];
  const writesBefore = writesOf(database);
  const handler = checkedHandler(
    createLoyaltyHandler(loyalty, {
      authenticate: principalOf,
      onError: (error) => errors.push(error),
      ...options,
    }),
  );
  return {
    ...{ loyalty, clock, cathay, other, handler, errors },
    send: (token, path, init = {}) => handler(requestOf(token, `${handler.basePath}${path}`, init)),
    client: (token) =>
      createLoyaltyClient({
        baseUrl: `http://shop.test${handler.basePath}`,
        headers: { authorization: `Bearer ${token}` },
        fetch: (url, init) => handler(new Request(url, init)),
      }),
    dump: () => dumpOf(database),
    isUntouched: () => writesOf(database) === writesBefore,
  };
}

/** A write's request: a body as JSON, under a key. */
export function writing(body: unknown, { method = 'POST', key = 'key-1' } = {}): RequestInit {
  return {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
  };
}

async function begin(): Promise<Begun> {
  const database = new BetterSqlite3(':memory:');
  const store = openSqliteStore({ database });
  const loyalty = createLoyalty({ store, clock: manualClock(start), ids: sequentialIds(), pins });
  const cathay = await foundCompany(loyalty, 'cathay');
  const other = await foundCompany(loyalty, 'other');
  await loyalty.close();
  const image = database.serialize();
  database.close();
  return { image, cathay, other };
}

function requestOf(token: string | null, path: string, init: RequestInit): Request {
  const request = new Request(`http://shop.test${path}`, init);
  if (token !== null) request.headers.set('authorization', `Bearer ${token}`);
  return request;
}

function dumpOf(database: BetterSqlite3.Database): Dump {
  const tables = database
    .prepare("select name from sqlite_master where type = 'table' and name like 'loyalty_%' order by name")
    .pluck()
    .all() as string[];
  const kept = tables.filter((table) => !/pin_attempts|requests/.test(table));
  return new Map(
    kept.map((table) => [table, JSON.stringify(database.prepare(`select * from ${table}`).raw().all())]),
  );
}

/** How many rows the connection has written. */
function writesOf(database: BetterSqlite3.Database): unknown {
  return database.prepare('select total_changes()').pluck().get();
}

/** Tables whose rows are not the same. */
export function changedTables(before: Dump, after: Dump): string[] {
  return [...after.keys()].filter((table) => before.get(table) !== after.get(table));
}
