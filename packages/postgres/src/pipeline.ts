import type { Connection as ProtocolConnection, Submittable } from 'pg';
import { MessageWriter, type Parameter } from './message-writer.ts';

/** A statement, known to the server under its name where names are allowed. */
export interface Statement {
  name: string;
  text: string;
}

/** A statement with the values of its parameters. */
export interface Call {
  statement: Statement;
  values: readonly Parameter[];
}

/** Rows as the server writes them, cell by cell, whatever type parsers the host has set. */
export type Rows = (string | null)[][];

/** What a pool hands out: a client of pg's that takes query objects of others. */
export interface PgConnection {
  query(query: Submittable): Submittable;
  query(text: string): Promise<unknown>;
  end(): Promise<void>;
  /** Set where pg pipelines by itself; it then refuses query objects of others. */
  pipeline?: boolean;
}

/** Statements that the server knows by name, for each connection. */
const known = new WeakMap<PgConnection, Set<string>>();

/** Forgets what a connection has prepared; names are closed before they are used anew. */
export function forgetStatements(connection: PgConnection): void {
  known.delete(connection);
}

/**
 * Sends all calls at once and resolves to the rows of each: one round trip. Where one fails the server skips those after
 * it, and the transaction they are in is broken.
 */
export function runPipeline(
  connection: PgConnection,
  calls: readonly Call[],
  preparedStatements: boolean,
): Promise<Rows[]> {
  let names: Set<string> | null = null;
  if (preparedStatements) {
    names = known.get(connection) ?? new Set();
    known.set(connection, names);
  }
  return new Promise((resolve, reject) => {
    connection.query(
      new Pipeline(calls, names, (error, rows) => (error ? reject(error) : resolve(rows as Rows[]))),
    );
  });
}

/** Several statements of the extended protocol with one Sync at their end, as a query object of pg's. */
class Pipeline implements Submittable {
  // pg replaces it where the host has set a query_timeout.
  callback: (error: Error | null, rows?: Rows[]) => void;
  private readonly calls: readonly Call[];
  private readonly names: Set<string> | null;
  private readonly rows: Rows[] = [];
  private current: Rows = [];

  constructor(calls: readonly Call[], names: Set<string> | null, callback: Pipeline['callback']) {
    this.calls = calls;
    this.names = names;
    this.callback = callback;
  }

  submit(connection: ProtocolConnection): undefined {
    const writer = new MessageWriter(likelyBytes(this.calls));
    const parsedHere = new Set<string>();
    for (const { statement, values } of this.calls) {
      const name = this.names ? statement.name : '';
      if (!this.names?.has(name) && !parsedHere.has(name)) {
        // An earlier pipeline can have broken after the server had parsed it.
        if (name !== '') {
          writer.close(name);
          parsedHere.add(name);
        }
        writer.parse(name, statement.text);
      }
      writer.bind(name, values);
      writer.execute();
    }
    writer.sync();
    // A connection that is gone tells all its queries so by itself.
    if (connection.stream.writable) connection.stream.write(writer.bytes());
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.current.push(fields);
  }

  handleCommandComplete(): void {
    const call = this.calls[this.rows.length];
    if (call) this.names?.add(call.statement.name);
    this.rows.push(this.current);
    this.current = [];
  }

  handleReadyForQuery(): void {
    this.callback(null, this.rows);
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleRowDescription(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}

/** About how much the calls take, so that their buffer seldom has to grow. */
function likelyBytes(calls: readonly Call[]): number {
  let bytes = 0;
  for (const { statement, values } of calls) {
    bytes += 200 + statement.text.length;
    for (const value of values)
      if (value !== null && typeof value === 'object' && 'rows' in value)
        bytes += 20 + value.rows.length * 40;
  }
  return bytes;
}
