/** Answers that many requests share for a short time. */
export interface SharedAnswers<Answer> {
  /** The answer of a key if it is still good; else it has to be `load`ed. */
  at(key: string): Answer | undefined;
  /** Loads an answer. Who asks for the same key meanwhile waits for the same answer; a failure is nobody's but theirs. */
  load(key: string, load: () => Promise<Answer>): Promise<Answer>;
}

/**
 * Keeps answers for `keptMs` from the moment their loading began, so that what is given out is never older than that, plus the
 * time that loading took. At most `most` are kept; the one that was loaded first goes first.
 */
export function sharedAnswers<Answer>({
  keptMs,
  most,
  now = () => performance.now(),
}: {
  keptMs: number;
  most: number;
  now?: () => number;
}): SharedAnswers<Answer> {
  const kept = new Map<string, { answer: Answer; goodUntil: number }>();
  const loading = new Map<string, Promise<Answer>>();

  const loadOne = async (key: string, load: () => Promise<Answer>): Promise<Answer> => {
    const goodUntil = now() + keptMs;
    const answer = await load();
    kept.delete(key);
    kept.set(key, { answer, goodUntil });
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return answer;
  };

  return {
    at(key) {
      const found = kept.get(key);
      return found && now() < found.goodUntil ? found.answer : undefined;
    },
    load(key, load) {
      const underWay = loading.get(key);
      if (underWay) return underWay;
      const started = loadOne(key, load).finally(() => loading.delete(key));
      loading.set(key, started);
      return started;
    },
  };
}
