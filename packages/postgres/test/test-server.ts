import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { postgresUser } from './postgres-user.ts';
import { type ReapedFolder, reapedFolder } from './reaped-folder.ts';
import { type Daemon, startDaemon } from './start-daemon.ts';

const lingeringBackends = 'pre-existing shared memory block';
const lingeringTimeoutMs = 10_000;

// Shared memory in files of the data folder, and not of the system, where a crash would leave them.
const withoutTraces = 'dynamic_shared_memory_type=mmap';

/** A PostgreSQL server on the loopback interface with data of its own. */
export interface TestServer {
  port: number;
  /** The postmaster; another one after a restart. */
  readonly pid: number;
  /** Where to connect as superuser. The database is `postgres` unless another is named. */
  url(database?: string): string;
  /** Breaks the server off as a crash does: what was not on disk is gone. Its data stays for `restart`. */
  kill(signal?: 'SIGQUIT' | 'SIGKILL'): Promise<void>;
  /** Starts it on the same port and data, after `kill` or however else it ended; one that runs is ended first. */
  restart(): Promise<void>;
  /** Ends the server, breaks its connections, and removes its data. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL 18 in about a second. It is durable as servers are; the flags are those of `postgres`, such as
 * `['-c', 'fsync=off']`. Nothing of it outlives the calling process, even if that is killed. Not for Windows.
 */
export async function startServer({ flags = [] }: { flags?: string[] } = {}): Promise<TestServer> {
  const binaries = await postgresBinaries();
  const folder = reapedFolder('loyalty-postgres-');
  try {
    const password = randomUUID();
    await initialise(binaries, folder, password);
    const port = await freePort();
    const start = () => startPostmaster(binaries, folder, port, flags);
    let postmaster = await start();
    return {
      port,
      get pid() {
        return postmaster.pid;
      },
      url: (database = 'postgres') => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`,
      kill: (signal = 'SIGQUIT') => postmaster.end(signal),
      restart: async () => {
        if (postmaster.running()) await postmaster.end('SIGINT');
        postmaster = await start();
      },
      stop: async () => {
        if (postmaster.running()) await postmaster.end('SIGINT');
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

const dataIn = (folder: ReapedFolder) => join(folder.path, 'data');

async function initialise(
  { initdb }: PostgresBinaries,
  folder: ReapedFolder,
  password: string,
): Promise<void> {
  const passwordFile = join(folder.path, 'password');
  // The folder is closed to others, so the file may be readable for the user that initdb runs as.
  writeFileSync(passwordFile, password, { mode: 0o644 });
  const parameters = [
    `--pgdata=${dataIn(folder)}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=password',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
    `--set=${withoutTraces}`,
  ];
  const running = promisify(execFile)(initdb, parameters, { ...postgresUser(), cwd: folder.path });
  folder.guard(running.child.pid);
  await running;
  folder.guard(undefined);
  rmSync(passwordFile);
}

async function startPostmaster(
  { postgres }: PostgresBinaries,
  folder: ReapedFolder,
  port: number,
  flags: string[],
): Promise<Daemon> {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    // A crash would leave the file of a socket in /tmp.
    unix_socket_directories: '',
    max_connections: 200,
  };
  const parameters = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const start = {
    command: postgres,
    parameters: ['-D', dataIn(folder), ...parameters, ...flags],
    folder,
    ready: (pid: number) => isReady(folder, pid),
  };
  const deadline = Date.now() + lingeringTimeoutMs;
  for (;;) {
    try {
      return await startDaemon(start);
    } catch (error) {
      // The backends of a postmaster that was killed alone need a moment to notice.
      if (!String(error).includes(lingeringBackends) || Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

/** Reads the state where pg_ctl does: first line the process, eighth line `ready`. */
function isReady(folder: ReapedFolder, pid: number): boolean {
  try {
    const lines = readFileSync(join(dataIn(folder), 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
