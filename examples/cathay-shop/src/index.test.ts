import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from './server/shop-in-test.test-data.ts';
import { startProcess, startShop } from './server/shop-process.test-data.ts';

const run = promisify(execFile);

test('npm start opens the shop, prints what works, and stops on SIGTERM', { timeout: 90_000 }, async () => {
  const folder = temporaryFolder();
  const shop = startProcess('npm', ['start'], { DATA_FOLDER: folder, PORT: '0' });
  const url = await shop.open();
  const printed = shop.output();
  expect(printed).toContain(`SQLite, in ${folder}`);
  expect(printed).toContain('admin@cathay.example');

  const commands = printed.split('\n').filter((line) => line.startsWith('  curl'));
  expect(commands).toHaveLength(2);
  const [search, card] = await Promise.all(
    commands.map(async (command) => JSON.parse((await run('sh', ['-c', command])).stdout)),
  );
  expect(search.products.length).toBeGreaterThan(0);
  expect(card).toMatchObject({ programId: 'cathay-miles', customerId: 'priya' });

  const [, email = '', password = ''] = /(priya@\S+) +(\S+)/.exec(printed) ?? [];
  const login = await fetch(`${url}/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  expect(login.status).toBe(200);
  expect(await (await fetch(url)).text()).toContain('Cathay Shop');

  shop.child.kill('SIGTERM');
  expect(await shop.ended()).toBe(0);
  expect(shop.output()).toContain('"msg":"Stopped"');
  await expect(fetch(url)).rejects.toThrow();
  expect(existsSync(join(folder, 'shop.sqlite-wal'))).toBe(false);
});

test('keeps its data and its keys from one start to the next', { timeout: 60_000 }, async () => {
  const variables = { DATA_FOLDER: temporaryFolder() };
  const printed: string[] = [];
  for (let time = 0; time < 2; time += 1) {
    const shop = startShop(variables);
    const url = await shop.open();
    printed.push(shop.output().replaceAll(url, ''));
    shop.child.kill('SIGINT');
    expect(await shop.ended()).toBe(0);
  }
  expect(printed[1]).toBe(printed[0]);
});

test('a port that is taken and a variable that is wrong are one clear message', {
  timeout: 60_000,
}, async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const taken = startShop({ DATA_FOLDER: temporaryFolder(), PORT: String(port) });
  expect(await taken.ended()).toBe(1);
  expect(taken.output()).toBe(
    `Port ${port} is taken. Choose another: PORT=${port + 1} npm start (PORT=0 takes any free one).\n`,
  );
  const wrong = startShop({ PORT: 'eighty', LOG_LEVEL: 'loud' });
  expect(await wrong.ended()).toBe(1);
  expect(wrong.output()).toMatch(/^The environment is not right:\n {2}PORT: .*\n {2}LOG_LEVEL: .*\n$/);
});

test('an old Node is told so before anything else is loaded', () => {
  const script = `Object.defineProperty(process.versions, 'node', { value: '18.20.0' });
    await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  try {
    execFileSync(process.execPath, args, { stdio: 'pipe' });
    expect.unreachable();
  } catch (error) {
    expect(String((error as { stderr: Buffer }).stderr)).toMatch(
      /^The Cathay Shop needs Node 22\.14 or newer/,
    );
  }
});
