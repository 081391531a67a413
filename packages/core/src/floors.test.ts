import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

/** Lints one import planted at `path` under the repository's own biome.json, and returns the messages. */
function lintImport(path: string, specifier: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'floors-'));
  try {
    for (const file of ['biome.json', '.gitignore']) cpSync(join(root, file), join(folder, file));
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), `import { planted } from '${specifier}';\n\nplanted();\n`);
    const run = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', path], {
      cwd: folder,
      encoding: 'utf8',
    });
    const report: { diagnostics: { category: string; message: string }[] } = JSON.parse(run.stdout);
    return report.diagnostics.map(({ category, message }) => `${category}: ${message}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each([
  ['packages/core/src/rules/earn.ts', './caps.ts'],
  ['packages/core/src/rules/earn.ts', '../money/round.ts'],
  ['packages/core/src/card/card-state.ts', '../merchant/reward.ts'],
  ['packages/core/src/rules/earn.ts', '../errors.ts'],
  ['packages/core/src/rules/earn.ts', 'decimal.js'],
  ['packages/core/src/rules/earn.ts', '@date-fns/tz'],
  ['packages/core/src/rules/earn.ts', 'date-fns/addDays'],
  ['packages/core/src/engine/create-loyalty.ts', '../commands/earn.ts'],
  ['packages/core/src/index.ts', './engine/create-loyalty.ts'],
  ['packages/core/src/rules/earn.test.ts', 'node:fs'],
  ['packages/core/src/rules/earn.test.ts', 'fast-check'],
  ['packages/sqlite/src/index.ts', '@loyalty-engine/core'],
])('%s may import %s', (path, specifier) => {
  expect(lintImport(path, specifier)).toEqual([]);
});

test.each([
  ['packages/core/src/engine/clock.ts', 'node:fs'],
  ['packages/core/src/engine/clock.ts', 'fs'],
  ['packages/core/src/ports/store.ts', 'better-sqlite3'],
  ['packages/core/src/ports/store.ts', 'knex'],
  ['packages/core/src/ports/store.ts', 'pg'],
  ['packages/core/src/money/round.ts', 'lodash'],
])('%s may not import %s: core does no I/O and has four dependencies', (path, specifier) => {
  expect(lintImport(path, specifier)).toContainEqual(expect.stringContaining('noRestrictedImports'));
});

test.each([
  ['packages/core/src/errors.ts', './money/round.ts'],
  ['packages/core/src/money/round.ts', '../program/schema.ts'],
  ['packages/core/src/program/schema.ts', '../rules/earn.ts'],
  ['packages/core/src/program/schema.ts', '../merchant/settings.ts'],
  ['packages/core/src/merchant/settings.ts', '../rules/earn.ts'],
  ['packages/core/src/rules/earn.ts', '../card/evolve.ts'],
  ['packages/core/src/rules/earn.ts', '../index.ts'],
  ['packages/core/src/card/evolve.ts', '../commands/earn.ts'],
  ['packages/core/src/commands/earn.ts', '../ports/store.ts'],
  ['packages/core/src/ports/store.ts', '../engine/create-loyalty.ts'],
  ['packages/core/src/rules/earn.ts', './deeper/caps.ts'],
  ['packages/core/src/elsewhere/earn.ts', '../money/round.ts'],
])('%s may not import %s: a floor sees only itself and below', (path, specifier) => {
  expect(lintImport(path, specifier)).toContainEqual(expect.stringContaining('noRestrictedImports'));
});

test.each([
  ['packages/testing/src/index.ts', '@loyalty-engine/core/dist/index.js'],
  ['packages/testing/src/index.ts', '../../core/src/index.ts'],
  ['packages/sqlite/src/store.test.ts', '../../core/src/ports/store.ts'],
  ['examples/quickstart/src/index.ts', '../../../packages/core/src/index.ts'],
])('%s may not import %s: core is entered by its name only', (path, specifier) => {
  expect(lintImport(path, specifier)).toContainEqual(expect.stringContaining('noRestrictedImports'));
});
