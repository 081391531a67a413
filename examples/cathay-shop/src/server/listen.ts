import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

/** There is no listening there; the message says what to do about it. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export interface Listening {
  /** Where it can be opened, without a slash at the end. */
  url: string;
  port: number;
  /**
   * Takes no more connections and waits until all requests under way are answered. After `deadlineMs` it cuts off those that are
   * left, and says false.
   */
  close(deadlineMs: number): Promise<boolean>;
}

/** How long new requests are still answered, on connections that end with the answer. */
const graceMs = 250;

/** How long a client may take to send its headers, and its whole request: a slow one does not hold a connection for good. */
const limits = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };

/**
 * Serves an application.
 *
 * @throws ListenError when the port is taken or may not be used.
 */
export async function listen(
  app: RequestListener,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const server = createServer(limits);
  const open = new Set<ServerResponse>();
  let isClosing = false;
  let requests = 0;
  server.on('request', (_request, response) => {
    open.add(response);
    requests += 1;
    if (isClosing) response.setHeader('Connection', 'close');
    response.once('close', () => {
      open.delete(response);
      // The connection counts as idle only after this event.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  server.on('request', app);
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new ListenError(reasonOf(error as NodeJS.ErrnoException, host, port), { cause: error });
  }
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${nameOf(host)}:${actual}`,
    port: actual,
    async close(deadlineMs) {
      isClosing = true;
      // Told so, a client sends its next request on another connection, to another process.
      for (const response of open) if (!response.headersSent) response.setHeader('Connection', 'close');
      // Requests that the network has brought already are still read, and so are those of clients that do not know yet: a
      // connection whose request was not read yet looks idle.
      await pause(Math.min(graceMs, deadlineMs));
      await readAllOf(() => requests);
      const closed = once(server, 'close');
      server.close();
      let isCut = false;
      const deadline = setTimeout(() => {
        isCut = open.size > 0;
        server.closeAllConnections();
      }, deadlineMs);
      await closed;
      clearTimeout(deadline);
      return !isCut;
    },
  };
}

/** Lets the process read from its connections until a turn brings nothing new, or ten did. */
async function readAllOf(counted: () => number): Promise<void> {
  for (let turn = 0, before = -1; turn < 10 && counted() !== before; turn += 1) {
    before = counted();
    // A connection is accepted in one turn of the event loop, and read in the next.
    await nextTurn();
    await nextTurn();
  }
}

/** What to type into a browser: every address of the machine is also this one. */
function nameOf(host: string): string {
  if (host === '127.0.0.1' || host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function reasonOf({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken. Choose another: PORT=${port + 1} npm start (PORT=0 takes any free one).`;
  if (code === 'EACCES')
    return `Port ${port} may not be used by this user. Choose another: PORT=3000 npm start.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is no address of this machine. HOST=127.0.0.1 is for this machine only, HOST=0.0.0.0 for all.`;
  return `The shop cannot listen on ${host}, port ${port}: ${message}`;
}
