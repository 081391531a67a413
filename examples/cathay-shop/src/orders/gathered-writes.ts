const mostTogether = 64;

/**
 * Makes writes that many want at the same moment together: while one write is under way, those who come gather for the next, 64
 * at most. Every caller has the answer for their own item; where a write fails, all who were in it are told.
 *
 * @example
 * const markDone = gatheredWrites(async (ids: readonly string[]) => database.run(...)) // one statement for many orders
 */
export function gatheredWrites<Item, Answer>(
  write: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  interface Waiting {
    item: Item;
    resolve(answer: Answer): void;
    reject(error: unknown): void;
  }
  let waiting: Waiting[] = [];
  let underWay = false;

  async function writeWaiting(): Promise<void> {
    underWay = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostTogether);
      waiting = waiting.slice(mostTogether);
      try {
        const answers = await write(batch.map(({ item }) => item));
        for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    underWay = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!underWay) void writeWaiting();
    });
}
