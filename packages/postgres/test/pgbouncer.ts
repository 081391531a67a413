import { accessSync, constants, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { reapedFolder } from './reaped-folder.ts';
import { startDaemon } from './start-daemon.ts';

export interface PgBouncer {
  url: string;
  stop(): Promise<void>;
}

export interface PgBouncerOptions {
  poolMode: 'session' | 'transaction' | 'statement';
  /** Connections to the server, for each user and database. */
  poolSize: number;
}

/** Starts a PgBouncer before the server of a URL, or tells why this machine has none. */
export async function startPgBouncer(
  serverUrl: string,
  options: PgBouncerOptions,
): Promise<PgBouncer | { missing: string }> {
  const command = findPgBouncer();
  if (!command)
    return { missing: 'There is no pgbouncer on this machine (Debian: apt-get install pgbouncer).' };
  const folder = reapedFolder('loyalty-pgbouncer-');
  try {
    const port = await freePort();
    const ini = join(folder.path, 'pgbouncer.ini');
    const users = join(folder.path, 'users');
    // Readable: the folder is closed to others, and pgbouncer runs as the user that owns it.
    writeFileSync(users, userlist(serverUrl), { mode: 0o644 });
    writeFileSync(ini, configuration(serverUrl, port, users, options), { mode: 0o644 });
    const daemon = await startDaemon({ command, parameters: [ini], folder, ready: () => answers(port) });
    const url = new URL(serverUrl);
    url.hostname = '127.0.0.1';
    url.port = String(port);
    return {
      url: url.href,
      stop: async () => {
        if (daemon.running()) await daemon.end('SIGTERM');
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

/** Debian puts it where only root's path leads. */
function findPgBouncer(): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(':'),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ];
  return folders.map((folder) => join(folder, 'pgbouncer')).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** With the password as it is: the server asks for that, and takes no hash. */
function userlist(serverUrl: string): string {
  const { username, password } = new URL(serverUrl);
  const quoted = [username, password].map((part) => `"${decodeURIComponent(part).replaceAll('"', '""')}"`);
  return `${quoted.join(' ')}\n`;
}

function configuration(serverUrl: string, port: number, users: string, options: PgBouncerOptions): string {
  const server = new URL(serverUrl);
  return `[databases]
* = host=${server.hostname} port=${server.port || 5432}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = md5
auth_file = ${users}
pool_mode = ${options.poolMode}
default_pool_size = ${options.poolSize}
max_client_conn = 200
; A server that was restarted is found again in a second instead of 15.
server_login_retry = 1
`;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
