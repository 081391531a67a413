import type { Queries } from '../database/shop-database.ts';
import type { SignedInUser } from './signed-in-user.ts';

/** Somebody who can sign in. */
export interface Account extends SignedInUser {
  /** What the hasher made of the password. */
  passwordHash: string;
  /** A session that carries another number is over. */
  sessionVersion: number;
  /** Epoch milliseconds. */
  createdAt: number;
}

export interface Accounts {
  /** Upper and lower case of the address are the same. */
  byEmail(email: string): Promise<Account | null>;
  byId(id: string): Promise<Account | null>;
  /** True while nobody can sign in. */
  isEmpty(): Promise<boolean>;
  /** Adds an account, unless its id or its address is taken. */
  add(account: Omit<Account, 'sessionVersion'>): Promise<void>;
  /** Sets another password and ends all sessions. */
  changePassword(id: string, passwordHash: string): Promise<void>;
  /** Ends all sessions of an account. */
  endSessions(id: string): Promise<void>;
}

interface Row {
  id: string;
  email: string;
  name: string;
  role: SignedInUser['role'];
  password: string;
  session_version: number;
  created_at: number | string;
}

const select = 'SELECT id, email, name, role, password, session_version, created_at FROM accounts';

/** The table of accounts. */
export function accountsOf(queries: Queries): Accounts {
  const one = async (sql: string, value: string): Promise<Account | null> => {
    const [row] = await queries.all<Row>(sql, [value]);
    return row ? accountOf(row) : null;
  };
  return {
    byEmail: (email) => one(`${select} WHERE email = ?`, email.toLowerCase()),
    byId: (id) => one(`${select} WHERE id = ?`, id),
    isEmpty: async () => (await queries.all('SELECT id FROM accounts LIMIT 1')).length === 0,
    async add({ id, email, name, role, passwordHash, createdAt }) {
      await queries.run(
        `INSERT INTO accounts (id, email, name, role, password, created_at) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING`,
        [id, email.toLowerCase(), name, role, passwordHash, createdAt],
      );
    },
    async changePassword(id, passwordHash) {
      await queries.run(
        'UPDATE accounts SET password = ?, session_version = session_version + 1 WHERE id = ?',
        [passwordHash, id],
      );
    },
    async endSessions(id) {
      await queries.run('UPDATE accounts SET session_version = session_version + 1 WHERE id = ?', [id]);
    },
  };
}

function accountOf({ password, session_version, created_at, ...row }: Row): Account {
  return {
    ...row,
    passwordHash: password,
    sessionVersion: session_version,
    createdAt: Number(created_at),
  };
}
