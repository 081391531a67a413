import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** The shop in a process of its own. */
export interface ShopProcess {
  child: ChildProcess;
  /** All that it has printed, errors included. */
  output(): string;
  /** Where it can be opened, once it says so. @throws Error with its output when it ends instead. */
  open(): Promise<string>;
  /** The code it ends with. */
  ended(): Promise<number | null>;
}

/** Starts a command in the repository's root. What is left of it is killed after the test. */
export function startProcess(
  command: string,
  args: string[],
  variables: Record<string, string>,
): ShopProcess {
  const { PATH = '', HOME = '' } = process.env;
  // A group of its own: killing that reaches also what npm has started.
  const child = spawn(command, args, { cwd: root, env: { PATH, HOME, ...variables }, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
  // Not `exit`: there may be output that was not read yet.
  const exit = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // All of it has ended.
    }
  });
  const announced = async (): Promise<string> => {
    for (;;) {
      const url = /Cathay Shop is open: (\S+)/.exec(output)?.[1];
      if (url && output.includes('Ctrl+C')) return url;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    child,
    output: () => output,
    open: () =>
      Promise.race([
        announced(),
        exit.then((code) => {
          throw new Error(`It ended with ${code}:\n${output}`);
        }),
      ]),
    ended: () => exit,
  };
}

/** Starts the shop itself, as `npm start` does. */
export function startShop(variables: Record<string, string>): ShopProcess {
  const index = fileURLToPath(new URL('../index.ts', import.meta.url));
  return startProcess(process.execPath, ['--import', 'tsx', index], { PORT: '0', ...variables });
}
