import { InvalidCommandError } from '@loyalty-engine/core';
import { describe, expect, test } from 'vitest';
import { scryptPins } from './scrypt-pins.ts';

const pepper = 'a secret of the test';
const pins = scryptPins({ pepper, cost: 10 });

describe('a PIN', () => {
  test('is right against its hash, and no other is', async () => {
    const hash = await pins.hash('482913');
    expect(await pins.verify('482913', hash)).toBe(true);
    for (const other of ['482914', '48291', '4829130', '', '0']) {
      expect(await pins.verify(other, hash)).toBe(false);
    }
  });

  test('has another hash each time, in which it cannot be seen', async () => {
    const hashes = await Promise.all(Array.from({ length: 20 }, () => pins.hash('482913')));
    expect(new Set(hashes).size).toBe(20);
    for (const hash of hashes) {
      expect(hash).toMatch(/^scrypt\$10\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
      expect(hash).not.toContain('482913');
      expect(hash).not.toContain(pepper);
    }
  });

  test('is wrong under another pepper', async () => {
    const other = scryptPins({ pepper: 'another secret, as long', cost: 10 });
    expect(await other.verify('482913', await pins.hash('482913'))).toBe(false);
  });

  test('stays right when the cost is raised: a hash says how it was made', async () => {
    const dearer = scryptPins({ pepper, cost: 12 });
    expect(await dearer.verify('482913', await pins.hash('482913'))).toBe(true);
    expect(await pins.verify('482913', await dearer.hash('482913'))).toBe(true);
  });

  test('is hashed at the default cost, several at once', async () => {
    const usual = scryptPins({ pepper });
    const hashes = await Promise.all(['482913', '7391', '0123654789'].map((pin) => usual.hash(pin)));
    expect(hashes.every((hash) => hash.startsWith('scrypt$15$8$1$'))).toBe(true);
    expect(await usual.verify('7391', hashes[1] as string)).toBe(true);
  });
});

test('what is no hash is never right, and costs nothing', async () => {
  const hash = await pins.hash('482913');
  const [name, cost, block, parallel, salt, key] = hash.split('$') as [string, ...string[]];
  const broken = [
    '',
    'scrypt',
    '482913',
    hash.slice(0, -1),
    `${hash}A`,
    `${hash}\n`,
    [name, '30', block, parallel, salt, key].join('$'),
    [name, '9', block, parallel, salt, key].join('$'),
    [name, cost, '4096', parallel, salt, key].join('$'),
    [name, cost, block, '9999', salt, key].join('$'),
    ['bcrypt', cost, block, parallel, salt, key].join('$'),
    [name, cost, block, parallel, '', key].join('$'),
  ];
  for (const text of broken) expect(await pins.verify('482913', text)).toBe(false);
});

test.each([[''], ['fifteen letters'], [undefined], [42]])('the pepper %j is refused', (short) => {
  const make = () => scryptPins({ pepper: short as string });
  expect(make).toThrow(InvalidCommandError);
  expect(make).toThrow(expect.objectContaining({ field: 'pepper' }));
});

test.each([[9], [21], [12.5], [Number.NaN], ['15']])('the cost %j is refused', (cost) => {
  expect(() => scryptPins({ pepper, cost: cost as number })).toThrow(
    expect.objectContaining({ field: 'cost' }),
  );
});

test('what is refused is not repeated in the error', () => {
  try {
    scryptPins({ pepper: 'hunter2' });
    expect.unreachable();
  } catch (error) {
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  }
});
