import type { RequestHandler } from 'express';
import type { SessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';
import type { SignedInUser } from './signed-in-user.ts';

/** Gives the signed-in user of a request's `Cookie` header. */
export type ReadUser = (cookieHeader: string | null | undefined) => Promise<SignedInUser | null>;

export function userReader(sessions: Sessions, cookie: SessionCookie): ReadUser {
  return async (header) => {
    const token = cookie.tokenIn(header);
    return token === null ? null : sessions.read(token);
  };
}

/** Puts who is signed in into `response.locals.user`. Nobody is no error: `requireUser` says where somebody must be. */
export function readUser(userOf: ReadUser): RequestHandler {
  return async (request, response, next) => {
    const { cookie } = request.headers;
    // Most requests of a shop are nobody's: they do not wait for a promise.
    if (cookie !== undefined) {
      const user = await userOf(cookie);
      if (user) response.locals.user = user;
    }
    next();
  };
}
