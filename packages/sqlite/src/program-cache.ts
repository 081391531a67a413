import type { Program, ProgramVersion } from '@loyalty-engine/core';
import type { Statements } from './statements.ts';

type Definition = Omit<Program, 'effectiveFrom'>;

/**
 * Programs as last read. They are read again once another connection has committed anything; an unchanged version stays
 * the same object, which lets core keep what it worked out of it.
 */
export class ProgramCache {
  private readonly known = new Map<string, ProgramVersion[]>();
  private readonly fresh = new Set<string>();
  private dataVersion = -1;
  private readonly statements: Statements;

  constructor(statements: Statements) {
    this.statements = statements;
  }

  versions(programId: string): readonly ProgramVersion[] {
    const dataVersion = this.statements.dataVersion.get();
    if (dataVersion !== this.dataVersion) this.fresh.clear();
    this.dataVersion = dataVersion ?? -1;
    const known = this.known.get(programId);
    if (known && this.fresh.has(programId)) return known;
    const read = this.statements.versions.all(programId).map((row) => this.version(row, known));
    this.known.set(programId, read);
    this.fresh.add(programId);
    return read;
  }

  private version(
    [number, effectiveFrom, publishedAt, text]: unknown[],
    known?: ProgramVersion[],
  ): ProgramVersion {
    const same = known?.find(({ version }) => version === number);
    if (same) return same;
    return {
      ...(JSON.parse(text as string) as Definition),
      version: number as number,
      effectiveFrom: effectiveFrom as number,
      publishedAt: publishedAt as number,
    };
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
    this.fresh.delete(added.id);
  }

  /** After a rollback: what was read in between may never have been. */
  forget(): void {
    this.known.clear();
    this.fresh.clear();
  }
}
