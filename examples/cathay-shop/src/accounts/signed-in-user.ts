/** Who is signed in: `response.locals.user`, put there by `readUser` and there for sure behind `requireUser`. */
export interface SignedInUser {
  id: string;
  email: string;
  name: string;
  role: 'customer' | 'admin';
}
