import { LoyaltyError } from '@loyalty-engine/core';

/** Errors by the start of PostgreSQL's SQLSTATE; the first that fits counts. */
const byState: [state: string, code: string, message: string][] = [
  ['40001', 'STORE_CONFLICT', 'The transaction met another one; run it again'],
  ['40P01', 'STORE_CONFLICT', 'Two transactions wait for each other; run it again'],
  ['25P02', 'STORE_TRANSACTION_FAILED', 'A statement of the transaction failed before; roll it back'],
  ['53100', 'STORE_FULL', 'The disk is full; nothing was written'],
  ['53', 'STORE_BUSY', 'The server is out of connections or memory'],
  ['55P03', 'STORE_BUSY', 'A lock was not free in time'],
  ['57014', 'STORE_BUSY', 'The statement took too long and was cancelled'],
  ['57', 'STORE_UNAVAILABLE', 'The server is shutting down or starting'],
  ['58', 'STORE_IO', 'The disk failed'],
  ['08', 'STORE_UNAVAILABLE', 'The connection was lost'],
  ['25P03', 'STORE_UNAVAILABLE', 'The server ended the session'],
  ['25P04', 'STORE_UNAVAILABLE', 'The server ended the session'],
  [
    '26000',
    'STORE_STATEMENT_LOST',
    'A pooler takes prepared statements away: open the store with preparedStatements false',
  ],
  [
    '42P05',
    'STORE_STATEMENT_LOST',
    'A pooler mixes prepared statements up: open the store with preparedStatements false',
  ],
  ['42P01', 'STORE_NOT_MIGRATED', "The store's tables are missing: call store.migrate()"],
  ['3F000', 'STORE_NOT_MIGRATED', "The store's schema is missing: call store.migrate()"],
  ['42703', 'STORE_NOT_MIGRATED', "The store's tables are of another version: call store.migrate()"],
  ['42P07', 'STORE_FOREIGN', 'The schema has tables of our names that this package has not made'],
  ['42501', 'STORE_NO_PERMISSION', 'The database user may not do that'],
  ['28', 'STORE_NO_PERMISSION', 'The server did not let the database user in'],
  ['3D000', 'STORE_CANNOT_OPEN', 'The server has no such database'],
  ['22', 'STORE_CONSTRAINT', 'The database refused a value; nothing of the command was written'],
  ['23', 'STORE_CONSTRAINT', 'The database refused a row; nothing of the command was written'],
  ['XX', 'STORE_CORRUPT', 'The database reports damage'],
];

/** The SQLSTATE of a server's error, as far as it is one. */
export function stateOf(error: unknown): string {
  const cause = error instanceof LoyaltyError ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  // Not EPIPE, which Node.js says of a broken connection and which has five letters as well.
  return typeof code === 'string' && /^(?!E[A-Z])[0-9A-Z]{5}$/.test(code) ? code : '';
}

/** True where the connection is gone: an error that the server did not send, or the last one of a session. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof LoyaltyError) return error.code === 'STORE_UNAVAILABLE';
  const state = stateOf(error);
  if (state === '') return isNetworkError(error);
  return state.startsWith('08') || state.startsWith('57P') || state === '25P03' || state === '25P04';
}

/**
 * True where the server turned out to be a standby: the primary is elsewhere by now, or will be here soon. A standby
 * refuses the BEGIN of a writing transaction as not supported, and says only by its routine that this is why.
 */
export function isStandby(error: unknown): boolean {
  const state = stateOf(error);
  return state === '25006' || (state === '0A000' && routineOf(error) === 'call_bool_check_hook');
}

/** The server's function that reported an error; messages are in the server's language. */
function routineOf(error: unknown): unknown {
  const cause = error instanceof LoyaltyError ? error.cause : error;
  return cause instanceof Error && 'routine' in cause ? cause.routine : undefined;
}

/** pg's own words for a connection that is gone; they have no code. */
const pgMessage =
  /^(Connection terminated|Connection ended|Client has encountered a connection error|Client was closed|timeout expired|Query read timeout)/;
const networkCodes = new Set([
  'EPIPE',
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);

function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return networkCodes.has(code) || pgMessage.test(error.message);
}

/** True where the same work can be done again, because another transaction was in the way. */
export function isConflict(error: unknown): boolean {
  if (error instanceof LoyaltyError && error.code === 'STORE_CONFLICT') return true;
  const state = stateOf(error);
  return state === '40001' || state === '40P01' || isOfNewCard(error);
}

/** True where a row was to be made under a key that there is already. */
export function isUniqueViolation(error: unknown): boolean {
  return stateOf(error) === '23505';
}

/** Two processes made the same member's card at once. */
export function isOfNewCard(error: unknown): boolean {
  return isUniqueViolation(error) && tableOf(error) === 'members';
}

/** A card's number, its QR token or the code of a voucher is another card's already. */
function isOfTakenName(error: unknown): boolean {
  return isUniqueViolation(error) && tableOf(error) === 'names';
}

function tableOf(error: unknown): unknown {
  const cause = error instanceof LoyaltyError ? error.cause : error;
  return cause instanceof Error && 'table' in cause ? cause.table : undefined;
}

/** True where a pooler or a change of the schema took away what the connection had prepared. */
export function isStaleStatement(error: unknown): boolean {
  const state = stateOf(error);
  if (state === '0A000') return routineOf(error) === 'RevalidateCachedQuery';
  return state === '26000' || state === '42P05';
}

/** True where the rows themselves were refused. */
export function isRefusedRow(error: unknown): boolean {
  const state = stateOf(error);
  return state.startsWith('22') || state.startsWith('23');
}

/** A driver's error as a LoyaltyError with a stable code; any other error as it is. */
export function storeError(error: unknown): unknown {
  if (error instanceof LoyaltyError) return error;
  forgetRow(error);
  if (isOfNewCard(error))
    return new LoyaltyError('STORE_CONFLICT', 'Another transaction has made the card; run it again', {
      cause: error,
    });
  if (isOfTakenName(error))
    return new LoyaltyError(
      'NAME_TAKEN',
      'A card number, QR token or voucher code is taken; make another one',
      {
        cause: error,
      },
    );
  if (isStandby(error))
    return new LoyaltyError(
      'STORE_READ_ONLY',
      'Nothing can be written: the server is a standby, or the transaction is read-only',
      {
        cause: error,
      },
    );
  const state = stateOf(error);
  const known = byState.find(([prefix]) => state.startsWith(prefix) && state !== '');
  if (known) return new LoyaltyError(known[1], `${known[2]} (${state})`, { cause: error });
  if (error instanceof Error && error.name === 'KnexTimeoutError')
    return new LoyaltyError('STORE_BUSY', 'No connection of the pool was free in time', { cause: error });
  if (state === '' && isNetworkError(error))
    return new LoyaltyError('STORE_UNAVAILABLE', 'The database cannot be reached', { cause: error });
  return error;
}

/** The server quotes a row that it refuses: a QR token, a voucher code or the hash of a PIN can be in it. */
function forgetRow(error: unknown): void {
  if (!(error instanceof Error)) return;
  // The context can quote parameters, where the server is set up for that.
  const quoting = isRefusedRow(error) ? ['detail', 'where'] : ['where'];
  for (const field of quoting) if (field in error) Object.assign(error, { [field]: undefined });
}
