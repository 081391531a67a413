import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../examples/cathay-shop/src/server/shop-in-test.test-data.ts';
import { startShop } from '../examples/cathay-shop/src/server/shop-process.test-data.ts';
import { readPage } from './check/read-page.ts';
import { differenceOf, type ShellExample, shellExamplesOf } from './check/shell-examples.ts';

// Every page whose examples are typed against the Cathay Shop, as `npm start` brings it up.
const pages = [
  'README.md',
  'examples/cathay-shop/README.md',
  'docs/http-api.md',
  'docs/payments.md',
  'docs/security.md',
].map(readPage);

const run = promisify(execFile);

/** The keys that `npm start` prints, which a reader puts into these variables. */
const keys = {
  SERVICE_KEY: 'service-key-of-the-examples-in-the-docs',
  STORE_KEY: 'store-key-of-the-examples-in-the-docs!!',
};

interface Ran {
  status: string;
  printed: string;
}

/** Types a page's commands into one shell, in the order of the page, and gives what each block of them printed. */
async function typeAll(examples: readonly ShellExample[], url: string, folder: string): Promise<Ran[]> {
  const blocks = examples.map(({ commands }, index) => {
    // Not in a subshell: what a block puts into a variable is there for the next.
    return `{\n${commands}\n} > out-${index} 2>&1\necho $? > status-${index}`;
  });
  const script = blocks.join('\n').replaceAll('http://localhost:3000', url);
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  await run('sh', ['-c', script], { cwd: folder, env: { PATH, HOME: folder, ...keys } });
  const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');
  return examples.map((_, index) => ({
    status: textOf(`status-${index}`).trim(),
    printed: textOf(`out-${index}`),
  }));
}

describe.each(pages.map((page) => ({ name: page.name, examples: shellExamplesOf(page) })))(
  '$name',
  ({ examples }) => {
    it('has commands to type, and what they print is shown', { timeout: 90_000 }, async () => {
      expect(examples).not.toEqual([]);
      const shop = startShop({
        DATA_FOLDER: temporaryFolder(),
        LOG_LEVEL: 'warn',
        LOYALTY_SERVICE_KEY: keys.SERVICE_KEY,
        LOYALTY_STORE_KEY: keys.STORE_KEY,
      });
      const ran = await typeAll(examples, await shop.open(), temporaryFolder());
      const wrong = examples.flatMap((example, index) => {
        const { status = '', printed = '' } = ran[index] ?? {};
        const difference = status === '0' ? differenceOf(example, printed) : { status, printed };
        return difference ? [{ where: example.where, ...difference }] : [];
      });
      expect(wrong).toEqual([]);
    });
  },
);
