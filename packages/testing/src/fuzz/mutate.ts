import type { HostileValue } from './hostile-values.ts';
import { hostileValues } from './hostile-values.ts';

/** An input with one thing wrong with it, and what that is. */
export interface Mutated {
  input: unknown;
  what: string;
}

/** Four numbers that choose what to break, and how. */
export type Dice = readonly [place: number, way: number, value: number, extra: number];

interface Place {
  holder: Record<string, unknown>;
  name: string;
  path: string;
}

function placesIn(value: unknown, path = ''): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => {
    const own = path === '' ? name : `${path}.${name}`;
    return [{ holder, name, path: own }, ...placesIn(holder[name], own)];
  });
}

const extraNames = ['extra', 'points', 'cardId', 'programId', 'constructor', 'toString', '0', ''];

/** Breaks a valid input in one place; it is changed in place. */
export function mutate(valid: Record<string, unknown>, [place, way, value, extra]: Dice): Mutated {
  const places = placesIn(valid);
  const [valueName, make] = hostileValues[value % hostileValues.length] as HostileValue;
  const { holder, name, path } = places[place % places.length] as Place;
  switch (way % 16) {
    case 0:
      return { input: make(), what: `is ${valueName}` };
    case 1:
      delete holder[name];
      return { input: valid, what: `lacks ${path}` };
    case 2: {
      const added = extraNames[extra % extraNames.length] as string;
      holder[added] = make();
      return { input: valid, what: `has ${added} = ${valueName} beside ${path}` };
    }
    case 3:
      define(holder, '__proto__', { value: make(), enumerable: true });
      return { input: valid, what: `has an own __proto__ = ${valueName} beside ${path}` };
    case 4:
      define(holder, name, {
        get: () => {
          throw new Error('a trap of the caller');
        },
        enumerable: true,
      });
      return { input: valid, what: `has ${path} behind a getter that throws` };
    case 5: {
      // A value that differs from read to read.
      let reads = 0;
      const first = holder[name];
      define(holder, name, { get: () => (reads++ === 0 ? first : make()), enumerable: true });
      return { input: valid, what: `has ${path} that turns into ${valueName} when read again` };
    }
    case 6:
      return { input: Object.create(valid), what: 'has only inherited fields' };
    case 7:
      return { input: deeplyFrozen(valid), what: 'is frozen all through' };
    case 8:
      (holder as Record<symbol, unknown>)[Symbol('extra')] = make();
      return { input: valid, what: `has a symbol for a field beside ${path}` };
    default:
      holder[name] = make();
      return { input: valid, what: `has ${path} = ${valueName}` };
  }
}

function define(holder: object, name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(holder, name, { configurable: true, ...descriptor });
}

function deeplyFrozen<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const field of Object.values(value)) deeplyFrozen(field);
    Object.freeze(value);
  }
  return value;
}
