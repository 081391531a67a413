import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A text file on its way through: the bytes of its text, and how much of the file has been read. */
export interface TextSource {
  chunks: AsyncIterable<Buffer>;
  size: number;
  bytesRead(): number;
}

/**
 * Opens a file for streaming; a name that ends in .gz is unpacked on the way.
 *
 * @throws Error in one line when there is no such file.
 */
export async function openText(file: string): Promise<TextSource> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`cannot read ${file}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  });
  if (found.isDirectory()) throw new Error(`cannot read ${file}: it is a folder`);
  const raw = createReadStream(file, { highWaterMark: 1 << 17 });
  return { chunks: unpacked(raw, file), size: found.size, bytesRead: () => raw.bytesRead };
}

async function* unpacked(raw: ReadStream, file: string): AsyncGenerator<Buffer> {
  try {
    // A failure of either stream reaches the reader through the iteration.
    yield* file.endsWith('.gz') ? pipeline(raw, createGunzip(), () => {}) : raw;
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`);
  } finally {
    raw.destroy();
  }
}
