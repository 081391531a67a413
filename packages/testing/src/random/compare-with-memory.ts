import type { OpenStore } from '../open-store.ts';

export async function compareWithMemory(
  _open: OpenStore,
  _options: { runs: number; seed?: number },
): Promise<void> {}
