import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresUser } from './postgres-user.ts';

// Reads which process to end (an empty line: none) until this process closes the pipe or is gone.
const script = `
runs() {
  kill -0 "$1" 2>/dev/null || return 1
  # In a container nobody may ever take note of the end of an orphan: Z for zombie.
  case $(cat "/proc/$1/stat" 2>/dev/null) in *') Z '*) return 1 ;; esac
}
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2>/dev/null
  tries=0
  while runs "$pid" && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
  kill -KILL "$pid" 2>/dev/null
fi
# Only a PostgreSQL that was killed by SIGKILL leaves this file, and the shared memory that its seventh line names.
memory=$(sed -n '7s/.* //p' "$1/data/postmaster.pid" 2>/dev/null)
[ -z "$memory" ] || ipcrm -m "$memory" 2>/dev/null
# Twice: processes of a server that did not end in order may still be writing.
rm -rf "$1" 2>/dev/null || { sleep 1; rm -rf "$1"; }
`;

/** A temporary folder of the user `postgres`, with at most one process that lives in it. */
export interface ReapedFolder {
  path: string;
  /** Names the process that must not outlive this one; `undefined` once it has ended. */
  guard(pid: number | undefined): void;
  /** Ends the guarded process, if there is one, and removes the folder. */
  remove(): Promise<void>;
}

/**
 * Makes a temporary folder that goes, with the process in it, when this process does. A shell outside sees to that, as
 * exit hooks do not run in a process that is killed: it waits for the end of a pipe that the kernel closes in any case.
 */
export function reapedFolder(prefix: string): ReapedFolder {
  const path = mkdtempSync(join(tmpdir(), prefix));
  const { uid, gid } = postgresUser();
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  // Detached: Ctrl+C signals the whole process group, and the reaper has to survive it.
  const reaper = spawn('sh', ['-c', script, 'reaper', path], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const reaped = once(reaper, 'exit');
  reaper.unref();
  (reaper.stdin as Socket).unref();
  // If somebody ended the reaper, the processes are still ended in the ordinary ways.
  reaper.stdin.on('error', () => {});
  return {
    path,
    guard: (pid) => reaper.stdin.write(`${pid ?? ''}\n`),
    remove: async () => {
      reaper.ref();
      reaper.stdin.end();
      await reaped;
    },
  };
}
