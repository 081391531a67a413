import { join } from 'node:path';
import ts from 'typescript';
import type { Block, Page } from './read-page.ts';
import { root } from './read-page.ts';

/** A program made of a page: the code before the page's first `##`, then that of one section. */
export interface Example {
  /** As in `docs/rules.md: Caps`. */
  title: string;
  code: string;
  /** Where its claims stand, as `docs/rules.md:31`. */
  claims: readonly string[];
  /** True where it declares tests of its own instead of making claims. */
  declaresTests: boolean;
}

/** The programs of a page, one a section that has code. A line of the program has the number it has on the page. */
export function examplesOf(page: Page): Example[] {
  const runnable = page.blocks.filter(({ language }) => language === 'ts' || language === 'sql');
  const sections = new Set(runnable.map(({ section }) => section));
  // A page with code in sections runs its preamble with each of them, so there is no need to run it alone.
  if (sections.size > 1) sections.delete(null);
  return [...sections].map((section) => {
    const blocks = runnable.filter((block) => block.section === null || block.section === section);
    return exampleOf(page, section, blocks);
  });
}

function exampleOf(page: Page, section: string | null, blocks: readonly Block[]): Example {
  const lines = page.lines.map(() => '');
  const claims: string[] = [];
  for (const block of blocks) {
    const own = page.lines.slice(block.first, block.end);
    lines.splice(block.first, own.length, ...own);
    if (block.language !== 'sql') continue;
    const where = `${page.name}:${block.first + 1}`;
    claims.push(where);
    lines[block.first - 1] = `await claimRows(${JSON.stringify(where)}, store, \``;
    lines[block.end] = `\`, ${JSON.stringify(tableUnder(page, block))})`;
  }
  const { code, found } = withClaims(lines.join('\n'), page.name);
  const declaresTests = /from 'vitest'/.test(code);
  const front = `import { claim, claimRows, claimThrows } from ${JSON.stringify(join(root, 'docs/check/claims.ts'))};`;
  return {
    title: section === null ? page.name : `${page.name}: ${section}`,
    // The first line of a page is its title and never code.
    code: `${front} void [claim, claimRows, claimThrows];${code}`,
    claims: [...claims, ...found],
    declaresTests,
  };
}

/** The table that follows a block, header first; null where none does. */
function tableUnder(page: Page, block: Block): string[][] | null {
  let next = block.end + 1;
  while (page.lines[next] === '') next += 1;
  const rows: string[][] = [];
  for (; page.lines[next]?.startsWith('|'); next += 1) {
    const cells = (page.lines[next] ?? '').split('|').slice(1, -1);
    rows.push(cells.map((cell) => cell.trim()));
  }
  return rows.length === 0 ? null : rows.filter((_row, index) => index !== 1);
}

interface Edit {
  from: number;
  to: number;
  text: string;
}

/** Makes each `expression //=> value` check itself. @throws Error for such a comment that stands elsewhere. */
function withClaims(code: string, page: string): { code: string; found: string[] } {
  const source = ts.createSourceFile('page.ts', code, ts.ScriptTarget.ESNext, true);
  const edits: Edit[] = [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isExpressionStatement(node)) {
      const says = saysOf(code, node);
      if (says !== null) {
        const line = source.getLineAndCharacterOfPosition(node.end).line + 1;
        const where = `${page}:${line}`;
        found.push(where);
        edits.push({ from: node.getStart(source), to: node.end, text: claimText(where, node, source, says) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const written = code.split('//=>').length - 1;
  if (written !== found.length) {
    const lines = code.split('\n').flatMap((line, index) => (line.includes('//=>') ? [index + 1] : []));
    throw new Error(`${page}: ${written} lines say //=>, ${found.length} follow an expression: ${lines}`);
  }
  let checked = code;
  for (const { from, to, text } of edits.toReversed()) {
    checked = checked.slice(0, from) + text + checked.slice(to);
  }
  return { code: checked, found };
}

/** What the comment behind or under an expression says, with the lines that continue it; null where it says nothing. */
function saysOf(code: string, node: ts.Node): string | null {
  const comment = /^[ \t]*\n?[ \t]*\/\/=>(.*)((?:\n[ \t]*\/\/ {2,}.*)*)/.exec(code.slice(node.end));
  if (!comment) return null;
  const [, first = '', continued = ''] = comment;
  return [first, ...continued.split('\n').map((line) => line.replace(/^[ \t]*\/\//, ''))].join(' ').trim();
}

function claimText(where: string, node: ts.ExpressionStatement, source: ts.SourceFile, says: string): string {
  const actual = node.expression.getText(source);
  const code = /^throws ([A-Z_]+)$/.exec(says)?.[1];
  if (code) return `await claimThrows(${JSON.stringify(where)}, async () => (${actual}), '${code}');`;
  const partial = /,? \.\.\. ([}\]])/.test(says);
  const expected = says.replace(/,? \.\.\. ([}\]])/g, ' $1');
  return `claim(${JSON.stringify(where)}, ${actual}, ${expected}, ${partial});`;
}
