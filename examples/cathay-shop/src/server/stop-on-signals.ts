/** Two signals this near to each other are one key press: npm hands on what the terminal has sent to all of them anyway. */
const samePressMs = 500;

/**
 * Calls `stop` on the first SIGTERM or SIGINT, and ends the process with the code that it gives. A second signal ends it at once.
 */
export function stopOnSignals(stop: () => Promise<number>): void {
  let stoppingSince: number | null = null;
  const onSignal = (): void => {
    if (stoppingSince === null) {
      stoppingSince = performance.now();
      stop().then(
        (code) => process.exit(code),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    } else if (performance.now() - stoppingSince > samePressMs) {
      console.error('Stopped at once, by a second signal.');
      process.exit(1);
    }
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
