import { fromMinor } from '@loyalty-engine/core';

/** How figures of one program are printed for a person. */
export interface Figures {
  /** An exact decimal text such as '1299.00', or minor units. */
  money(amount: string | number): string;
  /** Points, and other whole numbers. */
  points(points: number): string;
  /** A change of points, with its sign. */
  signed(points: number): string;
  date(at: Date | string | number): string;
}

/**
 * @example
 * figuresOf({ currency: 'INR', timeZone: 'Asia/Kolkata' }).money('129900.00') //=> '₹1,29,900.00'
 */
export function figuresOf({ currency, timeZone }: { currency: string; timeZone: string }): Figures {
  const locale = currency === 'INR' ? 'en-IN' : 'en';
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const whole = new Intl.NumberFormat(locale);
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone });
  return {
    // Intl takes decimal texts exactly; `Number` would not.
    money: (amount) =>
      money.format((typeof amount === 'string' ? amount : fromMinor(amount, currency)) as `${number}`),
    points: (points) => whole.format(points),
    signed: (points) => (points === 0 ? '0' : `${points < 0 ? '−' : '+'}${whole.format(Math.abs(points))}`),
    date: (at) => day.format(new Date(at)),
  };
}
