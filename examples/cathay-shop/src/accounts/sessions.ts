import { jwtVerify, SignJWT } from 'jose';
import type { Account, Accounts } from './accounts.ts';
import type { SignedInUser } from './signed-in-user.ts';

/** How long somebody stays signed in: 12 hours. */
export const sessionSeconds = 12 * 60 * 60;

/** How long a token that was looked at is believed before its account is read again. */
const believedMs = 5_000;
/** How many tokens are remembered; the one that was looked at longest ago is forgotten first. */
const remembered = 10_000;

const algorithm = 'HS256';
const issuer = 'cathay-shop';

/** What the application knows of its signed-in people. */
export interface Sessions {
  /** A token for an account, as it is now. */
  start(account: Account): Promise<string>;
  /** Whose token it is; null for one that is forged, out of date, or ended. */
  read(token: string): Promise<SignedInUser | null>;
  /** Forgets what is remembered of an account: its tokens are read from the database again. */
  forget(accountId: string): void;
}

interface Reading {
  user: Promise<SignedInUser | null>;
  /** Epoch milliseconds. */
  believedUntil: number;
}

/**
 * Sessions as signed tokens (JWT, HS256), so that nothing is stored for one. A token names its account and the account's session
 * version: raising that ends all sessions. What was read is believed for five seconds, so that a request costs neither a signature
 * nor a query; in the process that ends a session it ends at once, in others within those five seconds.
 */
export function sessionsOf({
  secret,
  accounts,
  now = Date.now,
}: {
  secret: string;
  accounts: Pick<Accounts, 'byId'>;
  now?: () => number;
}): Sessions {
  const key = new TextEncoder().encode(secret);
  const readings = new Map<string, Reading & { accountId: string | null }>();

  const load = async (token: string): Promise<{ user: SignedInUser; expiresAt: number } | null> => {
    const claims = await claimsOf(token, key, now());
    if (!claims) return null;
    const account = await accounts.byId(claims.accountId);
    if (account?.sessionVersion !== claims.version) return null;
    const { id, email, name, role } = account;
    return { user: { id, email, name, role }, expiresAt: claims.expiresAt };
  };

  const remember = (token: string): Promise<SignedInUser | null> => {
    const reading: Reading & { accountId: string | null } = {
      accountId: null,
      believedUntil: now() + believedMs,
      user: load(token).then(
        (session) => {
          // Only what is good is remembered: nobody can fill the memory with rubbish.
          if (!session) forgetReading(token, reading);
          else reading.accountId = session.user.id;
          if (session) reading.believedUntil = Math.min(reading.believedUntil, session.expiresAt);
          return session?.user ?? null;
        },
        (error: unknown) => {
          forgetReading(token, reading);
          throw error;
        },
      ),
    };
    readings.delete(token);
    readings.set(token, reading);
    const [oldest] = readings.keys();
    if (readings.size > remembered && oldest !== undefined) readings.delete(oldest);
    return reading.user;
  };
  const forgetReading = (token: string, reading: Reading): void => {
    if (readings.get(token) === reading) readings.delete(token);
  };

  return {
    start: ({ id, sessionVersion }) =>
      new SignJWT({ version: sessionVersion })
        .setProtectedHeader({ alg: algorithm })
        .setIssuer(issuer)
        .setSubject(id)
        .setIssuedAt(Math.floor(now() / 1000))
        .setExpirationTime(Math.floor(now() / 1000) + sessionSeconds)
        .sign(key),
    read(token) {
      const reading = readings.get(token);
      return reading && now() < reading.believedUntil ? reading.user : remember(token);
    },
    forget(accountId) {
      for (const [token, reading] of readings) {
        // One that is just being read may have seen the account as it was.
        if (reading.accountId === accountId || reading.accountId === null) readings.delete(token);
      }
    },
  };
}

/** What a token claims, if this secret signed it and it is not over. */
async function claimsOf(
  token: string,
  key: Uint8Array,
  now: number,
): Promise<{ accountId: string; version: number; expiresAt: number } | null> {
  try {
    const { payload } = await jwtVerify<{ version: number }>(token, key, {
      algorithms: [algorithm],
      issuer,
      requiredClaims: ['sub', 'exp', 'version'],
      currentDate: new Date(now),
    });
    const { sub, exp, version } = payload;
    if (sub === undefined || exp === undefined || !Number.isInteger(version)) return null;
    return { accountId: sub, version, expiresAt: exp * 1000 };
  } catch {
    return null;
  }
}
