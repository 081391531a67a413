import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createLoyalty, LoyaltyError, unwrap } from '@loyalty-engine/core';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openSqliteStore, type SqliteStoreOptions } from './open-sqlite-store.ts';
import { member, program, temporaryFile } from './temporary-file.test-data.ts';

function refusal(options: unknown): string {
  try {
    openSqliteStore(options as SqliteStoreOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(LoyaltyError);
    return (error as LoyaltyError).code;
  }
  return 'opened';
}

describe('openSqliteStore', () => {
  it('keeps what was written when the file is opened again', async () => {
    const file = temporaryFile();
    const first = createLoyalty({ store: openSqliteStore({ file }) });
    await first.programs.publish(program);
    unwrap(await first.earn({ ...member, order: { id: 'o1', total: '50' } }));
    await first.close();
    const second = createLoyalty({ store: openSqliteStore({ file }) });
    expect((await second.balance(member)).available).toBe(50);
    expect((await second.programs.get('miles'))?.version).toBe(1);
    await second.close();
  });

  it('runs a file of its own in WAL mode with full synchronisation and foreign keys', () => {
    const store = openSqliteStore({ file: temporaryFile() });
    const pragma = (name: string) => store.database.pragma(name, { simple: true });
    expect([pragma('journal_mode'), pragma('synchronous'), pragma('foreign_keys')]).toEqual(['wal', 2, 1]);
    return store.close();
  });

  it("lives in the host's own database beside its tables, and leaves connection and settings alone", async () => {
    const database = new BetterSqlite3(':memory:');
    database.exec('CREATE TABLE orders (id TEXT PRIMARY KEY)');
    const before = database.pragma('busy_timeout', { simple: true });
    const store = openSqliteStore({ database });
    await store.close();
    expect(database.open).toBe(true);
    expect(database.pragma('busy_timeout', { simple: true })).toBe(before);
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    expect(tables.filter((name) => !String(name).startsWith('loyalty_'))).toEqual(['orders']);
  });

  it('refuses a file that is no database, and leaves it as it was', () => {
    const file = temporaryFile('notes.txt');
    writeFileSync(file, 'Dear diary, this is no database at all.\n'.repeat(100));
    expect(refusal({ file })).toBe('STORE_NOT_A_DATABASE');
    expect(readFileSync(file, 'utf8')).toContain('Dear diary');
  });

  it('refuses a damaged file', () => {
    const file = temporaryFile();
    openSqliteStore({ file }).database.close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 100, Math.min(bytes.length, 40_000));
    writeFileSync(file, bytes);
    expect(refusal({ file })).toBe('STORE_CORRUPT');
  });

  it('refuses a folder, a missing folder and missing options', () => {
    const file = temporaryFile();
    expect(refusal({ file: dirname(file) })).toBe('STORE_CANNOT_OPEN');
    expect(refusal({ file: join(dirname(file), 'missing', 'loyalty.sqlite') })).toBe('STORE_CANNOT_OPEN');
    expect(refusal({})).toBe('INVALID_OPTIONS');
    expect(refusal({ file: '' })).toBe('INVALID_OPTIONS');
    expect(refusal({ file, busyTimeoutMs: -1 })).toBe('INVALID_OPTIONS');
  });

  it('refuses a database that cannot be written, whether new or already ours', () => {
    const empty = temporaryFile();
    new BetterSqlite3(empty).exec('CREATE TABLE orders (id TEXT)').close();
    const database = new BetterSqlite3(empty, { readonly: true });
    onTestFinished(() => void database.close());
    expect(refusal({ database })).toBe('STORE_READ_ONLY');
    const ours = temporaryFile();
    openSqliteStore({ file: ours }).database.close();
    const readonly = new BetterSqlite3(ours, { readonly: true });
    onTestFinished(() => void readonly.close());
    expect(refusal({ database: readonly })).toBe('STORE_READ_ONLY');
  });

  it('refuses a file that a newer version of the package wrote', () => {
    const file = temporaryFile();
    const { database } = openSqliteStore({ file });
    database.prepare("INSERT INTO loyalty_migrations VALUES ('9999-from-the-future', 0)").run();
    database.close();
    expect(refusal({ file })).toBe('STORE_NEWER');
  });

  it('refuses tables of its names that it has not made', () => {
    const file = temporaryFile();
    new BetterSqlite3(file).exec('CREATE TABLE loyalty_cards (id INTEGER)').close();
    expect(refusal({ file })).toBe('STORE_FOREIGN');
  });

  it('says that the disk is full, writes nothing of the batch and goes on when there is room', async () => {
    const store = openSqliteStore({ file: temporaryFile() });
    const loyalty = createLoyalty({ store });
    await loyalty.programs.publish(program);
    const pages = store.database.pragma('page_count', { simple: true }) as number;
    store.database.pragma(`max_page_count = ${pages + 1}`);
    const earnings = Array.from({ length: 200 }, (_, index) =>
      loyalty.earn({ ...member, order: { id: `o${index}`, total: '50' } }),
    );
    const answers = await Promise.allSettled(earnings);
    expect(answers.map((answer) => answer.status === 'rejected' && answer.reason.code)).toEqual(
      answers.map(() => 'STORE_FULL'),
    );
    expect((await loyalty.balance(member)).total).toBe(0);
    store.database.pragma('max_page_count = 1000000');
    unwrap(await loyalty.earn({ ...member, order: { id: 'o0', total: '50' } }));
    expect((await loyalty.verify()).ok).toBe(true);
    await loyalty.close();
  });

  it('refuses an old Node before the native part is loaded', () => {
    const spy = vi
      .spyOn(process, 'versions', 'get')
      .mockReturnValue({ ...process.versions, node: '20.20.0' });
    onTestFinished(() => spy.mockRestore());
    expect(refusal({ file: temporaryFile() })).toBe('STORE_NEEDS_NODE');
  });

  it('can be opened by many at once on one new file', () => {
    const file = temporaryFile();
    mkdirSync(dirname(file), { recursive: true });
    const stores = Array.from({ length: 5 }, () => openSqliteStore({ file }));
    expect(statSync(file).size).toBeGreaterThan(0);
    for (const { database } of stores) database.close();
  });
});
