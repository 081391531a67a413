import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Mapping, mappingSchema } from './mapping.ts';

/**
 * Reads a mapping file; without one, columns go by their own names and the program is the Cathay Shop's.
 *
 * @throws Error in one line: the file is missing or no JSON, or which field is wrong and why.
 */
export async function readMapping(file: string | undefined): Promise<Mapping> {
  if (file === undefined) return mappingSchema.parse({});
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(
      `cannot read the mapping ${file}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`,
    );
  });
  const result = mappingSchema.safeParse(parseJson(text, file));
  if (result.success) return result.data;
  throw new Error(`mapping ${file}: ${explain(result.error)}`);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`mapping ${file} is not JSON: ${(error as Error).message}`);
  }
}

function explain({ issues }: z.ZodError): string {
  const lines = issues.map((issue) => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    const message = issue.code === 'unrecognized_keys' ? 'unknown field' : issue.message;
    return path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`;
  });
  return lines.slice(0, 3).join('; ');
}
