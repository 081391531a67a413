import type { Contender } from './contender.ts';
import type { BenchCommand } from './workload.ts';

export interface Drive {
  commands: number;
  seconds: number;
  /** Milliseconds from a caller being ready to send a command to its answer. */
  latencies: number[];
}

/** When to stop sending: after so many seconds, or so many commands. */
export type Until = { seconds: number } | { commands: number };

/**
 * Lets callers send commands, each its next one when the last was answered, and checks every answer.
 *
 * A caller is ready the moment its last command was answered. With a contender that blocks the thread the other callers
 * wait for their turn, and that wait is part of their latency.
 */
export async function drive(
  contender: Contender,
  next: () => BenchCommand | undefined,
  callers: number,
  until: Until,
  onAnswer?: (answered: number) => void,
): Promise<Drive> {
  const latencies: number[] = [];
  let sent = 0;
  let answered = 0;
  const start = performance.now();
  const deadline = 'seconds' in until ? start + until.seconds * 1000 : Number.POSITIVE_INFINITY;
  const most = 'commands' in until ? until.commands : Number.POSITIVE_INFINITY;

  const call = async () => {
    let ready = start;
    while (ready < deadline && sent < most) {
      const command = next();
      if (!command) return;
      sent += 1;
      const points = await contender.run(command);
      const now = performance.now();
      if (points !== command.points) {
        throw new Error(
          `${command.kind} of ${command.orderId} moved ${points} points, not ${command.points}`,
        );
      }
      if (onAnswer) onAnswer(++answered);
      else latencies.push(now - ready);
      ready = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return { commands: sent, seconds: (performance.now() - start) / 1000, latencies };
}

/** The value below which a share of the sorted numbers lies. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(numbers: readonly number[]): number {
  return percentile(
    [...numbers].sort((a, b) => a - b),
    0.5,
  );
}
