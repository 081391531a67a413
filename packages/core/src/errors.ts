/** One thing that is wrong with an input: where it stands and which rule it breaks. */
export interface Issue {
  /** Path of the field, outermost first: `['order', 'lines', 0, 'unitPrice']`. */
  path: (string | number)[];
  message: string;
  code: string;
}

/**
 * Every error that this library throws. `code` is stable and meant for programs; `message` is for people.
 * Business refusals are not thrown: they are outcomes with `ok: false`.
 *
 * @example
 * try { await loyalty.earn(input) } catch (error) {
 *   if (error instanceof LoyaltyError && error.code === 'INVALID_COMMAND') return badRequest(error.message)
 *   throw error
 * }
 */
export class LoyaltyError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'LoyaltyError';
    this.code = code;
  }
}

/**
 * The input is not a command: a field is missing, unknown, of the wrong shape or out of range. Nothing was written.
 * `field` is the first offending field (`'order.total'`), `issues` are all of them.
 */
export class InvalidCommandError extends LoyaltyError {
  readonly issues: readonly Issue[];
  readonly field: string;
  constructor(issues: readonly Issue[]) {
    const first = issues[0];
    const field = first ? pathText(first.path) : '';
    super('INVALID_COMMAND', first ? `${field || 'command'}: ${first.message}` : 'The command is not valid');
    this.name = 'InvalidCommandError';
    this.issues = issues;
    this.field = field;
  }
}

/** An InvalidCommandError about a single field. */
export function invalid(path: (string | number)[], message: string, code = 'custom'): InvalidCommandError {
  return new InvalidCommandError([{ path, message, code }]);
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((part) => (typeof part === 'string' ? part.slice(0, 60) : String(part))).join('.');
}
