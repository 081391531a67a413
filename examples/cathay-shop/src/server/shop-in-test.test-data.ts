import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { afterAll, onTestFinished } from 'vitest';
import { type Config, readConfig } from '../config.ts';
import type { ShopDatabase } from '../database/shop-database.ts';
import { demoPeople } from '../seed/demo-people.ts';
import { listen } from './listen.ts';
import { openShop } from './open-shop.ts';
import { shopLogger } from './shop-logger.ts';

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cathay-shop-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface ShopInTest {
  url: string;
  config: Config;
  database: ShopDatabase;
  /** All that was logged, a line of JSON each. */
  log(): string;
  /** What `isStopping` says from now on. */
  stop(): void;
  /** A request to the shop. Redirects are not followed; a body that is no text is sent as JSON. */
  send(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>;
  /** Logs somebody of the demo in and gives the `Cookie` header of their session. */
  cookieOf(id: 'priya' | 'rahul' | 'sachin' | 'admin'): Promise<string>;
}

/** A data folder as the first start leaves it, made once a test file: seeding takes seconds, a copy nothing. */
let seededFolder: Promise<string> | undefined;
afterAll(async () => {
  if (seededFolder) rmSync(await seededFolder, { recursive: true, force: true });
});

async function seedFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cathay-shop-'));
  const config = readConfig({ DATA_FOLDER: folder, LOG_LEVEL: 'silent' });
  const shop = await openShop(config, shopLogger(config), () => false);
  await shop.close();
  return folder;
}

/** The shop as `npm start` opens it, on SQLite in a folder of its own and at a free port, until the test ends. */
export async function shopInTest(variables: Record<string, string> = {}): Promise<ShopInTest> {
  const folder = temporaryFolder();
  if (variables.NODE_ENV !== 'production') {
    seededFolder ??= seedFolder();
    cpSync(await seededFolder, folder, { recursive: true });
  }
  const config = readConfig({ DATA_FOLDER: folder, LOG_LEVEL: 'debug', ...variables });
  const lines: string[] = [];
  const logger: Logger = shopLogger(config, { write: (line: string) => void lines.push(line) });
  let isStopping = false;
  const shop = await openShop(config, logger, () => isStopping);
  const listening = await listen(shop.app, { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await listening.close(0);
    await shop.close();
  });
  const url = `http://127.0.0.1:${listening.port}`;
  const send: ShopInTest['send'] = (method, path, { body, headers = {} } = {}) => {
    const isText = typeof body === 'string' || body === undefined;
    return fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: isText ? headers : { 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
  };
  return {
    url,
    config,
    database: shop.database,
    log: () => lines.join(''),
    stop: () => {
      isStopping = true;
    },
    send,
    async cookieOf(id) {
      const response = await send('POST', '/login', { body: credentialsOf(id) });
      if (response.status !== 200) throw new Error(`The login of ${id} was answered with ${response.status}`);
      return cookieIn(response);
    },
  };
}

/** What somebody of the demo types to log in. */
export function credentialsOf(id: string): { email: string; password: string } {
  const person = demoPeople.find((each) => each.id === id);
  if (!person) throw new Error(`Nobody of the demo is called ${id}`);
  return { email: person.email, password: person.password };
}

/** The cookie that an answer sets, as it is sent back. */
export function cookieIn(response: Response): string {
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
