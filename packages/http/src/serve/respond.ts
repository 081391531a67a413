import type { Problem } from '../problem.ts';
import { digest } from './digest.ts';

const jsonType = { 'content-type': 'application/json' };

/** A problem as RFC 9457 words it. */
export function problemResponse({ body, headers }: Problem): Response {
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}

/** An answer; `replayed` where it is the first outcome of the same command again. */
export function answerResponse(answer: object, { replayed = false } = {}): Response {
  return new Response(JSON.stringify(answer), {
    headers: {
      ...jsonType,
      'cache-control': 'no-store',
      ...(replayed && { 'idempotent-replayed': 'true' }),
    },
  });
}

/** An answer that is polled: its ETag spares sending it again. */
export async function taggedResponse(answer: object, ifNoneMatch: string | null): Promise<Response> {
  const text = JSON.stringify(answer);
  const tag = `W/"${(await digest(text)).slice(0, 32)}"`;
  const headers = { etag: tag, 'cache-control': 'private, no-cache' };
  const known =
    ifNoneMatch
      ?.split(',')
      .some((one) => one.trim().replace(/^W\//, '') === tag.slice(2) || one.trim() === '*') ?? false;
  if (known) return new Response(null, { status: 304, headers });
  return new Response(text, { headers: { ...jsonType, ...headers } });
}
