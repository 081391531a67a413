import type { RequestHandler, Response } from 'express';
import { Problem } from '../server/problem.ts';
import type { SignedInUser } from './signed-in-user.ts';

/** Lets signed-in people through, with `response.locals.user`; everybody else gets a 401. It goes after `readUser`. */
export const requireUser: RequestHandler = (_request, response, next) => {
  if (userOf(response.locals)) next();
  else next(new Problem(401, 'SIGN_IN_REQUIRED', 'Sign in first: POST /login with email and password.'));
};

/** Lets admins through. To a customer there is nothing here, hence a 404; who is not signed in gets a 401. */
export const requireAdmin: RequestHandler = (request, response, next) => {
  const user = userOf(response.locals);
  if (!user) return requireUser(request, response, next);
  if (user.role === 'admin') next();
  else next(new Problem(404, 'NOT_FOUND', 'There is nothing at this address.'));
};

/** Who is signed in, behind `requireUser` or `requireAdmin`. */
export function signedInUser({ locals }: Pick<Response, 'locals'>): SignedInUser {
  const user = userOf(locals);
  if (!user) throw new Error('requireUser goes first');
  return user;
}

/** The signed-in user of `response.locals`, if there is one. */
export function userOf(locals: Record<string, unknown>): SignedInUser | undefined {
  return locals.user as SignedInUser | undefined;
}
