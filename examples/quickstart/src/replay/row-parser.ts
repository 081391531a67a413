import { TZDate } from '@date-fns/tz';
import { type Instant, minorDigits } from '@loyalty-engine/core';
import { format } from 'date-fns/format';
import { instantReader } from './instant-reader.ts';
import type { LeftOutRow } from './left-out.ts';
import type { Columns } from './locate-columns.ts';
import type { ColumnName, Mapping } from './mapping.ts';
import { readAmount } from './read-amount.ts';
import type { RawRecord } from './read-records.ts';

/** A row that makes sense: a line of an order, or a whole order with its total. Amounts are minor units. */
export interface OrderRow {
  line: number;
  /** Made from customer and day where `idIsMade`. */
  orderId: string;
  idIsMade: boolean;
  customerId: string;
  placedAt: Instant;
  kind: 'sale' | 'return';
  returnsOrderId: string | null;
  total: number | null;
  /** Set where the row is a line; `quantity` and `unitPrice` come together. */
  quantity: number | null;
  unitPrice: number | null;
  sku: string | null;
  category: string | null;
}

/** What is wrong with a row; thrown inside this file only. */
class BrokenRow extends Error {}

/** Reads records into rows by a mapping. A row that cannot be read comes back with why, and is never mended. */
export function rowParser(mapping: Mapping, columns: Columns): (record: RawRecord) => OrderRow | LeftOutRow {
  const digits = minorDigits(mapping.program.currency);
  const readInstant = instantReader(mapping.dateFormat, mapping.program.timeZone);
  return (record) => {
    const { line } = record;
    if ('broken' in record) return { line, why: 'broken', reason: record.broken };
    const field = (name: ColumnName) => record.fields[columns[name] ?? -1]?.trim() ?? '';
    const customerId = withoutSuffix(field('customer_id'), mapping.customerIdSuffix);
    const known = { line, orderId: field('order_id'), customerId };
    try {
      if (record.fields.length !== columns.count) {
        throw new BrokenRow(`has ${record.fields.length} fields, the header has ${columns.count}`);
      }
      if (customerId === '') return { ...known, why: 'no-customer', reason: 'has no customer_id' };
      const placedAt = readInstant(field('placed_at'));
      if (placedAt === null) throw new BrokenRow(`placed_at '${field('placed_at')}' is no date`);
      const id = orderIdOf(known, placedAt, mapping);
      const kind = kindOf(field('kind'), id.orderId, mapping.returns.orderIdPrefix);
      const worth = readWorth(field, digits, kind);
      return {
        ...known,
        ...id,
        ...worth,
        placedAt,
        kind,
        returnsOrderId: field('returns_order_id') || null,
        sku: field('sku') || null,
        category: field('category') || null,
      };
    } catch (error) {
      if (!(error instanceof BrokenRow)) throw error;
      return { ...known, why: 'broken', reason: error.message };
    }
  };
}

function withoutSuffix(text: string, suffix: string | undefined): string {
  return suffix !== undefined && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

function orderIdOf(
  { orderId, customerId }: { orderId: string; customerId: string },
  placedAt: Instant,
  { missingOrderId, program }: Mapping,
): { orderId: string; idIsMade: boolean } {
  if (orderId !== '') return { orderId, idIsMade: false };
  if (missingOrderId === undefined) throw new BrokenRow('has no order_id');
  const day = format(new TZDate(placedAt, program.timeZone), 'yyyy-MM-dd');
  return { orderId: `${customerId}-${day}`, idIsMade: true };
}

function kindOf(text: string, orderId: string, returnPrefix: string | undefined): 'sale' | 'return' {
  const kind = text.toLowerCase();
  if (kind !== '' && kind !== 'sale' && kind !== 'return')
    throw new BrokenRow(`kind '${text}' is neither sale nor return`);
  const isReturn = kind === 'return' || (returnPrefix !== undefined && orderId.startsWith(returnPrefix));
  if (isReturn && kind === 'sale')
    throw new BrokenRow(`kind is sale, but order_id '${orderId}' is a return's`);
  return isReturn ? 'return' : 'sale';
}

type Field = (name: ColumnName) => string;

/** A return may be written with or without minus signs: what goes back is the same. */
function readWorth(field: Field, digits: number, kind: OrderRow['kind']) {
  const signed = (name: ColumnName, value: number) => {
    if (kind === 'return' && name !== 'unit_price') return Math.abs(value);
    if (value < 0) throw new BrokenRow(`${name} ${field(name)} is negative`);
    return value;
  };
  const amount = (name: 'total' | 'unit_price') => {
    const value = readAmount(field(name), digits);
    if (typeof value === 'string') throw new BrokenRow(`${name} '${field(name)}' ${value}`);
    return signed(name, value);
  };
  const total = field('total') === '' ? null : amount('total');
  if (field('unit_price') === '') {
    if (total === null) throw new BrokenRow('has neither a total nor a unit_price');
    return { total, quantity: null, unitPrice: null };
  }
  const written = field('quantity');
  if (!/^-?\d{1,9}(\.0+)?$/.test(written)) throw new BrokenRow(`quantity '${written}' is no whole number`);
  const quantity = signed('quantity', Number(written));
  if (quantity < 1 || quantity > 1_000_000) throw new BrokenRow(`quantity ${written} is not 1 to 1,000,000`);
  return { total, quantity, unitPrice: amount('unit_price') };
}
