import type { Merchant, RecordedChange } from '../merchant/merchant.ts';
import type { LoyaltyStore, RecordKey, RecordRow } from '../ports/loyalty-store.ts';
import { changesTable, merchantsTable } from '../ports/merchant-tables.ts';
import type { Instant } from '../program/instant.ts';

/** The part of a store that keeps merchants' books. */
export type Books = Pick<LoyaltyStore, 'records' | 'recordsIn' | 'changeRecords'>;

/** What a change comes to: what the caller gets, the rows to write, and what is recorded; null: nothing changed. */
export interface BookChange<Result> {
  result: Result;
  /** Rows beside the merchant's own. */
  rows: readonly RecordRow[];
  /** The merchant's row, where it changes too. */
  merchant?: Merchant;
  record: Omit<RecordedChange, 'merchantId' | 'seq' | 'at'> | null;
}

/**
 * Changes rows of a merchant's books and records it, in one transaction under the lock of the merchant's row: recorded
 * changes are numbered without a gap. `decide` gets the merchant and the rows of `keys` (null where there is none), is
 * pure, and may run more than once. Of a merchant that was never registered nothing is recorded.
 */
export function recordChange<Result>(
  store: Books,
  { merchantId, keys, at }: { merchantId: string; keys: readonly RecordKey[]; at: Instant },
  decide: (merchant: Merchant | null, rows: readonly unknown[]) => BookChange<Result>,
): Promise<Result> {
  return store.changeRecords(
    [{ table: merchantsTable, key: [merchantId] }, ...keys],
    ([found, ...others]) => {
      const existing = (found ?? null) as Merchant | null;
      const { result, rows, merchant = existing, record } = decide(existing, others);
      if (record === null || merchant === null) return { rows, result };
      const seq = merchant.changeSeq + 1;
      const change: RecordedChange = { ...record, merchantId, seq, at };
      return {
        rows: [
          { table: merchantsTable, row: { ...merchant, changeSeq: seq }, isNew: existing === null },
          ...rows,
          { table: changesTable, row: change, isNew: true },
        ],
        result,
      };
    },
  );
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields in which two rows differ, as they were and as they are; null where they are alike.
 *
 * @example
 * changedFields({ name: 'Mall', status: 'open' }, { name: 'Mall', status: 'closed' })
 * //=> { before: { status: 'open' }, after: { status: 'closed' } }
 */
export function changedFields(before: object, after: object): { before: Fields; after: Fields } | null {
  const was: Record<string, unknown> = {};
  const is: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(after)) {
    const old = (before as Fields)[name];
    if (JSON.stringify(old) === JSON.stringify(value)) continue;
    was[name] = old;
    is[name] = value;
  }
  return Object.keys(is).length === 0 ? null : { before: was, after: is };
}
