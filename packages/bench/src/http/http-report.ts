import { median, percentile } from '../drive.ts';
import type { StoreName } from '../flags.ts';
import { millis, ratio, table, whole } from '../table.ts';
import type { HttpCell } from './bench-http.ts';

export function rateTable(cells: readonly HttpCell[]): string {
  return table(
    ['64 connections', 'requests a second', 'to its peer', 'p50 ms', 'p99 ms', 'cores that the shop used'],
    cells.map((cell) => {
      const sorted = cell.turns.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
      const toPeer = shareOf(cell, cells);
      return [
        cell.kind.title,
        whole(rateOf(cell)),
        toPeer === undefined ? '' : ratio(toPeer),
        millis(percentile(sorted, 0.5)),
        millis(percentile(sorted, 0.99)),
        ratio(median(cell.turns.map(({ busy }) => busy))),
      ];
    }),
  );
}

export function verdicts(judged: readonly { store: StoreName; cells: readonly HttpCell[] }[]): string {
  const rows = judged.flatMap(({ store, cells }) =>
    cells.flatMap((cell) => {
      const { title, peer } = cell.kind;
      const is = shareOf(cell, cells);
      if (!peer || is === undefined) return [];
      const verdict = is >= peer.share ? 'met' : 'MISSED';
      return [[`${title} to ${peer.title}, ${store}`, `at least ${ratio(peer.share)}`, ratio(is), verdict]];
    }),
  );
  return table(['target', '', 'is', ''], rows);
}

/** Requests a second to the peer's; undefined where there is none on this store. */
function shareOf(cell: HttpCell, cells: readonly HttpCell[]): number | undefined {
  const peer = cells.find(({ kind }) => kind.title === cell.kind.peer?.title);
  return peer && rateOf(cell) / rateOf(peer);
}

function rateOf({ turns }: HttpCell): number {
  return median(turns.map(({ requests, seconds }) => requests / seconds));
}
