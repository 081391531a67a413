import type { Program, ProgramVersion } from '@loyalty-engine/core';
import type { Statements } from './statements.ts';

type Definition = Omit<Program, 'effectiveFrom'>;

/**
 * Programs as last read. Versions are only ever added, so one look at the latest number tells whether another process
 * has published; the same version is the same object until then, which lets core keep what it worked out of it.
 */
export class ProgramCache {
  private readonly known = new Map<string, ProgramVersion[]>();
  private readonly statements: Statements;

  constructor(statements: Statements) {
    this.statements = statements;
  }

  versions(programId: string): readonly ProgramVersion[] {
    const known = this.known.get(programId);
    const latest = this.statements.latestVersion.get(programId) ?? 0;
    if (known && known.length > 0 && known.at(-1)?.version === latest) return known;
    const read = this.statements.versions.all(programId).map(
      ([version, effectiveFrom, publishedAt, definition]): ProgramVersion => ({
        ...(JSON.parse(definition as string) as Definition),
        version: version as number,
        effectiveFrom: effectiveFrom as number,
        publishedAt: publishedAt as number,
      }),
    );
    this.known.set(programId, read);
    return read;
  }

  add(added: ProgramVersion): void {
    const { version, effectiveFrom, publishedAt, ...definition } = added;
    this.statements.insertVersion.run(
      added.id,
      version,
      effectiveFrom,
      publishedAt,
      JSON.stringify(definition),
    );
  }

  forget(): void {
    this.known.clear();
  }
}
