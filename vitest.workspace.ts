import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Current Vitest does not look for a file of this name by itself, hence `--config vitest.workspace.ts` in every script.

const projects = {
  core: 'packages/core',
  testing: 'packages/testing',
  sqlite: 'packages/sqlite',
  quickstart: 'examples/quickstart',
  docs: 'docs',
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
          find: /^@loyalty-engine\/([a-z]+)$/,
          replacement: fileURLToPath(new URL('packages/$1/src/index.ts', import.meta.url)),
        },
      ],
    },
    test: {
      passWithNoTests: true,
      projects: Object.entries(projects).map(([name, root]) => ({
        extends: true,
        root,
        test: { name, include, exclude: ['**/node_modules/**', '**/dist/**', ...exclude], testTimeout },
      })),
    },
  };
});
