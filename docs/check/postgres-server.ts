import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A database with nothing in it, on the server of the run. */
export interface FreshDatabase {
  name: string;
  url: string;
  /** Drops it, and ends the connections that are left to it. */
  drop(): Promise<void>;
}

/** Makes a database for one example, which may then do as if the whole database were the reader's. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `loyalty_docs_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  await askServer(`CREATE DATABASE ${name}`);
  return {
    name,
    url: url.href,
    drop: async () => {
      await askServer(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** Runs SQL on the server of the run, as a user who may do everything there. */
export async function askServer(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(inject('postgresUrl'));
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The names of all settings that the server has. */
export async function serverSettings(): Promise<Set<string>> {
  const rows = await askServer('SELECT name FROM pg_settings');
  return new Set(rows.map(({ name }) => name as string));
}
