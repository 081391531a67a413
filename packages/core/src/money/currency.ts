const digitsByCurrency = new Map<string, number>();

/**
 * How many decimal digits the currency's minor unit has, from the platform's own ISO 4217 table.
 *
 * @throws RangeError for a text that is not three letters.
 * @example
 * minorDigits('INR') //=> 2
 * minorDigits('JPY') //=> 0
 * minorDigits('KWD') //=> 3
 */
export function minorDigits(currency: string): number {
  let digits = digitsByCurrency.get(currency);
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    digitsByCurrency.set(currency, digits);
  }
  return digits;
}

/** True for an upper-case ISO 4217 code that this platform knows. */
export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && knownCurrencies().has(code);
}

let known: Set<string> | undefined;
function knownCurrencies(): Set<string> {
  known ??= new Set(Intl.supportedValuesOf('currency'));
  return known;
}
