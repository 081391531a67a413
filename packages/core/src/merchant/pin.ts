import { z } from 'zod';
import { LoyaltyError } from '../errors.ts';

const rule = 'expected 4 to 10 digits';

/** zod schema of a PIN: 4 to 10 digits. What it says of a wrong one never has the PIN in it. */
export const pinSchema = z.string({ error: rule }).regex(/^[0-9]{4,10}$/, { error: rule });

/** zod schema of a PIN to be set: one that is not tried first. */
export const newPinSchema = pinSchema.refine((pin) => !isCommonPin(pin), {
  error: 'is one of the PINs that are tried first; choose another',
});

/** Rows and lines of the keypad, and those of no pattern that lists of leaked PINs have near the top. */
const listed = new Set([
  ...['1004', '2580', '0852', '1470', '1478', '3690', '3698', '1379', '1397', '2468', '1357', '1122'],
  ...['147258', '147852', '258369', '159753', '159357', '789456', '456123', '112233', '123321', '246810'],
]);

/**
 * True for a PIN that is tried first: one digit only, digits in a row up or down (9 and 0 are neighbours), a shorter run
 * of digits again and again, a year of four digits, or one of a short list.
 *
 * @example
 * isCommonPin('7777') //=> true
 * isCommonPin('890123') //=> true
 * isCommonPin('121212') //=> true
 * isCommonPin('1987') //=> true
 * isCommonPin('2580') //=> true
 * isCommonPin('482913') //=> false
 */
export function isCommonPin(pin: string): boolean {
  return isRun(pin, 1) || isRun(pin, 9) || isRepeated(pin) || /^(?:19|20)\d\d$/.test(pin) || listed.has(pin);
}

function isRun(pin: string, step: number): boolean {
  for (let place = 1; place < pin.length; place += 1) {
    if (Number(pin[place]) !== (Number(pin[place - 1]) + step) % 10) return false;
  }
  return true;
}

function isRepeated(pin: string): boolean {
  for (let length = 1; length <= pin.length / 2; length += 1) {
    if (pin.length % length === 0 && pin.slice(0, length).repeat(pin.length / length) === pin) return true;
  }
  return false;
}

const mostDraws = 1000;

/**
 * A PIN of random digits, each as likely as any other, that is not a common one.
 *
 * @throws LoyaltyError BAD_RANDOM_BYTES when the bytes are so far from random that no such PIN comes of them.
 * @example
 * generatePin((count) => crypto.getRandomValues(new Uint8Array(count))) //=> '482913'
 */
export function generatePin(bytes: (count: number) => Uint8Array, length = 6): string {
  let pin = '';
  for (let draw = 0; draw < mostDraws; draw += 1) {
    for (const byte of bytes(2 * length)) {
      // 256 is no multiple of 10: the last six values would make some digits more likely than others.
      if (byte < 250 && pin.length < length) pin += String(byte % 10);
    }
    if (pin.length < length) continue;
    if (!isCommonPin(pin)) return pin;
    pin = '';
  }
  throw new LoyaltyError('BAD_RANDOM_BYTES', 'ids.bytes gives bytes of which no PIN can be made');
}
