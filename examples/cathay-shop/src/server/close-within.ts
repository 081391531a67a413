import { setTimeout as pause } from 'node:timers/promises';

/** Closes something, but waits for it no longer than so many milliseconds; says whether it was closed by then. */
export async function closeWithin(ms: number, close: () => Promise<void>): Promise<boolean> {
  const late = new AbortController();
  const closed = close().then(() => true);
  try {
    return await Promise.race([closed, pause(ms, false, { signal: late.signal })]);
  } finally {
    late.abort();
    // Nobody waits for what is too late any more.
    closed.catch(() => {});
  }
}
