import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoyaltyStore } from '@loyalty-engine/core';
import type { OpenStore } from '@loyalty-engine/testing';
import { examplesOf } from './examples-of.ts';
import { readPage, root } from './read-page.ts';

interface ExampleStore {
  Documents: new () => object;
  documentStore(documents: object): LoyaltyStore;
}

/** The store that docs/writing-a-store.md shows. */
export async function exampleStore(): Promise<OpenStore> {
  const [example] = examplesOf(readPage('docs/writing-a-store.md'));
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(root, '.tmp', 'docs-'));
  try {
    const file = join(folder, 'example-store.ts');
    writeFileSync(file, example?.code ?? '');
    const { Documents, documentStore }: ExampleStore = await import(file);
    return () => {
      const documents = new Documents();
      return { store: documentStore(documents), second: () => documentStore(documents) };
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
