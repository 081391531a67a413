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

/** Makes a database of its own for an example, which may then do as if the whole database were the reader's. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const name = `loyalty_docs_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  await administer(`CREATE DATABASE ${name}`);
  return { name, url: url.href, drop: () => administer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Runs SQL on the server of the run, as who may do everything there. */
export async function administer(sql: string): Promise<void> {
  const client = new pg.Client(inject('postgresUrl'));
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
