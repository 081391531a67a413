import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';

/** A JSON answer as bytes, made once for as many requests as want it. */
export interface JsonAnswer {
  bytes: Buffer;
  etag: string;
}

/** The tag is weak, as a proxy may compress the bytes on their way. */
export function jsonAnswer(content: unknown): JsonAnswer {
  const bytes = Buffer.from(JSON.stringify(content));
  return { bytes, etag: `W/"${createHash('sha1').update(bytes).digest('base64url')}"` };
}

/**
 * Sends an answer, or 304 to a client that has it. `maxAgeSeconds`: how long a browser need not ask again.
 *
 * Express's own `json` and `send` would make the text and its tag anew for every request.
 */
export function sendJson(
  request: Request,
  response: Response,
  { bytes, etag }: JsonAnswer,
  { maxAgeSeconds }: { maxAgeSeconds: number },
): void {
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', maxAgeSeconds === 0 ? 'no-cache' : `public, max-age=${maxAgeSeconds}`);
  if (request.headers['if-none-match'] !== undefined && request.fresh) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', bytes.length);
  // Node leaves the body out where the request is a HEAD.
  response.end(bytes);
}
