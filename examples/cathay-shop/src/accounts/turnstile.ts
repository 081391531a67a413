import { Problem } from '../server/problem.ts';

/** Lets a few pieces of work in at a time, the others wait in line. */
export type Turnstile = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * So that work which takes much memory and processor time cannot be asked for without bound: `width` run at once, `queue` wait, and
 * what comes on top is refused at once as a 503.
 *
 * @throws Problem BUSY, with `retryAfterSeconds`.
 */
export function turnstile({ width, queue }: { width: number; queue: number }): Turnstile {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (inside < width) inside += 1;
    else if (waiting.length >= queue)
      throw new Problem(503, 'BUSY', 'Too many people sign in at this moment.', { retryAfterSeconds: 2 });
    // Whoever leaves hands the place on, so `inside` stays as it is.
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
