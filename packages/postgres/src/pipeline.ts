import type { Connection as ProtocolConnection, QueryConfig, Submittable } from 'pg';
import { MessageWriter, type Parameter, parameterBytes } from './message-writer.ts';

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
  query(query: QueryConfig & { rowMode: 'array' }): Promise<{ rows: unknown[][] }>;
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
  losses.set(connection, (losses.get(connection) ?? 0) + 1);
}

/** How often a connection has lost its statements: pg keeps a list of its own, and has to be given new names. */
const losses = new WeakMap<PgConnection, number>();

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
  if (connection.pipeline) return runOneByOne(connection, calls, preparedStatements);
  // Written out before pg hears of it: once it has begun a query, nothing may throw.
  const messages = messagesOf(calls, names);
  return new Promise((resolve, reject) => {
    connection.query(
      new Pipeline(messages, calls, names, (error, rows) =>
        error ? reject(error) : resolve(rows as Rows[]),
      ),
    );
  });
}

/** For a connection that pg pipelines by itself: it takes queries of its own kind only, and sends them without waiting. */
async function runOneByOne(
  connection: PgConnection,
  calls: readonly Call[],
  preparedStatements: boolean,
): Promise<Rows[]> {
  const results = await Promise.all(
    calls.map(({ statement: { name, text }, values }) =>
      connection.query({
        ...(preparedStatements && { name: `${name}_${losses.get(connection) ?? 0}` }),
        text,
        values: values.map(parameterBytes),
        rowMode: 'array',
        types: { getTypeParser: () => (cell: string) => cell },
      }),
    ),
  );
  return results.map(({ rows }) => rows as Rows);
}

function messagesOf(calls: readonly Call[], names: ReadonlySet<string> | null): MessageWriter {
  const writer = new MessageWriter(likelyBytes(calls));
  const parsedHere = new Set<string>();
  for (const { statement, values } of calls) {
    const name = names ? statement.name : '';
    if (!names?.has(name) && !parsedHere.has(name)) {
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
  return writer;
}

/** Several statements of the extended protocol with one Sync at their end, as a query object of pg's. */
class Pipeline implements Submittable {
  // pg replaces it where the host has set a query_timeout.
  callback: (error: Error | null, rows?: Rows[]) => void;
  private readonly messages: MessageWriter;
  private readonly calls: readonly Call[];
  private readonly names: Set<string> | null;
  private readonly rows: Rows[] = [];
  private current: Rows = [];

  constructor(
    messages: MessageWriter,
    calls: readonly Call[],
    names: Set<string> | null,
    callback: Pipeline['callback'],
  ) {
    this.messages = messages;
    this.calls = calls;
    this.names = names;
    this.callback = callback;
  }

  submit({ stream }: ProtocolConnection): undefined {
    // A connection that is gone tells all its queries so by itself.
    if (stream.writable) stream.write(this.messages.bytes(), () => this.messages.release());
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
