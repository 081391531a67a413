export { type ScryptPinsOptions, scryptPins } from './scrypt-pins.ts';
