import { styleText } from 'node:util';
import type { Config } from '../config.ts';
import { memberOf } from '../program.ts';
import { demoPeople, demoStaff } from '../seed/demo-people.ts';

type Told = Pick<
  Config,
  'production' | 'databaseUrl' | 'stripe' | 'dataFolder' | 'keys' | 'storeLocation' | 'host'
>;

/** What is printed once the shop is open: what to open, whom to log in as, and two commands that work as they stand. */
export function welcome(config: Told, url: string): string {
  const bold = (text: string) => styleText('bold', text);
  const lines = [
    '',
    bold(`Cathay Shop is open: ${url}`),
    `  Data    ${config.databaseUrl ? 'PostgreSQL' : `SQLite, in ${config.dataFolder}`}`,
    `  Cards   ${config.stripe ? 'Stripe' : 'a simulator; no money moves'}`,
    `  API     ${url}/loyalty/reference`,
    '',
  ];
  if (!config.production)
    lines.push(...demo(config, url).map((line) => (line.startsWith(' ') ? line : bold(line))));
  lines.push('Ctrl+C stops it.', '');
  return lines.join('\n');
}

function demo({ keys, storeLocation, host }: Told, url: string): string[] {
  const width = Math.max(...demoPeople.map(({ email }) => email.length));
  const card = JSON.stringify(memberOf('priya'));
  const lines = [
    'Log in as',
    ...demoPeople.map(({ email, password, role }) => `  ${email.padEnd(width)}  ${password}  (${role})`),
    '',
    'Staff PINs at the counter',
    ...demoStaff.map(({ id, pin, role }) => `  ${id}  ${pin}  (${role})`),
    '',
    'Keys of the loyalty API (Authorization: Bearer ...)',
    `  service           ${keys.service}`,
    `  store (${storeLocation})`.padEnd(20) + keys.store,
    '',
    'Try',
    `  curl -s '${url}/products/search?q=cotton&sort=price-asc'`,
    `  curl -s ${url}/loyalty/store/look-up -H 'Authorization: Bearer ${keys.service}' -H 'Content-Type: application/json' -d '${card}'`,
    '',
  ];
  if (!isLoopback(host))
    lines.push(`  Mind: ${host} is open to the network, and these passwords are in the source.`, '');
  return lines;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
