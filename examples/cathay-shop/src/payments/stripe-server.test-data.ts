import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import type { LedgerLine } from './simulator-ledger.ts';
import { type Answer, stripeBooks } from './stripe-books.test-data.ts';
import { invalid, stripeIdempotency } from './stripe-idempotency.test-data.ts';

export const secretKey = 'sk_test_local_server';

/** What Stripe's books hold: every intent of an order counts, so that two intents of one order show as two charges. */
export interface StripeServer {
  apiBase: string;
  ledger(): LedgerLine[];
  /** What the customer tells their bank. */
  confirmAction(paymentId: string, approve: boolean): void;
  /** The bank sends back every refund so far: the money is the shop's again. */
  failRefunds(): void;
  /** What Stripe does with idempotency keys after a day. */
  forgetKeys(): void;
  /** Every answer from now on is this error. */
  breakWith(answer: Answer | null): void;
  /** `METHOD path` of every request, oldest first. */
  requests: string[];
  /** The idempotency key of every write. */
  keys: string[];
  close(): Promise<void>;
}

/** A server of the endpoints of Stripe's API that the shop uses, which takes the test cards of the simulator. */
export async function startStripeServer(): Promise<StripeServer> {
  const books = stripeBooks();
  const idempotency = stripeIdempotency();
  const requests: string[] = [];
  const keys: string[] = [];
  let broken: Answer | null = null;

  const app = express();
  app.use(express.urlencoded({ extended: true }));
  app.use((request, response, next) => {
    requests.push(`${request.method} ${request.path}`);
    if (broken) return send(response, broken);
    if (request.get('authorization') === `Bearer ${secretKey}`) return next();
    const message = `Invalid API Key provided: ${request.get('authorization')}`;
    send(response, { status: 401, body: { error: { type: 'invalid_request_error', message } } });
  });

  const write = (path: string, fields: string[], work: (request: Request) => Answer) =>
    app.post(path, async (request, response) => {
      const unknown = Object.keys(request.body).find((field) => !fields.includes(field));
      if (unknown) return send(response, invalid(400, { code: 'parameter_unknown', param: unknown }));
      const key = request.get('idempotency-key') ?? '';
      keys.push(key);
      const fingerprint = `${request.path} ${JSON.stringify(request.body)}`;
      send(response, await idempotency(key, fingerprint, () => work(request)));
    });
  const id = (request: Request) => String(request.params.id);

  // The fields of Stripe's API 2026-10-28 that the shop has a use for. Versions before 2026-09-30 took `payment_method_types`.
  const created = ['amount', 'currency', 'capture_method', 'allowed_payment_method_types', 'metadata'];
  write('/v1/payment_intents', created, ({ body }) => books.create(body));
  write('/v1/payment_intents/:id/confirm', ['payment_method'], (request) =>
    books.confirm(id(request), request.body.payment_method),
  );
  write('/v1/payment_intents/:id/capture', ['expand'], (request) => books.capture(id(request)));
  write('/v1/payment_intents/:id/cancel', [], (request) => books.cancel(id(request)));
  write('/v1/refunds', ['payment_intent', 'amount', 'metadata'], ({ body }) => books.refund(body));
  app.get('/v1/payment_intents/:id', (request, response) => send(response, books.read(id(request))));
  app.get('/v1/refunds', ({ query }, response) =>
    send(response, books.refundsOf(String(query.payment_intent))),
  );
  app.use(({ method, path }, response) =>
    send(response, invalid(404, { message: `Unrecognized request URL (${method}: ${path})` })),
  );

  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    apiBase: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger: books.ledger,
    confirmAction: books.confirmAction,
    failRefunds: books.failRefunds,
    forgetKeys: idempotency.forget,
    breakWith(answer) {
      broken = answer;
    },
    requests,
    keys,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** An answer that is lost is never sent: the connection stays open and silent. */
function send(response: Response, { status, body, replayed, lost }: Answer): void {
  if (lost) return;
  if (replayed) response.set('Idempotent-Replayed', 'true');
  response
    .status(status)
    .set('Request-Id', 'req_local')
    .json(body ?? {});
}
