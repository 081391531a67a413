import type { CookieOptions } from 'express';
import { sessionSeconds } from './sessions.ts';

/** The cookie that carries a session's token. */
export interface SessionCookie {
  readonly name: string;
  /** Not to be read by scripts, not sent along by other sites, and in production only over TLS. */
  readonly options: CookieOptions;
  /** The token in a request's `Cookie` header. */
  tokenIn(header: string | null | undefined): string | null;
}

/** `__Host-` makes browsers refuse the cookie from anywhere but this very host over TLS, so it is for production only. */
export function sessionCookie({ production }: { production: boolean }): SessionCookie {
  const name = production ? '__Host-session' : 'session';
  const start = `${name}=`;
  return {
    name,
    options: {
      httpOnly: true,
      sameSite: 'lax',
      secure: production,
      path: '/',
      maxAge: sessionSeconds * 1000,
    },
    tokenIn(header) {
      if (!header) return null;
      const pair = header.split(';').find((each) => each.trimStart().startsWith(start));
      return pair?.trim().slice(start.length) || null;
    },
  };
}
