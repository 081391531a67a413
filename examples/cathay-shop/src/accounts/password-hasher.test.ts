import { expect, test } from 'vitest';
import { passwordHasher } from './password-hasher.ts';

const passwords = passwordHasher();

test('knows the right password, and no other', async () => {
  const hash = await passwords.hash('Zürich-to-Pune');
  expect(await passwords.matches('Zürich-to-Pune', hash)).toBe(true);
  expect(await passwords.matches('Zurich-to-Pune', hash)).toBe(false);
  expect(await passwords.matches('', hash)).toBe(false);
});

test('takes a password however its letters are composed', async () => {
  const hash = await passwords.hash('Zu\u0308rich-to-Pune');
  expect(await passwords.matches('Z\u00fcrich-to-Pune', hash)).toBe(true);
});

test('says how a hash was made, with a salt of its own, and no password', async () => {
  const [one, other] = await Promise.all([passwords.hash('same-password'), passwords.hash('same-password')]);
  expect(one).toMatch(/^scrypt\$15\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
  expect(one).not.toBe(other);
});

test('a hash that was made with other parameters stays right', async () => {
  // scrypt of RFC 7914's kind: N = 2^10, r = 8, p = 1, over 'old-password' with a salt of zeros.
  const { scryptSync } = await import('node:crypto');
  const key = scryptSync('old-password', Buffer.alloc(16), 32, { N: 1024, r: 8, p: 1 }).toString('base64url');
  const hash = `scrypt$10$8$1$${Buffer.alloc(16).toString('base64url')}$${key}`;
  expect(await passwords.matches('old-password', hash)).toBe(true);
  expect(await passwords.matches('new-password', hash)).toBe(false);
});

test("nobody's password is never right", async () => {
  expect(await passwords.matches('', null)).toBe(false);
  expect(await passwords.matches('anything', null)).toBe(false);
});

test('a stored hash that cannot be read is an error, not a wrong password', async () => {
  await expect(passwords.matches('anything', 'plain text')).rejects.toThrow('cannot be read');
});
