import type { Cell, ColumnType } from '@loyalty-engine/core';

/** PostgreSQL's name and object id for what a column holds; the ids are fixed in its source, pg_type.dat. */
export const pgTypes = {
  text: { name: 'text', oid: 25 },
  json: { name: 'json', oid: 114 },
  count: { name: 'integer', oid: 23 },
  amount: { name: 'bigint', oid: 20 },
  instant: { name: 'timestamptz', oid: 1184 },
} as const satisfies Record<ColumnType, { name: string; oid: number }>;

const headerBytes = 20;
const microsecondsEpoch = Date.UTC(2000, 0, 1);

/**
 * The values of one column as PostgreSQL's binary array: numbers need no digits and texts no escaping, on either side,
 * and no setting of the session has a say in how an instant is read.
 */
export function arrayParameter(type: ColumnType, cells: readonly Cell[]): Buffer {
  const isText = type === 'text' || type === 'json';
  const buffer = Buffer.allocUnsafe(headerBytes + (isText ? textCapacity(cells) : cells.length * 12));
  buffer.writeInt32BE(cells.length === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(cells.includes(null) ? 1 : 0, 4);
  buffer.writeInt32BE(pgTypes[type].oid, 8);
  if (cells.length === 0) return buffer.subarray(0, 12);
  buffer.writeInt32BE(cells.length, 12);
  buffer.writeInt32BE(1, 16);
  const write = writers[type];
  let offset = headerBytes;
  for (const cell of cells) {
    if (cell === null) offset = buffer.writeInt32BE(-1, offset);
    else {
      const bytes = write(buffer, cell, offset + 4);
      buffer.writeInt32BE(bytes, offset);
      offset += 4 + bytes;
    }
  }
  return buffer.subarray(0, offset);
}

type Write = (buffer: Buffer, cell: string | number, offset: number) => number;

const writers: Record<ColumnType, Write> = {
  text: (buffer, cell, offset) => buffer.write(cell as string, offset),
  json: (buffer, cell, offset) => buffer.write(cell as string, offset),
  count: (buffer, cell, offset) => buffer.writeInt32BE(cell as number, offset) - offset,
  amount: (buffer, cell, offset) => writeInt64(buffer, cell as number, offset),
  instant: (buffer, cell, offset) => {
    const micros = ((cell as number) - microsecondsEpoch) * 1000;
    if (Number.isSafeInteger(micros)) return writeInt64(buffer, micros, offset);
    return (
      buffer.writeBigInt64BE((BigInt(cell as number) - BigInt(microsecondsEpoch)) * 1000n, offset) - offset
    );
  },
};

function writeInt64(buffer: Buffer, value: number, offset: number): number {
  const high = Math.floor(value / 2 ** 32);
  buffer.writeInt32BE(high, offset);
  return buffer.writeUInt32BE(value - high * 2 ** 32, offset + 4) - offset;
}

/** One instant as a parameter. */
export function instantParameter(instant: number): Buffer {
  const buffer = Buffer.allocUnsafe(8);
  writers.instant(buffer, instant, 0);
  return buffer;
}

/** No character takes more than three bytes a UTF-16 unit. */
function textCapacity(cells: readonly Cell[]): number {
  let capacity = 0;
  for (const cell of cells) capacity += 4 + (cell === null ? 0 : (cell as string).length * 3);
  return capacity;
}
