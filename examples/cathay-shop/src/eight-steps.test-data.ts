import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createLoyaltyClient, type LoyaltyClient } from '@loyalty-engine/http';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { type LedgerLine, openLedger } from './payments/simulator-ledger.ts';
import { cookieIn, credentialsOf, temporaryFolder } from './server/shop-in-test.test-data.ts';
import { startShop } from './server/shop-process.test-data.ts';

/** What the shop answered to one request. */
export interface Answered {
  status: number;
  replayed: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: what the shop answers is what the test looks at
  body: any;
}

/** Somebody with a browser: their requests carry the cookie of their session. */
export interface Visitor {
  get(path: string): Promise<Answered>;
  post(path: string, body: unknown, idempotencyKey?: string): Promise<Answered>;
  /** The loyalty API, as they may use it. */
  loyalty: LoyaltyClient;
}

/** A shop in a process of its own, with nothing in it but what the first start makes. */
export interface RunningShop {
  nobody: Visitor;
  logIn(id: 'sachin' | 'admin'): Promise<Visitor>;
  /** What the payment simulator's own books say of an order. */
  charges(orderId: string): LedgerLine | undefined;
  /** Sends SIGTERM. Gives the code with which the process has ended. */
  stop(): Promise<number | null>;
}

/** Starts the shop as `npm start` does; `postgresUrl` says where to make a database for it, null keeps all in SQLite. */
export async function runShop(postgresUrl: string | null): Promise<RunningShop> {
  const folder = temporaryFolder();
  const variables = { DATA_FOLDER: folder, LOG_LEVEL: 'warn' };
  const database: Record<string, string> =
    postgresUrl === null ? {} : { DATABASE_URL: await newDatabase(postgresUrl) };
  const shop = startShop({ ...variables, ...database });
  const url = await shop.open();
  const nobody = visitorAt(url, '');
  return {
    nobody,
    async logIn(id) {
      const response = await post(`${url}/login`, {}, credentialsOf(id));
      if (response.status !== 200) throw new Error(`The login of ${id} was answered with ${response.status}`);
      return visitorAt(url, cookieIn(response));
    },
    charges(orderId) {
      const ledger = openLedger(join(folder, 'payments.sqlite'));
      const line = ledger.lines().find((each) => each.orderId === orderId);
      ledger.close();
      return line;
    },
    stop() {
      shop.child.kill('SIGTERM');
      return shop.ended();
    },
  };
}

function visitorAt(url: string, cookie: string): Visitor {
  const headers: Record<string, string> = cookie === '' ? {} : { cookie };
  return {
    get: async (path) => answered(await fetch(url + path, { headers })),
    async post(path, body, idempotencyKey) {
      const key: Record<string, string> =
        idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
      return answered(await post(url + path, { ...headers, ...key }, body));
    },
    loyalty: createLoyaltyClient({ baseUrl: `${url}/loyalty`, headers }),
  };
}

function post(url: string, headers: Record<string, string>, body: unknown): Promise<Response> {
  const json = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) });
}

async function answered(response: Response): Promise<Answered> {
  const replayed = response.headers.get('idempotent-replayed') === 'true';
  return { status: response.status, replayed, body: await response.json() };
}

/** A database that is dropped after the test. */
async function newDatabase(serverUrl: string): Promise<string> {
  const name = `eight_steps_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await ask(serverUrl, `CREATE DATABASE ${name}`);
  onTestFinished(() => ask(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`));
  return url.href;
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
