import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { reached } from './check/claims.ts';
import { examplesOf } from './check/examples-of.ts';
import { freshDatabase, serverSettings } from './check/postgres-server.ts';
import { readPages, root } from './check/read-page.ts';
import { typeErrors } from './check/type-check.ts';

const pages = readPages();
const found = pages.flatMap(examplesOf);
// Within the repository, so that the examples find the packages.
mkdirSync(join(root, '.tmp'), { recursive: true });
const folder = mkdtempSync(join(root, '.tmp', 'docs-'));
const home = process.cwd();

const sources = ['packages', 'examples'].flatMap((folder) => {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const ours = files.filter((file) => /\.(?:ts|json|csv)$/.test(file) && !/node_modules|dist\//.test(file));
  return ours.map((file) => readFileSync(join(root, folder, file), 'utf8'));
});
const source = [readFileSync(join(root, 'package.json'), 'utf8'), ...sources].join('\n');
const settings = await serverSettings();

afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

const examples = found.map((example, index) => {
  const directory = join(folder, String(index + 1));
  mkdirSync(directory);
  const file = join(directory, `${example.title.replace(/[^a-zA-Z0-9]+/g, '-')}.ts`);
  writeFileSync(file, example.code);
  return { ...example, directory, file };
});

describe('examples', () => {
  it('compile under the strictest options', { timeout: 60_000 }, () => {
    const found = typeErrors(examples.map(({ file }) => file));
    expect(found.map((error) => error.replace(`${folder}/`, ''))).toEqual([]);
  });

  it.each(examples.filter(({ declaresTests }) => !declaresTests))('$title', async (example) => {
    process.chdir(example.directory);
    if (example.code.includes('DATABASE_URL')) {
      const { url, drop } = await freshDatabase();
      onTestFinished(drop);
      vi.stubEnv('DATABASE_URL', url);
    }
    await import(example.file);
    expect(example.claims.filter((claim) => !reached.has(claim))).toEqual([]);
  });

  for (const { title, file, claims } of examples.filter(({ declaresTests }) => declaresTests)) {
    describe(title, async () => {
      await import(file);
      it('makes no claims beside its tests', () => expect(claims).toEqual([]));
    });
  }
});

describe('pages', () => {
  it.each(pages)('$name has only blocks that are checked', ({ blocks }) => {
    // Those of `sql roles` are run by postgres.test.ts.
    const checked = ['ts', 'sql', 'sql roles', 'sh', 'json', 'text'];
    expect(blocks.map(({ language }) => language).filter((language) => !checked.includes(language))).toEqual(
      [],
    );
  });

  it.each(pages)('$name links to what is there', ({ name, lines }) => {
    const links = [...lines.join('\n').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(
      (match) => match[1] ?? '',
    );
    const local = links.filter((link) => !/^https?:/.test(link));
    expect(local.filter((link) => !existsSync(join(root, dirname(name), link)))).toEqual([]);
  });

  it.each(pages)('$name links to headings that are there', ({ name, lines }) => {
    const links = [...lines.join('\n').matchAll(/\]\(([^)#\s]*)#([^)]+)\)/g)];
    const missing = links.filter(([, file = '', anchor = '']) => {
      const path = file === '' ? name : join(dirname(name), file);
      const target = pages.find((page) => page.name === path);
      return !target?.lines.some((line) => /^#+ /.test(line) && anchorOf(line) === anchor);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  it.each(pages)('$name names only npm scripts and packages that are there', ({ lines }) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const text = lines.join('\n');
    const runs = [...text.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? '');
    expect(runs.filter((script) => !(script in scripts))).toEqual([]);
    const coming = ['admin'];
    const named = [...text.matchAll(/@loyalty-engine\/([a-z-]+)/g)].map((match) => match[1] ?? '');
    const unknown = named.filter(
      (name) => !existsSync(join(root, 'packages', name)) && !coming.includes(name),
    );
    expect(unknown).toEqual([]);
  });

  it.each(pages)('$name runs commands only on files that are there', ({ blocks }) => {
    const commands = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
    const files = commands.flatMap((text) => text.match(/(?:examples|packages|docs)\/[\w./-]+/g) ?? []);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it.each(pages)(
    '$name names only what is in the source, or a setting of PostgreSQL',
    ({ lines, blocks }) => {
      const inBlocks = new Set(blocks.flatMap(({ first, end }) => lines.slice(first, end)));
      const prose = lines.filter((line) => !inBlocks.has(line)).join('\n');
      const named = [...prose.matchAll(/`([a-z][a-zA-Z_]*(?:\.[a-zA-Z]+)*)(?:\([^`]*\))?`/g)].map(
        ([, name = '']) => name,
      );
      const words = named.flatMap((name) => name.split('.'));
      const unknown = words.filter((word) => !source.includes(word) && !settings.has(word));
      expect(unknown).toEqual([]);
    },
  );

  it.each(pages)('$name has JSON that can be read', ({ blocks }) => {
    for (const { text } of blocks.filter(({ language }) => language === 'json')) JSON.parse(text);
  });
});

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/ /g, '-');
}
