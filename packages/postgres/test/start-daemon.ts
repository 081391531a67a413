import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresUser } from './postgres-user.ts';
import type { ReapedFolder } from './reaped-folder.ts';

const startTimeoutMs = 30_000;

/** A process in the background. */
export interface Daemon {
  pid: number;
  /** Whether it has not ended yet. */
  running(): boolean;
  /** Sends a signal, and resolves once the process has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface DaemonStart {
  command: string;
  parameters: string[];
  /** Its working directory; what it says goes to a file `log` there. */
  folder: ReapedFolder;
  /** Asked again and again until it is true. */
  ready: (pid: number) => boolean | Promise<boolean>;
}

/**
 * Starts a process as the user `postgres` that ends with this one at the latest.
 * @throws Error with its last messages when it ends before it is ready, or is not ready in half a minute.
 */
export async function startDaemon({ command, parameters, folder, ready }: DaemonStart): Promise<Daemon> {
  const log = openSync(join(folder.path, 'log'), 'a');
  // Detached: Ctrl+C must not end it before those who use it.
  const child = spawn(command, parameters, {
    ...postgresUser(),
    cwd: folder.path,
    detached: true,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  if (child.pid) folder.guard(child.pid);
  let running = true;
  let failure = '';
  const ended = new Promise<void>((resolve) => {
    const settle = (reason: unknown) => {
      if (running) folder.guard(undefined);
      if (reason instanceof Error) failure = reason.message;
      running = false;
      resolve();
    };
    child.once('exit', settle);
    child.once('error', settle);
  });
  const end = async (signal: NodeJS.Signals) => {
    child.ref();
    child.kill(signal);
    await ended;
  };
  const deadline = Date.now() + startTimeoutMs;
  while (child.pid === undefined || !running || !(await ready(child.pid))) {
    if (!running) throw new Error(`${command} did not start: ${failure}\n${lastMessages(folder)}`);
    if (Date.now() > deadline) {
      await end('SIGKILL');
      throw new Error(`${command} is not ready after ${startTimeoutMs} ms:\n${lastMessages(folder)}`);
    }
    await sleep(10);
  }
  return { pid: child.pid, running: () => running, end };
}

function lastMessages(folder: ReapedFolder): string {
  return readFileSync(join(folder.path, 'log'), 'utf8').split('\n').slice(-30).join('\n');
}
