import { InvalidCommandError } from '@loyalty-engine/core';

/** What is wrong with a command's input, in one line. Any other error is no row's fault, and is thrown on. */
export function badInputOf(error: unknown): string {
  if (!(error instanceof InvalidCommandError)) throw error;
  return error.message.replace(/\s+/g, ' ').slice(0, 300);
}
