import autocannon from 'autocannon';

/** What one connection sends, again and again in order. */
export type ConnectionRequests = autocannon.Request[];

/** A turn of one kind of request. */
export interface Turn {
  requests: number;
  seconds: number;
  /** Milliseconds from a request to the end of its answer. */
  latencies: number[];
}

export interface Load {
  url: string;
  connections: number;
  seconds: number;
  /** The status that every answer must have. */
  status: number;
  requestsOf(connection: number): ConnectionRequests;
}

/**
 * Sends requests by autocannon, on each connection the next one when the last was answered.
 *
 * @throws Error where an answer has another status.
 */
export async function sendRequests({ url, connections, seconds, status, requestsOf }: Load): Promise<Turn> {
  const latencies: number[] = [];
  const wrong = new Map<number, number>();
  let connected = 0;
  let last = 0;
  const start = performance.now();
  const { errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      {
        url,
        connections,
        duration: seconds,
        sampleInt: 50,
        setupClient(client) {
          client.setRequests(requestsOf(connected));
          connected += 1;
        },
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
    running.on('response', (_client, answered, _bytes, ms) => {
      if (answered === status) latencies.push(ms);
      else wrong.set(answered, (wrong.get(answered) ?? 0) + 1);
      last = performance.now();
    });
  });
  if (errors > 0 || wrong.size > 0)
    throw new Error(`${errors} requests failed, and answers had the status ${[...wrong.keys()]}`);
  return { requests: latencies.length, seconds: (last - start) / 1000, latencies };
}
