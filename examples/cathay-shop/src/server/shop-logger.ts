import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import pino, { type DestinationStream, type Logger } from 'pino';
import { type HttpLogger, pinoHttp } from 'pino-http';
import type { Config } from '../config.ts';

/** Names under which nothing is logged, wherever they are in the first two levels of what is logged. */
const secretNames = [
  'password',
  'pin',
  'qrToken',
  'cookie',
  'authorization',
  'idempotencyKey',
  'headers.cookie',
  'headers.authorization',
  'headers["set-cookie"]',
  'headers["idempotency-key"]',
  'headers["stripe-signature"]',
];

/** The shop's log: a line of JSON each, without secrets. */
export function shopLogger({ logLevel }: Pick<Config, 'logLevel'>, stream?: DestinationStream): Logger {
  const paths = secretNames.flatMap((name) => [name, `*.${name}`]);
  const options = { level: logLevel, redact: { paths, censor: '[secret]' } };
  return stream ? pino(options, stream) : pino(options);
}

/**
 * A line for each request, with an id that is also sent back as `X-Request-Id`; one that a proxy has given is kept. What is logged
 * of a request is named here one by one: no header, no body, and of the address no secret.
 */
export function requestLogger(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId: requestId,
    customLogLevel: (_request, response, error) =>
      error || response.statusCode >= 500 ? 'error' : response.statusCode >= 400 ? 'warn' : 'info',
    // pino-http gives these the message itself, not what its own serialisers made of it.
    wrapSerializers: false,
    serializers: {
      req: (request: IncomingMessage & { originalUrl?: string }) => ({
        id: request.id,
        method: request.method,
        url: withoutSecrets(request.originalUrl ?? request.url ?? ''),
        from: request.socket?.remoteAddress,
      }),
      res: (response: ServerResponse) => ({ statusCode: response.statusCode }),
      err: pino.stdSerializers.err,
    },
  });
}

function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}

/**
 * An address as it may be logged. A card's QR token (32 characters), its number and a voucher's code are worth what is on the card:
 * they go, and so does what a parameter of a secret's name says.
 *
 * @example
 * withoutSecrets('/cards?pin=482913&page=2') //=> '/cards?pin=[secret]&page=2'
 */
export function withoutSecrets(url: string): string {
  return url
    .slice(0, 2_000)
    .replace(/([?&](?:pin|password|token|qrToken|key)=)[^&#]*/gi, '$1[secret]')
    .replace(/(?<![\w-])(?:[\w-]{32}|[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})(?![\w-])/gi, '[secret]');
}
