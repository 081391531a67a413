import {
  type Cell,
  claimsForgottenBefore,
  forgottenBefore,
  type Instant,
  LoyaltyError,
  locationsTable,
  type MerchantTerms,
  merchantsTable,
  pinAttemptsTable,
  type RecordKey,
  type RecordRow,
  requestsTable,
  type Table,
} from '@loyalty-engine/core';

/** The rows of merchants' books in memory, as cells: what is read is never what was written, but equal to it. */
export class MemoryRecords {
  private readonly tables = new Map<string, Map<string, Cell[]>>();
  private readonly known = new Map<string, MerchantTerms>();

  find<Row>(table: Table<Row>, key: readonly Cell[]): Row | null {
    const row = this.rowsOf(table).get(JSON.stringify(key));
    return row ? table.fromRow(row) : null;
  }

  /** Rows that begin with `within`, where the key has more than one column, by the last of them. */
  within<Row>(
    table: Table<Row>,
    within: string | null,
    after: Cell,
    limit = Number.POSITIVE_INFINITY,
  ): Row[] {
    const last = (row: readonly Cell[]) => row[table.keys - 1] as string | number;
    return [...this.rowsOf(table).values()]
      .filter((row) => (within === null || row[0] === within) && (after === null || last(row) > after))
      .sort((a, b) => (last(a) < last(b) ? -1 : 1))
      .slice(0, limit)
      .map((row) => table.fromRow(row));
  }

  change<Result>(
    keys: readonly RecordKey[],
    change: (rows: readonly unknown[]) => { rows: readonly RecordRow[]; result: Result },
  ): Result {
    const { rows, result } = change(keys.map(({ table, key }) => this.find<unknown>(table, key)));
    for (const row of rows) this.mustFit(row);
    for (const row of rows) this.put(row);
    return result;
  }

  put({ table, row }: Omit<RecordRow, 'isNew'>): void {
    const cells = table.toRow(row, '');
    this.rowsOf(table).set(keyOf(table, cells), cells);
  }

  private mustFit({ table, row, isNew }: RecordRow): void {
    const there = this.rowsOf(table).has(keyOf(table, table.toRow(row, '')));
    if (there !== isNew) return;
    const why = isNew ? 'A new row is there already' : 'The row to change is not there';
    throw new LoyaltyError('STORE_CONSTRAINT', `${why}: ${table.name}`);
  }

  /** Drops the counters of wrong PINs, and the claims of requests, that say nothing any more. */
  forget(now: Instant): void {
    this.drop(
      pinAttemptsTable,
      ({ since, lockedUntil }) =>
        since < forgottenBefore(now) && (lockedUntil === null || lockedUntil <= now),
    );
    this.drop(requestsTable, ({ at }) => at < claimsForgottenBefore(now));
  }

  private drop<Row>(table: Table<Row>, isOver: (row: Row) => boolean): void {
    const rows = this.rowsOf(table);
    for (const [key, cells] of rows) if (isOver(table.fromRow(cells))) rows.delete(key);
  }

  /** A merchant as commands see it: the same object until its revision changes. */
  merchant(merchantId: string): MerchantTerms | null {
    const merchant = this.find(merchantsTable, [merchantId]);
    if (!merchant) return null;
    let terms = this.known.get(merchantId);
    if (terms?.merchant.revision !== merchant.revision) {
      const locations = this.within(locationsTable, merchantId, null);
      terms = { merchant, locations: new Map(locations.map((location) => [location.locationId, location])) };
      this.known.set(merchantId, terms);
    }
    return terms;
  }

  private rowsOf(table: Pick<Table<never>, 'name'>): Map<string, Cell[]> {
    let rows = this.tables.get(table.name);
    if (!rows) {
      rows = new Map();
      this.tables.set(table.name, rows);
    }
    return rows;
  }
}

function keyOf(table: Pick<Table<never>, 'keys'>, cells: readonly Cell[]): string {
  return JSON.stringify(cells.slice(0, table.keys));
}
