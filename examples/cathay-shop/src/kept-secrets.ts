import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A secret of a developer's machine: the same at every start. */
export type KeepSecret = (name: string) => string;

/**
 * Secrets for a shop that was given none: random, made once and kept in a file of the data folder that only its owner may read.
 *
 * @throws Error when the file is there and holds something else.
 */
export function keptSecrets(dataFolder: string): KeepSecret {
  const file = join(dataFolder, 'secrets.json');
  const kept = read(file);
  return (name) => {
    const known = kept[name];
    if (known !== undefined) return known;
    const made = randomBytes(32).toString('base64url');
    kept[name] = made;
    mkdirSync(dataFolder, { recursive: true });
    writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    return made;
  };
}

function read(file: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  const secrets: unknown = parsed(text);
  if (
    typeof secrets !== 'object' ||
    secrets === null ||
    !Object.values(secrets).every((each) => typeof each === 'string')
  )
    throw new Error(`${file} is not the file of secrets that the shop writes: delete it to have new ones.`);
  return secrets as Record<string, string>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
