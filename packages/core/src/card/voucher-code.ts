import { z } from 'zod';

// Crockford's base 32: no I, L, O and U.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A new voucher code: 60 random bits as `XXXX-XXXX-XXXX` in Crockford's base 32, which has no look-alikes. `bytes` gives
 * random bytes.
 */
export function voucherCode(bytes: (count: number) => Uint8Array): string {
  let code = '';
  for (const byte of bytes(12)) code += alphabet[byte % 32];
  return inGroups(code);
}

/**
 * zod schema of a voucher code as people write it: small or capital letters, with or without a dash or a blank between its
 * groups of four, O for 0, I or L for 1. Its output is the code as `voucherCode` made it.
 */
export const voucherCodeSchema = z
  .string()
  .max(40)
  .transform((text, context): string => {
    const code = text.trim().toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
    const groups = /^([0-9A-TV-Z]{4})[- ]?([0-9A-TV-Z]{4})[- ]?([0-9A-TV-Z]{4})$/.exec(code);
    if (groups) return inGroups(groups.slice(1).join(''));
    context.addIssue({ code: 'custom', message: 'expected a voucher code such as "7K2M-9QXT-4HVB"' });
    return z.NEVER;
  });

function inGroups(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}
