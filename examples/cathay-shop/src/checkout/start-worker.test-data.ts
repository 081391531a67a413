import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Starts a script as a process of its own, from source. It is killed after the test, if it still runs then. */
export function startWorker(script: URL, ...parameters: string[]): ChildProcess {
  const worker = fork(fileURLToPath(script), parameters, {
    cwd: root,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}

/** The next message of a worker. @throws Error when it ends instead. */
export async function nextMessage(worker: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  try {
    return await Promise.race([
      once(worker, 'message', { signal: ended.signal }).then(([message]) => message),
      once(worker, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`The worker ended with ${String(code)}`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}

/** Kills a worker as the system would, without a word, and waits until it is gone. */
export async function killWorker(worker: ChildProcess): Promise<void> {
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
}
