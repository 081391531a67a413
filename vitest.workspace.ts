import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Current Vitest does not look for a file of this name by itself, hence `--config vitest.workspace.ts` in every script.

/** Where a project is, and the file that runs once before its tests, seen from there. */
const projects: Record<string, { root: string; globalSetup?: string }> = {
  core: { root: 'packages/core' },
  testing: { root: 'packages/testing' },
  node: { root: 'packages/node' },
  sqlite: { root: 'packages/sqlite' },
  postgres: { root: 'packages/postgres', globalSetup: 'test/global-setup.ts' },
  http: { root: 'packages/http', globalSetup: '../postgres/test/global-setup.ts' },
  quickstart: { root: 'examples/quickstart' },
  shop: { root: 'examples/cathay-shop', globalSetup: '../../packages/postgres/test/global-setup.ts' },
  docs: { root: 'docs', globalSetup: '../packages/postgres/test/global-setup.ts' },
};

/** Which files a run takes: plain by default, `--mode deep` and `--mode crash` for the long ones. */
const selections: Record<string, { include: string[]; exclude: string[]; testTimeout: number }> = {
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/*.deep.test.ts', '**/*.crash.test.ts'],
    testTimeout: 10_000,
  },
  deep: { include: ['**/*.deep.test.ts'], exclude: [], testTimeout: 600_000 },
  crash: { include: ['**/*.crash.test.ts'], exclude: [], testTimeout: 600_000 },
};

export default defineConfig(({ mode }) => {
  const selection = selections[mode];
  if (!selection) throw new Error(`Unknown mode '${mode}': use ${Object.keys(selections).join(', ')}.`);
  const { include, exclude, testTimeout } = selection;
  return {
    resolve: {
      // Packages are tested from source, so no build is needed and there is one copy of core.
      alias: [
        {
          find: '@loyalty-engine/http/client',
          replacement: fileURLToPath(new URL('packages/http/src/client.ts', import.meta.url)),
        },
        {
          find: /^@loyalty-engine\/([a-z]+)$/,
          replacement: fileURLToPath(new URL('packages/$1/src/index.ts', import.meta.url)),
        },
      ],
    },
    test: {
      passWithNoTests: true,
      // Many tests wait for processes and disks of their own: one worker less than cores would leave half of two idle.
      maxWorkers: Math.max(2, availableParallelism() - 1),
      projects: Object.entries(projects).map(([name, { root, globalSetup = [] }]) => ({
        extends: true,
        root,
        test: {
          name,
          globalSetup,
          include,
          exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
          testTimeout,
        },
      })),
    },
  };
});
