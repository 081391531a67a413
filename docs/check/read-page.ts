import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of a page. Lines count from 0: `first` is the one after the opening fence, `end` the closing fence. */
export interface Block {
  language: string;
  first: number;
  end: number;
  text: string;
  /** The `##` heading that it stands under; null before the first of them. */
  section: string | null;
}

/** A page of the documentation. */
export interface Page {
  /** Its path from the root of the repository. */
  name: string;
  lines: readonly string[];
  blocks: readonly Block[];
}

/** README.md, CHANGELOG.md and every page below docs/. */
export function readPages(): Page[] {
  const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = below.filter((path) => path.endsWith('.md')).map((path) => join('docs', path));
  return ['README.md', 'CHANGELOG.md', ...pages.sort()].map(readPage);
}

/** One page by its path from the root. @throws Error for a fence that is never closed. */
export function readPage(name: string): Page {
  const lines = readFileSync(join(root, name), 'utf8').split('\n');
  const blocks: Block[] = [];
  let section: string | null = null;
  let open: { language: string; first: number } | null = null;
  for (const [number, line] of lines.entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (open && fence) {
      const text = lines.slice(open.first, number).join('\n');
      blocks.push({ ...open, end: number, text, section });
      open = null;
    } else if (fence) open = { language: fence[1] ?? '', first: number + 1 };
    else if (!open && line.startsWith('## ')) section = line.slice(3);
  }
  if (open) throw new Error(`${name}: the block that starts at line ${open.first} is never closed`);
  return { name, lines, blocks };
}
