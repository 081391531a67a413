import type { CardKey, CardState } from '@loyalty-engine/core';
import type { Asking } from './load-statements.ts';
import type { MerchantCache, NewestMerchant } from './merchant-cache.ts';
import type { Newest, ProgramCache } from './program-cache.ts';
import type { Request } from './request.ts';
import { arrayParameter } from './rows.ts';
import type { Statements } from './statements.ts';

/** What a store has read of programs and merchants. */
export interface Caches {
  programs: ProgramCache;
  merchants: MerchantCache;
}

/**
 * Finds what rules the cards of a batch: the versions of their programs, and their merchants. What is kept of them is
 * compared with the database; only what differs is read again.
 */
export class TermsLoader {
  private readonly statements: Statements;
  private readonly caches: Caches;
  private readonly stalePrograms = new Set<string>();
  private readonly staleMerchants = new Set<string>();

  constructor(statements: Statements, caches: Caches) {
    this.statements = statements;
    this.caches = caches;
  }

  /** Asks how new the programs of these cards are, and their merchants. */
  compare(refs: readonly CardKey[], asking: Asking): Request {
    const programIds = new Set(refs.flatMap(({ programId }) => programId ?? []));
    const cardIds = refs.flatMap(({ cardId }) => cardId ?? []);
    const values = [arrayParameter('text', [...programIds]), arrayParameter('text', cardIds)];
    if (asking === 'byName') {
      const names = refs.flatMap(({ name }) => name ?? []);
      values.push(arrayParameter('text', names));
    }
    return {
      call: { statement: this.statements[asking].newestVersions, values },
      take: (rows) => {
        const { programs, merchants } = this.caches;
        for (const [programId, version, published, merchantId, revision, created] of rows as string[][]) {
          const newest: Newest = { version: Number(version), publishedAt: millis(published) };
          if (!programs.isCurrent(programId as string, newest)) this.stalePrograms.add(programId as string);
          const merchant: NewestMerchant | undefined =
            revision === null ? undefined : { revision: Number(revision), createdAt: millis(created) };
          if (!merchants.isCurrent(merchantId as string, merchant))
            this.staleMerchants.add(merchantId as string);
          programIds.delete(programId as string);
        }
        // What the database has lost.
        for (const programId of programIds)
          if (!programs.isCurrent(programId, undefined)) this.stalePrograms.add(programId);
      },
    };
  }

  /** Reads what turned out to be old; nothing where nothing is. */
  stale(): Request[] {
    const requests: Request[] = [];
    if (this.stalePrograms.size > 0) requests.push(this.versions());
    if (this.staleMerchants.size > 0) requests.push(...this.merchants());
    return requests;
  }

  /** Gives a state what rules it. */
  give(state: CardState): void {
    const { programs, merchants } = this.caches;
    state.versions = programs.versions(state.card.programId);
    const merchantId = state.versions[0]?.merchantId;
    state.merchant = merchantId === undefined ? null : merchants.terms(merchantId);
  }

  private versions(): Request {
    const programIds = [...this.stalePrograms];
    this.stalePrograms.clear();
    return {
      call: { statement: this.statements.versions, values: [arrayParameter('text', programIds)] },
      take: (rows) => this.caches.programs.take(programIds, rows),
    };
  }

  private merchants(): Request[] {
    const merchantIds = [...this.staleMerchants];
    this.staleMerchants.clear();
    const values = [arrayParameter('text', merchantIds)];
    let merchantRows: (string | null)[][] = [];
    // In this order: locations that are newer than the revision are read again the next time, older ones never would be.
    return [
      {
        call: { statement: this.statements.merchants, values },
        take: (rows) => {
          merchantRows = rows;
        },
      },
      {
        call: { statement: this.statements.locations, values },
        take: (rows) => this.caches.merchants.take(merchantIds, merchantRows, rows),
      },
    ];
  }
}

/** Seconds with decimals, as the server writes them, in whole milliseconds. */
function millis(seconds: string | undefined): number {
  return Math.round(Number(seconds) * 1000);
}
