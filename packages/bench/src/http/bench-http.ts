import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StoreName } from '../flags.ts';
import { postgresArena } from '../postgres-arena.ts';
import { sqliteArena } from '../sqlite-arena.ts';
import { rateTable, verdicts } from './http-report.ts';
import { logIn } from './log-in.ts';
import { connections, customers, type Measured, measured } from './measured.ts';
import type { Senders } from './request-kinds.ts';
import { sendRequests, type Turn } from './send-requests.ts';
import { type ShopServer, startShopServer } from './start-shop-server.ts';

export interface HttpOptions {
  /** Seconds of measuring for each kind of request, shared out over the rounds. */
  seconds: number;
  rounds: number;
  directory: string;
}

export interface HttpTurn extends Turn {
  /** Of one core: what the shop's process used of the processor. */
  busy: number;
}

/** The turns of one kind of request on one store. */
export interface HttpCell {
  kind: Measured;
  turns: HttpTurn[];
}

/** The shop over HTTP on each store, beside a constant answer and what is written by hand, in turns. */
export async function benchHttp(stores: readonly StoreName[], options: HttpOptions): Promise<string> {
  const parts: string[] = [];
  const judged: { store: StoreName; cells: HttpCell[] }[] = [];
  for (const store of stores) {
    const { cells, description } = await benchOn(store, options);
    parts.push(description, rateTable(cells));
    judged.push({ store, cells });
  }
  return [...parts, verdicts(judged)].join('\n\n');
}

async function benchOn(
  store: StoreName,
  options: HttpOptions,
): Promise<{ cells: HttpCell[]; description: string }> {
  const folder = mkdtempSync(join(options.directory, 'http-bench-'));
  const arena = store === 'postgres' ? postgresArena() : sqliteArena(folder);
  try {
    const databaseUrl = (await arena.emptyDatabase?.()) ?? null;
    const server = await startShopServer({ databaseUrl, folder, customers });
    const { serviceKey } = server;
    const senders = { connections, serviceKey, cookies: await logIn(server.url, customers) };
    const cells = await measure(store, server, senders, options);
    const problems = await server.ask('check');
    if (problems.length > 0) throw new Error(`The books do not add up:\n${problems.slice(0, 10).join('\n')}`);
    await server.ask('stop');
    return { cells, description: arena.describe() };
  } finally {
    await arena.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  store: StoreName,
  server: ShopServer,
  senders: Senders,
  { seconds, rounds }: HttpOptions,
): Promise<HttpCell[]> {
  const cells = measured
    .filter(({ stores }) => stores.includes(store))
    .map((kind): HttpCell => ({ kind, turns: [] }));
  const each = seconds / rounds;
  // The first round only warms up: compiled code, plans, connections.
  for (const { kind } of cells) await takeTurn(server, senders, kind, each);
  for (let round = 0; round < rounds; round += 1) {
    // There and back, so that what grows in a round hits all alike.
    for (const { kind, turns } of round % 2 === 0 ? cells : cells.toReversed())
      turns.push(await takeTurn(server, senders, kind, each));
  }
  return cells;
}

async function takeTurn(
  server: ShopServer,
  senders: Senders,
  { requests: { status, requestsOf } }: Measured,
  seconds: number,
): Promise<HttpTurn> {
  const before = await server.ask('cpu');
  const turn = await sendRequests({
    url: server.url,
    connections,
    seconds,
    status,
    requestsOf: (connection) => requestsOf(senders, connection),
  });
  const micros = (await server.ask('cpu')) - before;
  // What was under way when the connections closed is still being done.
  await pause(300);
  return { ...turn, busy: micros / 1_000_000 / turn.seconds };
}
