import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a run keeps its files: `folder` is temporary, `database` is the loyalty database. */
export interface Place {
  folder: string;
  database: string;
}

/**
 * Runs with a temporary folder, which is gone afterwards, also after Ctrl-C. The database lies in it unless `keep` names
 * a file.
 *
 * @throws Error when the file named by `keep` exists: a run starts from empty books.
 */
export async function withFolder<Result>(
  keep: string | undefined,
  run: (place: Place) => Promise<Result>,
): Promise<Result> {
  if (keep !== undefined && existsSync(keep)) {
    throw new Error(`${keep} exists already; --db wants the name of a new file`);
  }
  const folder = mkdtempSync(join(tmpdir(), 'loyalty-demo-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => process.exit(130);
  process.once('exit', remove);
  process.once('SIGINT', interrupted);
  process.once('SIGTERM', interrupted);
  try {
    return await run({ folder, database: keep ?? join(folder, 'loyalty.sqlite') });
  } finally {
    remove();
    process.off('exit', remove);
    process.off('SIGINT', interrupted);
    process.off('SIGTERM', interrupted);
  }
}
