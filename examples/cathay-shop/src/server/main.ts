import type { DestinationStream } from 'pino';
import { ConfigError, readConfig } from '../config.ts';
import { closeWithin } from './close-within.ts';
import { lifecycle } from './lifecycle.ts';
import { ListenError, listen } from './listen.ts';
import { openShop } from './open-shop.ts';
import { shopLogger } from './shop-logger.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { welcome } from './welcome.ts';

/** How long requests under way may take once the process is to stop, and the reconciler and the database after them. */
const requestsMs = 8_000;
const closingMs = 2_000;

/** Runs the shop until a signal stops it. */
export async function main(): Promise<void> {
  try {
    await run();
  } catch (error) {
    // What a person can put right is said in a sentence; anything else is a defect, and its stack helps.
    const isTheirs = error instanceof ConfigError || error instanceof ListenError;
    console.error(isTheirs ? error.message : error);
    process.exit(1);
  }
}

async function run(): Promise<void> {
  const config = readConfig(process.env);
  const logger = shopLogger(config, await streamFor(config));
  const life = lifecycle();
  const shop = await openShop(config, logger, () => life.isStopping);
  const listening = await listen(shop.app, config);
  stopOnSignals(async () => {
    life.stop();
    logger.info('Stopping: requests under way are finished first');
    const isDone = await listening.close(requestsMs);
    // The next process goes on with what the reconciler was at.
    const isClosed = await closeWithin(closingMs, shop.close);
    logger.info(isDone && isClosed ? 'Stopped' : 'Stopped; what took too long was cut off');
    return isDone && isClosed ? 0 : 1;
  });
  console.log(welcome(config, listening.url));
}

/** A developer at a terminal reads lines of text; everything else gets JSON. */
async function streamFor({ production }: { production: boolean }): Promise<DestinationStream | undefined> {
  if (production || !process.stdout.isTTY) return undefined;
  const { default: pretty } = await import('pino-pretty');
  return pretty({ sync: true, colorize: true, ignore: 'pid,hostname', singleLine: true });
}
