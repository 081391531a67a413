import { walkCards } from './cards/walk-cards.ts';
import { parseCommandLine, usage } from './command-line/parse-command-line.ts';
import { withFolder } from './command-line/with-folder.ts';
import { walkEightSteps } from './eight-steps/walk-eight-steps.ts';
import { replayHistory } from './replay/replay-history.ts';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', () => process.exit(0));

async function main(): Promise<number> {
  const wish = parseCommandLine(process.argv.slice(2));
  if (wish.help) {
    console.log(usage);
    return 0;
  }
  const { orders } = wish;
  return withFolder(wish.db, (place) => {
    if (orders !== undefined) return replayHistory({ ...wish, ...place, orders });
    return wish.cards ? walkCards(place.database) : walkEightSteps(place.database);
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
