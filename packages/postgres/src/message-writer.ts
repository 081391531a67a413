import type { Cell, ColumnType } from '@loyalty-engine/core';

/** PostgreSQL's name and object id for what a column holds; the ids are fixed in its source, pg_type.dat. */
export const pgTypes = {
  text: { name: 'text', oid: 25 },
  json: { name: 'json', oid: 114 },
  count: { name: 'integer', oid: 23 },
  amount: { name: 'bigint', oid: 20 },
  instant: { name: 'timestamptz', oid: 1184 },
} as const satisfies Record<ColumnType, { name: string; oid: number }>;

/** One column of rows, to be sent as an array. */
export interface ColumnParameter {
  type: ColumnType;
  rows: readonly (readonly Cell[])[];
  index: number;
}

/** An instant in milliseconds, sent as it is: no setting of the session has a say in how it is read. */
export interface InstantParameter {
  instant: number;
}

/** What a statement's parameter is given: a text, or something that is sent in PostgreSQL's binary form. */
export type Parameter = string | null | ColumnParameter | InstantParameter;

const microsecondsEpoch = Date.UTC(2000, 0, 1);
const two32 = 2 ** 32;

// A batch takes some hundred kilobytes. Used again they need not be collected, which happens late: they are not in the heap.
const spares: Buffer[] = [];
const mostSpares = 4;
const largestSpare = 2 ** 20;

/** A parameter by itself, as pg's own queries take it. */
export function parameterBytes(parameter: Parameter): string | Buffer | null {
  if (parameter === null || typeof parameter === 'string') return parameter;
  const writer = new MessageWriter(64);
  writer.parameter(parameter);
  return writer.bytes().subarray(4);
}

/**
 * Writes messages of PostgreSQL's protocol one behind the other into one buffer. Numbers need no digits there and texts no
 * escaping, on either side; that is a third of what a large batch costs.
 */
export class MessageWriter {
  private buffer: Buffer;
  private offset = 0;

  constructor(capacity: number) {
    const spare = spares.findIndex(({ length }) => length >= capacity);
    this.buffer = spares.splice(spare, spare < 0 ? 0 : 1)[0] ?? Buffer.allocUnsafe(capacity);
  }

  /** Lets the next writer have the buffer. Nobody may look at `bytes` any more. */
  release(): void {
    if (this.buffer.length <= largestSpare && spares.length < mostSpares) spares.push(this.buffer);
  }

  /** All that was written. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.offset);
  }

  close(name: string): void {
    this.message('C', () => {
      this.raw('S');
      this.cString(name);
    });
  }

  parse(name: string, text: string): void {
    this.message('P', () => {
      this.cString(name);
      this.cString(text);
      this.int16(0);
    });
  }

  bind(name: string, parameters: readonly Parameter[]): void {
    this.message('B', () => {
      this.cString('');
      this.cString(name);
      this.int16(parameters.length);
      for (const parameter of parameters) this.int16(typeof parameter === 'object' && parameter ? 1 : 0);
      this.int16(parameters.length);
      for (const parameter of parameters) this.parameter(parameter);
      this.int16(0);
    });
  }

  execute(): void {
    this.message('E', () => {
      this.cString('');
      this.int32(0);
    });
  }

  sync(): void {
    this.message('S', () => {});
  }

  /** A message: its letter, its length without the letter, and its body. */
  private message(letter: string, body: () => void): void {
    this.raw(letter);
    this.sized(4, body);
  }

  /** What the body writes, behind its length; of the length itself `counted` bytes count. */
  private sized(counted: number, body: () => void): void {
    const start = this.offset;
    this.int32(0);
    body();
    const end = this.offset;
    this.offset = start;
    this.int32(end - start - 4 + counted);
    this.offset = end;
  }

  /** A parameter's value behind its length. */
  parameter(parameter: Parameter): void {
    if (parameter === null) this.int32(-1);
    else if (typeof parameter === 'string') this.text(parameter);
    else if ('instant' in parameter) this.instant(parameter.instant);
    else this.sized(0, () => this.array(parameter));
  }

  private array({ type, rows, index }: ColumnParameter): void {
    this.int32(rows.length === 0 ? 0 : 1);
    const hasNull = this.offset;
    this.int32(0);
    this.int32(pgTypes[type].oid);
    if (rows.length === 0) return;
    this.int32(rows.length);
    this.int32(1);
    for (const row of rows) {
      const cell = row[index] ?? null;
      if (cell === null) {
        this.int32(-1);
        this.buffer[hasNull + 3] = 1;
      } else if (type === 'count') {
        this.int32(4);
        this.int32(cell as number);
      } else if (type === 'amount') this.int64(cell as number);
      else if (type === 'instant') this.instant(cell as number);
      else this.text(cell as string);
    }
  }

  private text(text: string): void {
    // No character takes more than three bytes a UTF-16 unit.
    this.reserve(4 + text.length * 3);
    const bytes = this.buffer.write(text, this.offset + 4);
    this.int32(bytes);
    this.offset += bytes;
  }

  private instant(instant: number): void {
    const micros = (instant - microsecondsEpoch) * 1000;
    if (Number.isSafeInteger(micros)) {
      this.int64(micros);
      return;
    }
    // "By inactivity" and "never" lie tens of thousands of years ahead.
    this.int32(8);
    this.reserve(8);
    const exact = (BigInt(instant) - BigInt(microsecondsEpoch)) * 1000n;
    this.offset = this.buffer.writeBigInt64BE(exact, this.offset);
  }

  private int64(value: number): void {
    const high = Math.floor(value / two32);
    this.int32(8);
    this.int32(high);
    this.int32(value - high * two32);
  }

  private int32(value: number): void {
    this.reserve(4);
    const { buffer, offset } = this;
    buffer[offset] = value >>> 24;
    buffer[offset + 1] = value >>> 16;
    buffer[offset + 2] = value >>> 8;
    buffer[offset + 3] = value;
    this.offset = offset + 4;
  }

  private int16(value: number): void {
    this.reserve(2);
    this.buffer[this.offset] = value >>> 8;
    this.buffer[this.offset + 1] = value;
    this.offset += 2;
  }

  private cString(text: string): void {
    this.raw(text);
    this.reserve(1);
    this.buffer[this.offset] = 0;
    this.offset += 1;
  }

  private raw(text: string): void {
    this.reserve(text.length * 3);
    this.offset += this.buffer.write(text, this.offset);
  }

  private reserve(bytes: number): void {
    if (this.offset + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.offset + bytes));
    this.buffer.copy(larger, 0, 0, this.offset);
    this.buffer = larger;
  }
}
