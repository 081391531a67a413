import { expect, test } from 'vitest';
import { sessionCookie } from './session-cookie.ts';

test('is bound to its host over TLS in production', () => {
  expect(sessionCookie({ production: true })).toMatchObject({
    name: '__Host-session',
    options: { httpOnly: true, sameSite: 'lax', secure: true, path: '/' },
  });
  expect(sessionCookie({ production: false })).toMatchObject({ name: 'session', options: { secure: false } });
});

test.each([
  ['session=a.b.c', 'a.b.c'],
  ['theme=dark; session=a.b.c; x=1', 'a.b.c'],
  ['  session=a.b.c  ', 'a.b.c'],
  ['session=first; session=second', 'first'],
  ['xsession=a; session2=b', null],
  ['session=', null],
  ['session', null],
  ['', null],
  [undefined, null],
])('finds the token in %j', (header, token) => {
  expect(sessionCookie({ production: false }).tokenIn(header)).toBe(token);
});
