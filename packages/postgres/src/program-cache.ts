import type { Program, ProgramVersion } from '@loyalty-engine/core';
import type { Rows } from './pipeline.ts';
import { readRow } from './rows.ts';
import { versionColumns } from './statements.ts';

type Definition = Omit<Program, 'effectiveFrom'>;

/** What tells whether a program's versions are those in the cache: the newest one's number, and when it was published. */
export interface Newest {
  version: number;
  publishedAt: number;
}

/**
 * Programs as last read. Every use asks the database for its newest version and compares. A version that is unchanged
 * stays the same object, which lets core keep what it worked out of it.
 */
export class ProgramCache {
  private readonly known = new Map<string, readonly ProgramVersion[]>();

  versions(programId: string): readonly ProgramVersion[] {
    return this.known.get(programId) ?? [];
  }

  /** True where what is kept of a program is what the database has; `newest` is undefined where it has none. */
  isCurrent(programId: string, newest: Newest | undefined): boolean {
    const last = this.known.get(programId)?.at(-1);
    return last?.version === newest?.version && last?.publishedAt === newest?.publishedAt;
  }

  /** Takes the rows of `versions` for these programs in place of what was kept of them. */
  take(programIds: Iterable<string>, rows: Rows): void {
    const read = rows.map(readVersion);
    for (const programId of programIds) {
      const kept = this.versions(programId);
      const versions = read
        .filter(({ id }) => id === programId)
        .map((version) => kept.find((other) => isSame(version, other)) ?? version);
      if (versions.length > 0) this.known.set(programId, versions);
      else this.known.delete(programId);
    }
  }
}

function isSame(a: ProgramVersion, b: ProgramVersion): boolean {
  return a.version === b.version && a.effectiveFrom === b.effectiveFrom && a.publishedAt === b.publishedAt;
}

export function readVersion(fields: readonly (string | null)[]): ProgramVersion {
  return readRow(
    {
      name: 'programs',
      columns: versionColumns,
      keys: 2,
      toRow: () => [],
      fromRow: ([, version, _merchantId, effectiveFrom, publishedAt, text]): ProgramVersion => ({
        ...(JSON.parse(text as string) as Definition),
        version: version as number,
        effectiveFrom: effectiveFrom as number,
        publishedAt: publishedAt as number,
      }),
    },
    fields,
  );
}
