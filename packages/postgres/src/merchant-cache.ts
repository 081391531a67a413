import {
  type Location,
  locationsTable,
  type Merchant,
  type MerchantTerms,
  merchantsTable,
} from '@loyalty-engine/core';
import type { Rows } from './pipeline.ts';
import { readRows } from './rows.ts';

/** What tells whether a merchant is as in the cache: how often it was changed, and which merchant of that id it is. */
export type NewestMerchant = Pick<Merchant, 'revision' | 'createdAt'>;

/**
 * Merchants with their settings and locations as last read. Every use asks the database for the revision and compares.
 * One that is unchanged stays the same object, which lets core keep what it worked out of it.
 */
export class MerchantCache {
  private readonly known = new Map<string, MerchantTerms>();

  /** Null where the merchant was never registered. */
  terms(merchantId: string): MerchantTerms | null {
    return this.known.get(merchantId) ?? null;
  }

  /** True where what is kept of a merchant is what the database has; `newest` is undefined where it has none. */
  isCurrent(merchantId: string, newest: NewestMerchant | undefined): boolean {
    const kept = this.known.get(merchantId)?.merchant;
    return kept?.revision === newest?.revision && kept?.createdAt === newest?.createdAt;
  }

  /** Takes the rows of these merchants and of their locations in place of what was kept of them. */
  take(merchantIds: Iterable<string>, merchantRows: Rows, locationRows: Rows): void {
    const read = new Map<string, MerchantTerms & { locations: Map<string, Location> }>();
    for (const merchant of readRows(merchantsTable, merchantRows))
      read.set(merchant.merchantId, { merchant, locations: new Map() });
    for (const location of readRows(locationsTable, locationRows))
      read.get(location.merchantId)?.locations.set(location.locationId, location);
    for (const merchantId of merchantIds) {
      const terms = read.get(merchantId);
      if (!terms) this.known.delete(merchantId);
      else if (!this.isCurrent(merchantId, terms.merchant)) this.known.set(merchantId, terms);
    }
  }
}
