import {
  locationsTable,
  type MerchantTerms,
  merchantsTable,
  type Program,
  type ProgramVersion,
} from '@loyalty-engine/core';
import type { Statements } from './statements.ts';

type Definition = Omit<Program, 'effectiveFrom'>;

/**
 * Programs and their merchants as last read. They are read again once another connection has committed anything; an
 * unchanged version, or merchant, stays the same object, which lets core keep what it worked out of it.
 */
export class ProgramCache {
  private readonly known = new Map<string, ProgramVersion[]>();
  private readonly merchants = new Map<string, MerchantTerms | null>();
  private readonly freshPrograms = new Set<string>();
  private readonly freshMerchants = new Set<string>();
  private dataVersion = -1;
  private readonly statements: Statements;

  constructor(statements: Statements) {
    this.statements = statements;
  }

  versions(programId: string): readonly ProgramVersion[] {
    this.noticeOthers();
    const known = this.known.get(programId);
    if (known && this.freshPrograms.has(programId)) return known;
    const read = this.statements.versions.all(programId).map((row) => this.version(row, known));
    this.known.set(programId, read);
    this.freshPrograms.add(programId);
    return read;
  }

  /** A merchant with its settings and locations; null where it was never registered. */
  merchant(merchantId: string): MerchantTerms | null {
    this.noticeOthers();
    const known = this.merchants.get(merchantId);
    if (known !== undefined && this.freshMerchants.has(merchantId)) return known;
    const read = this.readMerchant(merchantId, known ?? null);
    this.merchants.set(merchantId, read);
    this.freshMerchants.add(merchantId);
    return read;
  }

  private noticeOthers(): void {
    const dataVersion = this.statements.dataVersion.get() ?? -1;
    if (dataVersion === this.dataVersion) return;
    this.dataVersion = dataVersion;
    this.freshPrograms.clear();
    this.freshMerchants.clear();
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

  private readMerchant(merchantId: string, known: MerchantTerms | null): MerchantTerms | null {
    const row = this.statements.merchant.get(merchantId);
    if (!row) return null;
    const merchant = merchantsTable.fromRow(row);
    if (known?.merchant.revision === merchant.revision) return known;
    const locations = this.statements.locations.all(merchantId).map(locationsTable.fromRow);
    return { merchant, locations: new Map(locations.map((location) => [location.locationId, location])) };
  }

  add(added: ProgramVersion): void {
    const { version, effectiveFrom, publishedAt, ...definition } = added;
    this.statements.insertVersion.run(
      added.id,
      version,
      added.merchantId,
      effectiveFrom,
      publishedAt,
      JSON.stringify(definition),
    );
    this.freshPrograms.delete(added.id);
  }

  /** After merchants' books were written on this connection: of its own commits SQLite does not tell. */
  merchantsChanged(): void {
    this.freshMerchants.clear();
  }

  /** After a rollback: what was read in between may never have been. */
  forget(): void {
    this.known.clear();
    this.merchants.clear();
    this.freshPrograms.clear();
    this.freshMerchants.clear();
  }
}
