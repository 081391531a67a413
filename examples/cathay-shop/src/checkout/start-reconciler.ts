import { type ReconcileOptions, reconcile } from './reconcile.ts';

export interface ReconcilerOptions extends ReconcileOptions {
  /** How long to rest between two runs. Default 15 seconds. */
  everyMs?: number;
}

/**
 * Runs the reconciler now and then, one run at a time, and logs what it finished and what it could not.
 *
 * @example
 * const reconciler = startReconciler({ database, gateway, logger })
 * await reconciler.stop() // waits for the run that is under way
 */
export function startReconciler({ everyMs = 15_000, ...options }: ReconcilerOptions): {
  stop(): Promise<void>;
} {
  const { logger } = options;
  let stopped = false;
  let underWay: Promise<void> = Promise.resolve();
  let timer = setTimeout(begin, everyMs);

  function begin(): void {
    underWay = run().then(() => {
      if (!stopped) timer = setTimeout(begin, everyMs);
    });
  }

  async function run(): Promise<void> {
    try {
      const { finished, failed } = await reconcile(options);
      for (const { id, error } of failed) logger.error({ err: error, id }, 'could not be reconciled yet');
      if (finished > 0) logger.info({ finished }, 'reconciled');
    } catch (error) {
      logger.error({ err: error }, 'the reconciler failed');
    }
  }

  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
