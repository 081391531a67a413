import express, { type RequestHandler, type Response, Router } from 'express';
import { z } from 'zod';
import { Problem } from '../server/problem.ts';
import type { Account, Accounts } from './accounts.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { requireUser, signedInUser, userOf } from './require-user.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';
import type { SignedInUser } from './signed-in-user.ts';

export interface AccountRoutesOptions {
  accounts: Accounts;
  passwords: PasswordHasher;
  sessions: Sessions;
  cookie: SessionCookie;
  /** Stand before every password that is tried. */
  limits: readonly RequestHandler[];
}

/** What may be tried as a password; longer texts are not worth hashing. */
const triedPassword = z.string().min(1).max(1_000);
const loginSchema = z.strictObject({ email: z.string().trim().min(3).max(320), password: triedPassword });
const passwordSchema = z.strictObject({ current: triedPassword, next: z.string().min(10).max(1_000) });
const logoutSchema = z.strictObject({ everywhere: z.boolean().default(false) }).prefault({});

/**
 * Signing in and out: `POST /login` { email, password } and `POST /logout` { everywhere? }, as JSON or as a form; `GET /me`;
 * `POST /password` { current, next }, which ends all sessions but the one it was sent with. A form is answered with a redirect to
 * the first page, which says so when the login failed.
 */
export function accountRoutes({
  accounts,
  passwords,
  sessions,
  cookie,
  limits,
}: AccountRoutesOptions): Router {
  const router = Router();
  const signIn = async (response: Response, account: Account): Promise<SignedInUser> => {
    const { id, email, name, role } = account;
    response.cookie(cookie.name, await sessions.start(account), cookie.options);
    response.locals.user = { id, email, name, role };
    return { id, email, name, role };
  };

  router.post(
    '/login',
    express.urlencoded({ extended: false, limit: '10kb' }),
    ...limits,
    async (request, response) => {
      const { email, password } = loginSchema.parse(request.body);
      const account = await accounts.byEmail(email);
      // Who has no account waits as long as who mistyped the password: addresses cannot be tried out.
      const isRight = await passwords.matches(password, account?.passwordHash ?? null);
      const isForm = request.is('urlencoded');
      // Nobody's any more, even when somebody was signed in before: what counts is whether this login was right.
      delete response.locals.user;
      if (!account || !isRight) {
        if (isForm) return response.redirect(303, '/?login=failed');
        throw new Problem(401, 'LOGIN_FAILED', 'Email address and password do not match an account.');
      }
      const user = await signIn(response, account);
      if (isForm) response.redirect(303, '/');
      else response.set('Cache-Control', 'no-store').json(user);
    },
  );

  router.post(
    '/logout',
    express.urlencoded({ extended: false, limit: '10kb' }),
    async (request, response) => {
      const { everywhere } = logoutSchema.parse(request.body ?? {});
      const user = userOf(response.locals);
      if (user && everywhere) {
        await accounts.endSessions(user.id);
        sessions.forget(user.id);
      }
      const { maxAge: _, ...where } = cookie.options;
      response.clearCookie(cookie.name, where);
      if (request.is('urlencoded')) response.redirect(303, '/');
      else response.status(204).end();
    },
  );

  router.get('/me', requireUser, (_request, response) => {
    response.set('Cache-Control', 'no-store').json(response.locals.user);
  });

  router.post('/password', requireUser, ...limits, async (request, response) => {
    const { current, next } = passwordSchema.parse(request.body);
    const { id } = signedInUser(response);
    const account = await accounts.byId(id);
    const isRight = await passwords.matches(current, account?.passwordHash ?? null);
    delete response.locals.user;
    if (!isRight) throw new Problem(403, 'PASSWORD_WRONG', 'The current password is another one.');
    await accounts.changePassword(id, await passwords.hash(next));
    sessions.forget(id);
    const changed = await accounts.byId(id);
    if (changed) await signIn(response, changed);
    response.status(204).end();
  });
  return router;
}
