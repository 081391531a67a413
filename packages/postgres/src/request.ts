import type { Call, Rows } from './pipeline.ts';

/** A call, and what takes its rows. */
export interface Request {
  call: Call;
  take(rows: Rows): void;
}

/** Whether what is read is locked too, until the transaction ends. */
export type Reading = 'lock' | 'read';
