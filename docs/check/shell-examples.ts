import type { Block, Page } from './read-page.ts';

/** Commands of a page that a reader types, and what the page says they print. */
export interface ShellExample {
  /** As `docs/http-api.md:31`. */
  where: string;
  commands: string;
  /** The block that follows, with nothing in between; null where the page shows no answer. */
  answer: { language: 'json' | 'text'; text: string } | null;
}

/** The blocks of a page that call a server with curl. Others, such as `npm ci`, are not for a test to run. */
export function shellExamplesOf(page: Page): ShellExample[] {
  return page.blocks.flatMap((block, index) => {
    if (block.language !== 'sh' || !/\bcurl\b/.test(block.text)) return [];
    const next = page.blocks[index + 1];
    const answer = next && followsAtOnce(page, block, next) ? answerOf(next) : null;
    return [{ where: `${page.name}:${block.first + 1}`, commands: block.text, answer }];
  });
}

function followsAtOnce(page: Page, block: Block, next: Block): boolean {
  return page.lines.slice(block.end + 1, next.first - 1).every((line) => line === '');
}

function answerOf({ language, text }: Block): ShellExample['answer'] {
  return language === 'json' || language === 'text' ? { language, text } : null;
}

/**
 * Compares what was printed with what a page shows. `"..."` stands for any value, `"...": "..."` for further fields, and as the
 * last of a list for further items. In plain text each line that is shown is printed, in that order; `...` stands for anything.
 *
 * @returns what differs, for a test to show beside nothing; null where it is as shown.
 */
export function differenceOf({ answer }: ShellExample, printed: string): object | null {
  if (!answer) return null;
  if (answer.language === 'text') return missingLines(answer.text, printed);
  const shown: unknown = JSON.parse(answer.text);
  const actual: unknown = JSON.parse(printed);
  const path = firstDifference(shown, actual, '');
  return path === null ? null : { path, shown, actual };
}

function missingLines(shown: string, printed: string): object | null {
  let rest = printed.split(/\r?\n/);
  for (const line of shown.split('\n')) {
    const parts = line.split('...').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const place = rest.findIndex((each) => new RegExp(`^${parts.join('.*')}$`, 'i').test(each));
    if (place < 0) return { line, printed };
    rest = rest.slice(place + 1);
  }
  return null;
}

/** Where two values differ, as `balance.available`; null where they do not. */
function firstDifference(shown: unknown, actual: unknown, path: string): string | null {
  if (shown === '...') return actual === undefined ? path : null;
  if (!isContainer(shown) || !isContainer(actual) || Array.isArray(shown) !== Array.isArray(actual))
    return Object.is(shown, actual) ? null : path;
  const { more, fields } = fieldsOf(shown);
  const names = new Set([...Object.keys(fields), ...(more ? [] : Object.keys(actual))]);
  for (const name of names) {
    const difference = firstDifference(fields[name], Reflect.get(actual, name), `${path}.${name}`);
    if (difference !== null) return difference;
  }
  return null;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** What is shown of an object or a list, and whether there may be more. */
function fieldsOf(shown: object): { more: boolean; fields: Record<string, unknown> } {
  if (Array.isArray(shown)) {
    const more = shown.at(-1) === '...';
    return { more, fields: { ...(more ? shown.slice(0, -1) : shown) } };
  }
  const { '...': more, ...fields } = shown as Record<string, unknown>;
  return { more: more !== undefined, fields };
}
