import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type MessageSplitter, messageSplitters } from './message-splitters.ts';

export type Direction = 'to-server' | 'to-client';

export interface Cut {
  direction: Direction;
  /** 1 is the first message after arming; Infinity only counts. */
  message: number;
}

/** A place between clients and a PostgreSQL server where connections can be cut between two messages. */
export interface Proxy {
  port: number;
  /** The URL of the server, by way of the proxy. */
  url(serverUrl: string): string;
  /**
   * Arms: counts the messages of all connections from 0, and cuts the connection that carries the n-th one of a
   * direction, once. That message still arrives whole; whatever follows it on that connection, either way, does not.
   * Other connections, and new ones, go on.
   */
  cutAfter(cut: Cut): void;
  /** Messages since arming; since the start before it. */
  counts(): Record<Direction, number>;
  /** Cuts nothing any more; the counts stay. */
  disarm(): void;
  stop(): Promise<void>;
}

/** Starts a proxy on the loopback interface to a port there. Its connections must not be encrypted. */
export async function startProxy(targetPort: number): Promise<Proxy> {
  let counts: Record<Direction, number> = { 'to-server': 0, 'to-client': 0 };
  let cut: Cut | undefined;
  const sockets = new Set<Socket>();

  /** Counts a message; true if it is the last of its connection. */
  const isLast = (direction: Direction) => {
    counts[direction] += 1;
    if (cut?.direction !== direction || counts[direction] !== cut.message) return false;
    cut = undefined;
    return true;
  };
  const listener = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
    }
    join(client, server, isLast);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    port,
    url: (serverUrl) => {
      const url = new URL(serverUrl);
      url.hostname = '127.0.0.1';
      url.port = String(port);
      return url.href;
    },
    cutAfter: (next) => {
      counts = { 'to-server': 0, 'to-client': 0 };
      cut = next;
    },
    counts: () => ({ ...counts }),
    disarm: () => {
      cut = undefined;
    },
    stop: async () => {
      const closed = once(listener, 'close');
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function join(client: Socket, server: Socket, isLast: (direction: Direction) => boolean): void {
  let severed = false;
  const pass = (message: Buffer, to: Socket, direction: Direction) => {
    if (severed) return;
    severed = isLast(direction);
    if (!severed) to.write(message);
    // Only once the message has left: destroying a socket forgets what it has not sent.
    else
      to.write(message, () => {
        client.destroy();
        server.destroy();
      });
  };
  const carry = (from: Socket, to: Socket, split: MessageSplitter, direction: Direction) => {
    from.on('data', (chunk) => {
      for (const message of split(chunk)) pass(message, to, direction);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
  };
  const { toServer, toClient } = messageSplitters();
  carry(client, server, toServer, 'to-server');
  carry(server, client, toClient, 'to-client');
}
