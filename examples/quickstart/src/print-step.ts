import { styleText } from 'node:util';

/** Prints one step of a walk: its number and title in bold, and what happens in it, a line each. */
export function printStep(number: number, title: string, ...lines: string[]): void {
  console.log(`\n${styleText('bold', `${number}  ${title}`)}`);
  for (const line of lines) console.log(`   ${line}`);
}
