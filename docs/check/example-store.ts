import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenStore } from '@loyalty-engine/testing';
import { examplesOf } from './examples-of.ts';
import { readPage, root } from './read-page.ts';

/** The store that docs/writing-a-store.md shows. */
export async function exampleStore(): Promise<OpenStore> {
  const [example] = examplesOf(readPage('docs/writing-a-store.md'));
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(root, '.tmp', 'docs-'));
  try {
    const file = join(folder, 'example-store.ts');
    writeFileSync(file, example?.code ?? '');
    const { open }: { open: OpenStore } = await import(file);
    return open;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
