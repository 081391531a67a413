import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

export interface PgbenchOptions {
  clients: number;
  seconds: number;
}

export interface PgbenchResult {
  /** Transactions a second, without the time to connect. */
  tps: number;
  /** Of pgbench, not of the server. */
  version: string;
  latencyAverageMs: number;
}

const scale = 10;
const warmUpSeconds = 2;

/**
 * The throughput of PostgreSQL's own benchmark (pgbench, TPC-B-like, scale 10) on a server, in a database of its own
 * that is gone afterwards. Resolves to what is `missing` where pgbench is not installed; rejects where it fails.
 */
export async function runPgbench(
  url: string,
  { clients, seconds }: PgbenchOptions,
): Promise<PgbenchResult | { missing: string }> {
  const found = await findPgbench();
  if (!found) return { missing: 'pgbench is neither on the PATH nor in /usr/lib/postgresql/*/bin' };
  const database = `pgbench_${randomBytes(6).toString('hex')}`;
  const server = new pg.Client(url);
  await server.connect();
  try {
    await server.query(`create database ${database}`);
    const pgbench = async (...args: string[]) => (await runOn(found.command, url, database, args)).stdout;
    await pgbench('--initialize', '--quiet', `--scale=${scale}`);
    const load = [`--client=${clients}`, `--jobs=${Math.min(2, clients)}`];
    await pgbench(...load, `--time=${warmUpSeconds}`);
    const report = await pgbench(...load, `--time=${seconds}`);
    return {
      tps: numberIn(report, /^tps = ([\d.]+) \(without initial connection time\)$/m),
      version: found.version,
      latencyAverageMs: numberIn(report, /^latency average = ([\d.]+) ms$/m),
    };
  } finally {
    await server.query(`drop database if exists ${database} with (force)`);
    await server.end();
  }
}

/** The first pgbench that runs: of the PATH, then Debian's, newest first. */
async function findPgbench(): Promise<{ command: string; version: string } | undefined> {
  for (const command of ['pgbench', ...debianPgbenches()]) {
    try {
      const { stdout } = await run(command, ['--version']);
      return { command, version: stdout.trim() };
    } catch {
      // Not there, or a wrapper around one that is not there: the next may be.
    }
  }
  return undefined;
}

function debianPgbenches(): string[] {
  const parent = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(parent).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(parent, version, 'bin', 'pgbench'));
  } catch {
    return [];
  }
}

function runOn(command: string, url: string, database: string, args: readonly string[]) {
  const target = new URL(url);
  const password = decodeURIComponent(target.password);
  target.pathname = `/${database}`;
  // Not on the command line, where every user of the machine reads it.
  target.password = '';
  const env = password === '' ? process.env : { ...process.env, PGPASSWORD: password };
  return run(command, [...args, target.href], { env });
}

function numberIn(report: string, pattern: RegExp): number {
  const [, text] = pattern.exec(report) ?? [];
  if (text === undefined) throw new Error(`pgbench reported no ${pattern.source}:\n${report}`);
  return Number(text);
}
