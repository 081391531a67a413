/** Paise as rupees in decimal text: 49950 is '499.50'. */
export function rupeesText(paise: number): string {
  return `${Math.trunc(paise / 100)}.${String(paise % 100).padStart(2, '0')}`;
}

/** Rupees in decimal text as paise, exactly; null for what is not below a crore, or not written like '499', '499.5' or '499.50'. */
export function paiseOf(rupees: string): number | null {
  const parts = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(rupees);
  if (!parts) return null;
  const [, whole = '', fraction = ''] = parts;
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}
