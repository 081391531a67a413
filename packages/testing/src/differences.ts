/** How much of the actual value must be named: all of it, or only what is expected (objects may have more fields). */
export type Match = 'exact' | 'partial';

const mostListed = 20;

/**
 * Where a value differs from what is expected, a line each: `balance.available: expected 50, got 20`. Empty where it
 * does not differ.
 */
export function differences(actual: unknown, expected: unknown, match: Match = 'exact'): string[] {
  const found: string[] = [];
  compare(actual, expected, '', match, found);
  return found.length <= mostListed
    ? found
    : [...found.slice(0, mostListed), `... and ${found.length - mostListed} more`];
}

function compare(actual: unknown, expected: unknown, path: string, match: Match, found: string[]): void {
  if (Object.is(actual, expected)) return;
  const report = () =>
    found.push(`${path || 'the value'}: expected ${shown(expected)}, got ${shown(actual)}`);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return void report();
    if (actual.length !== expected.length) {
      found.push(`${at(path, 'length')}: expected ${expected.length}, got ${actual.length}`);
    }
    for (let index = 0; index < Math.max(actual.length, expected.length); index += 1) {
      compare(actual[index], expected[index], `${path}[${index}]`, match, found);
    }
    return;
  }
  if (!isRecord(actual) || !isRecord(expected)) return void report();
  const names =
    match === 'partial'
      ? Object.keys(expected)
      : [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  for (const name of names) compare(actual[name], expected[name], at(path, name), match, found);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Object.is(value, -0)) return '-0';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= 200 ? text : `${text.slice(0, 200)}...`;
}
