import type { Cell, Round } from './bench-store.ts';
import type { Targets } from './contender.ts';
import { type Drive, median, percentile } from './drive.ts';
import { millis, ratio, table, whole } from './table.ts';
import { type Workload, workloadNames } from './workload.ts';

const rate = ({ commands, seconds }: Drive) => commands / seconds;

function rates({ rounds }: Cell) {
  const own = median(rounds.map((round) => rate(round.own)));
  const hand = median(rounds.map((round) => rate(round.hand)));
  const ceiling = median(rounds.map((round) => round.ceiling));
  return { own, hand, ceiling, toHand: own / hand, toCeiling: own / ceiling };
}

export function throughputTable(cells: readonly Cell[]): string {
  const atOnce = cells.some(({ rounds }) => rounds.some(({ ceilingAtOnce }) => ceilingAtOnce !== null));
  return table(
    [
      'commands a second',
      'callers',
      'ours',
      'hand-written',
      'ceiling',
      ...(atOnce ? ['ceiling, two at once'] : []),
      'ours / hand-written',
      'ours / ceiling',
      'fdatasync µs',
    ],
    cells.map((cell) => {
      const { own, hand, ceiling, toHand, toCeiling } = rates(cell);
      return [
        cell.workload,
        String(cell.callers),
        whole(own),
        whole(hand),
        whole(ceiling),
        ...(atOnce ? [whole(median(cell.rounds.map((round) => round.ceilingAtOnce ?? Number.NaN)))] : []),
        ratio(toHand),
        ratio(toCeiling),
        whole(median(cell.rounds.map((round) => round.fdatasyncMicros))),
      ];
    }),
  );
}

export function latencyTable(cells: readonly Cell[]): string {
  return table(
    ['milliseconds', 'callers', 'ours p50', 'ours p99', 'hand-written p50', 'hand-written p99'],
    cells.map(({ workload, callers, rounds }) => {
      const columns = (['own', 'hand'] as const).flatMap((who) => {
        const sorted = rounds.flatMap((round) => round[who].latencies).sort((a, b) => a - b);
        return [millis(percentile(sorted, 0.5)), millis(percentile(sorted, 0.99))];
      });
      return [workload, String(callers), ...columns];
    }),
  );
}

type Reference = { title: string; rate: number } | { missing: string };

export function referenceLine(reference: Reference | undefined): string[] {
  if (!reference) return [];
  if ('missing' in reference) return [`Not compared with pgbench: ${reference.missing}`];
  return [`${reference.title}: ${whole(reference.rate)} transactions a second`];
}

export function verdicts(cells: readonly Cell[], targets: Targets, reference: Reference | undefined): string {
  const at = (workload: Workload, callers: number) => {
    const cell = cells.find((one) => one.workload === workload && one.callers === callers);
    return cell && rates(cell);
  };
  const mixed = at('70/30 earn and redeem', 256);
  const hot = at('one hot card, 70/30', 256);
  const rows: string[][] = [];
  const judge = (what: string, target: number | undefined, is: number | undefined) => {
    if (is === undefined || target === undefined) return;
    rows.push([what, `at least ${ratio(target)}`, ratio(is), is >= target ? 'met' : 'MISSED']);
  };
  judge('mixed load, 256 callers, to the ceiling', targets.mixedToCeiling, mixed?.toCeiling);
  judge('mixed load, 256 callers, to the hand-written one', targets.mixedToHand, mixed?.toHand);
  if (reference && 'rate' in reference)
    judge('mixed load, 256 callers, to pgbench', targets.mixedToPgbench, mixed && mixed.own / reference.rate);
  judge('hot card to spread cards, 256 callers', targets.hotToSpread, hot && mixed && hot.own / mixed.own);
  judge('hot card, 256 callers, to the hand-written one', targets.hotToHand, hot?.toHand);
  for (const workload of workloadNames)
    judge(`${workload}, one caller, to the hand-written one`, targets.aloneToHand, at(workload, 1)?.toHand);
  for (const { workload, callers, rounds } of cells) {
    if (callers !== 1 || targets.aloneP99ToHand === undefined) continue;
    const is = p99(rounds, 'own') / p99(rounds, 'hand');
    const target = targets.aloneP99ToHand;
    rows.push([
      `${workload}, one caller, p99 to the hand-written one`,
      `at most ${ratio(target)}`,
      ratio(is),
      is <= target ? 'met' : 'MISSED',
    ]);
  }
  return table(['target', '', 'is', ''], rows);
}

function p99(rounds: readonly Round[], who: 'own' | 'hand'): number {
  const sorted = rounds.flatMap((round) => round[who].latencies).sort((a, b) => a - b);
  return percentile(sorted, 0.99);
}
