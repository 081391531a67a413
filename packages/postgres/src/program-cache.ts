import type { Program, ProgramVersion } from '@loyalty-engine/core';
import type { Rows } from './pipeline.ts';
import { readRow } from './rows.ts';
import { versionColumns } from './statements.ts';

type Definition = Omit<Program, 'effectiveFrom'>;

/**
 * Programs as last read. A version never changes, so their number tells whether all are here; an unchanged version stays
 * the same object, which lets core keep what it worked out of it.
 */
export class ProgramCache {
  private readonly known = new Map<string, readonly ProgramVersion[]>();

  versions(programId: string): readonly ProgramVersion[] {
    return this.known.get(programId) ?? [];
  }

  /** Takes rows of `versions`, all those of each program in them. */
  take(rows: Rows): void {
    const read = new Map<string, ProgramVersion[]>();
    for (const fields of rows) {
      const version = readVersion(fields);
      const versions = read.get(version.id) ?? [];
      versions.push(this.versions(version.id)[version.version - 1] ?? version);
      read.set(version.id, versions);
    }
    for (const [programId, versions] of read) {
      // Another connection can have read more meanwhile.
      if (versions.length >= this.versions(programId).length) this.known.set(programId, versions);
    }
  }
}

export function readVersion(fields: readonly (string | null)[]): ProgramVersion {
  return readRow(
    {
      name: 'programs',
      columns: versionColumns,
      keys: 2,
      toRow: () => [],
      fromRow: ([, version, effectiveFrom, publishedAt, text]): ProgramVersion => ({
        ...(JSON.parse(text as string) as Definition),
        version: version as number,
        effectiveFrom: effectiveFrom as number,
        publishedAt: publishedAt as number,
      }),
    },
    fields,
  );
}
