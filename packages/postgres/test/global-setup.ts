import type { TestProject } from 'vitest/node';
import { startServer } from './test-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The database that tests make their schemas in. */
    postgresUrl: string;
  }
}

/**
 * Gives the tests one server for the whole run, or the one that `DATABASE_URL` names. Vitest comes here only if it is
 * about to run files of a project with this setup; of several such projects the first starts the server.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (project.getProvidedContext().postgresUrl) return undefined;
  const given = process.env.DATABASE_URL;
  if (given) {
    project.vitest.provide('postgresUrl', given);
    return undefined;
  }
  const server = await startServer({ flags: ['-c', 'fsync=off', '-c', 'full_page_writes=off'] });
  project.vitest.provide('postgresUrl', server.url());
  return server.stop;
}
