import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server of the test's own, on the loopback, that is gone when the test is over. */
export interface Listening {
  url: string;
  /** Opens a connection that the test writes to as it likes. */
  open(): Socket;
  /** Sends these bytes and gives all that is answered until the server ends the connection, or is silent for a while. */
  raw(...parts: (string | Uint8Array)[]): Promise<string>;
}

const silenceMs = 500;

export async function listen(listener: RequestListener, options: ServerOptions = {}): Promise<Listening> {
  const server = createServer(options, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const open = () => connect(port, '127.0.0.1');
  return {
    url: `http://127.0.0.1:${port}`,
    open,
    raw: (...parts) =>
      new Promise((resolve) => {
        const socket = open();
        let answer = '';
        const end = () => {
          socket.destroy();
          resolve(answer);
        };
        socket.setTimeout(silenceMs, end);
        socket.on('data', (bytes) => {
          answer += bytes.toString('latin1');
        });
        socket.on('end', end);
        // The server may have gone before everything was sent: what it said until then counts.
        socket.on('error', end);
        for (const part of parts) socket.write(part);
      }),
  };
}

/** The status of a raw answer. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}
