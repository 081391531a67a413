import { LoyaltyError } from '@loyalty-engine/core';

const byCode: [prefix: string, code: string, message: string][] = [
  ['SQLITE_BUSY', 'STORE_BUSY', 'Another process holds the database for too long'],
  ['SQLITE_LOCKED', 'STORE_BUSY', 'Another connection holds the database for too long'],
  ['SQLITE_READONLY', 'STORE_READ_ONLY', 'The database cannot be written'],
  ['SQLITE_FULL', 'STORE_FULL', 'The disk, or the database, is full; nothing was written'],
  ['SQLITE_NOTADB', 'STORE_NOT_A_DATABASE', 'The file is not a SQLite database'],
  ['SQLITE_CORRUPT', 'STORE_CORRUPT', 'The database file is damaged'],
  ['SQLITE_CANTOPEN', 'STORE_CANNOT_OPEN', 'The database file cannot be opened'],
  ['SQLITE_CONSTRAINT', 'STORE_CONSTRAINT', 'The database refused a row; nothing of the command was written'],
  ['SQLITE_IOERR', 'STORE_IO', 'The disk failed'],
];

/** True where trying again can help: another process or connection was writing. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
}

/** True where a row was refused by the database itself. */
export function isConstraint(error: unknown): boolean {
  return sqliteCode(error).startsWith('SQLITE_CONSTRAINT');
}

/** True where a row was refused because there is one of its key. */
export function isTaken(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE';
}

/** A driver's error as a LoyaltyError with a stable code; any other error as it is. */
export function storeError(error: unknown, file?: string): unknown {
  if (error instanceof LoyaltyError) return error;
  const code = sqliteCode(error);
  const known = byCode.find(([prefix]) => code.startsWith(prefix));
  if (!known) return error;
  const where = file === undefined ? '' : ` (${file})`;
  return new LoyaltyError(known[1], `${known[2]}${where}`, { cause: error });
}

function sqliteCode(error: unknown): string {
  const cause = error instanceof LoyaltyError ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : '';
}
