import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type KeepSecret, keptSecrets } from './kept-secrets.ts';
import type { Limits } from './server/rate-limits.ts';

/** All that the shop is told from outside. */
export interface Config {
  /** `NODE_ENV=production`: nothing is made up, no demo people, cookies only over TLS. */
  production: boolean;
  host: string;
  /** 0: any free port. */
  port: number;
  /** Where the SQLite files and the kept secrets are. */
  dataFolder: string;
  /** PostgreSQL; null: SQLite in the data folder. */
  databaseUrl: string | null;
  /** Signs sessions. */
  sessionSecret: string;
  /** Goes into the hashes of staff PINs. */
  pinPepper: string;
  /** Null: cards are charged by the simulator. */
  stripe: { secretKey: string; webhookSecret: string } | null;
  /** Keys by which machines use the loyalty API; null: none may. */
  keys: { service: string | null; store: string | null };
  /** The location at which the store key works. */
  storeLocation: string;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** What Express's `trust proxy` takes: how many proxies stand before the shop, or their addresses. */
  trustProxy: number | string | false;
  limits: Limits;
}

/** The environment does not say what the shop needs; the message has a line for each variable. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`The environment is not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const whole = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'expected a whole number')
    .transform(Number)
    .refine((number) => number >= minimum && number <= maximum, `expected ${minimum} to ${maximum}`);

/** Long enough that nobody tries all; the messages never repeat what was given. */
const secret = z.string().min(32, 'expected 32 characters or more').max(1_000);
const maximumRate = 100_000_000;

const schema = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(3000),
  DATA_FOLDER: z.string().default(fileURLToPath(new URL('../.data', import.meta.url))),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:5432/database')
    .optional(),
  SESSION_SECRET: secret.optional(),
  PIN_PEPPER: secret.optional(),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_/, 'expected a key that begins with sk_ or rk_')
    .optional(),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_/, 'expected a secret that begins with whsec_')
    .optional(),
  PAYMENTS: z.literal('simulator').optional(),
  LOYALTY_SERVICE_KEY: secret.optional(),
  LOYALTY_STORE_KEY: secret.optional(),
  LOYALTY_STORE_LOCATION: z.string().max(255).default('bandra'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TRUST_PROXY: z
    .string()
    .refine(isProxies, 'expected how many proxies there are, or their addresses: 1, or 10.0.0.0/8, loopback')
    .default('0'),
  REQUESTS_PER_MINUTE: whole(1, maximumRate).default(1_200),
  FAILED_LOGINS_PER_15_MINUTES: whole(1, maximumRate).default(10),
  FAILED_PAYMENTS_PER_HOUR: whole(1, maximumRate).default(10),
});
type Environment = z.output<typeof schema>;

/**
 * Reads the environment. A variable that is empty counts as not given. Outside production, secrets that are not given are made and
 * kept in the data folder.
 *
 * @throws ConfigError with all that is wrong.
 * @example
 * readConfig(process.env).port //=> 3000
 */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
  const environment = parsed.data;
  const production = environment.NODE_ENV === 'production';
  const missing = missingIn(environment, production);
  if (missing.length > 0) throw new ConfigError(missing);
  const dataFolder = resolve(environment.DATA_FOLDER);
  return {
    production,
    host: environment.HOST,
    port: environment.PORT,
    dataFolder,
    databaseUrl: environment.DATABASE_URL ?? null,
    ...secretsOf(environment, production ? null : keptSecrets(dataFolder)),
    stripe: stripeOf(environment),
    storeLocation: environment.LOYALTY_STORE_LOCATION,
    logLevel: environment.LOG_LEVEL,
    trustProxy: proxiesOf(environment.TRUST_PROXY),
    limits: {
      requestsPerMinute: environment.REQUESTS_PER_MINUTE,
      failedLoginsPer15Minutes: environment.FAILED_LOGINS_PER_15_MINUTES,
      failedPaymentsPerHour: environment.FAILED_PAYMENTS_PER_HOUR,
    },
  };
}

function missingIn(environment: Environment, production: boolean): string[] {
  const missing: string[] = [];
  for (const name of ['SESSION_SECRET', 'PIN_PEPPER'] as const)
    if (production && environment[name] === undefined)
      missing.push(`${name}: required with NODE_ENV=production`);
  if (environment.STRIPE_SECRET_KEY !== undefined && environment.STRIPE_WEBHOOK_SECRET === undefined)
    missing.push('STRIPE_WEBHOOK_SECRET: required with STRIPE_SECRET_KEY');
  if (environment.STRIPE_WEBHOOK_SECRET !== undefined && environment.STRIPE_SECRET_KEY === undefined)
    missing.push('STRIPE_SECRET_KEY: required with STRIPE_WEBHOOK_SECRET');
  if (production && environment.STRIPE_SECRET_KEY === undefined && environment.PAYMENTS === undefined)
    missing.push(
      'STRIPE_SECRET_KEY: required with NODE_ENV=production; PAYMENTS=simulator sells without moving money',
    );
  return missing;
}

/** In production a key that is not given lets nobody in; `missingIn` has seen to the two secrets that must be there. */
function secretsOf(
  environment: Environment,
  keep: KeepSecret | null,
): Pick<Config, 'sessionSecret' | 'pinPepper' | 'keys'> {
  const secretOf = (name: 'SESSION_SECRET' | 'PIN_PEPPER' | 'LOYALTY_SERVICE_KEY' | 'LOYALTY_STORE_KEY') =>
    environment[name] ?? keep?.(name) ?? null;
  return {
    sessionSecret: secretOf('SESSION_SECRET') ?? '',
    pinPepper: secretOf('PIN_PEPPER') ?? '',
    keys: { service: secretOf('LOYALTY_SERVICE_KEY'), store: secretOf('LOYALTY_STORE_KEY') },
  };
}

function stripeOf({ STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET }: Environment): Config['stripe'] {
  if (STRIPE_SECRET_KEY === undefined || STRIPE_WEBHOOK_SECRET === undefined) return null;
  return { secretKey: STRIPE_SECRET_KEY, webhookSecret: STRIPE_WEBHOOK_SECRET };
}

/** No `true`: that would believe whatever address a client claims to come from. */
function isProxies(text: string): boolean {
  if (/^\d{1,3}$/.test(text)) return true;
  return text.split(',').every((part) => {
    const [address = '', bits = '0'] = part.trim().split('/');
    return ranges.has(address) || (isIP(address) !== 0 && /^\d{1,3}$/.test(bits));
  });
}

/** What Express calls addresses that no stranger can have. */
const ranges = new Set(['loopback', 'linklocal', 'uniquelocal']);

function proxiesOf(text: string): Config['trustProxy'] {
  if (text === '0') return false;
  return /^\d{1,3}$/.test(text) ? Number(text) : text;
}
