import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Starts a script of this folder as a process of its own, from source. */
export function startWorker(script: string, ...parameters: string[]): ChildProcess {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return fork(file, parameters, {
    cwd: root,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** The next message of a worker. @throws Error when it ends instead. */
export async function nextMessage<Message>(worker: ChildProcess): Promise<Message> {
  const ended = new AbortController();
  try {
    return await Promise.race([
      once(worker, 'message', { signal: ended.signal }).then(([message]) => message as Message),
      once(worker, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`The worker ended with ${String(code)}`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}
