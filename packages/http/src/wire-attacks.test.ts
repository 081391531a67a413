import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { asAdmin, award, head, jsonHeaders, openShop, refusedAll } from '../test/attacked-shop.ts';
import { statusOf } from '../test/listen.ts';

describe.each([
  ['without a parser', false],
  ['behind express.json()', true],
])('%s', (_name, parses) => {
  it('10 MB are refused', async () => {
    const shop = await openShop(parses);
    const body = JSON.stringify({ ...award(shop), reason: 'x'.repeat(10_000_000) });
    const stated = await shop.raw(head(body.length, 'Connection: close\r\n'), body);
    const inChunks = await shop.raw(
      head('', 'Transfer-Encoding: chunked\r\nConnection: close\r\n'),
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    expect([stated, inChunks].map(statusOf)).toEqual([413, 413]);
    refusedAll(shop, [413]);
  });

  it('headers with line breaks, twice, or huge, get nothing in and nothing out', async () => {
    const shop = await openShop(parses);
    const body = JSON.stringify(award(shop));
    const answers = [
      // Folded, and with a bare CR or NUL: no HTTP.
      await shop.raw(head(body.length, 'X-A: 1\r\n folded: 2\r\n'.replace('\r\n ', '\r ')), body),
      await shop.raw(head(body.length, 'X-A: a\0b\r\n'), body),
      await shop.raw(head(body.length, `X-Large: ${'x'.repeat(20_000)}\r\n`), body),
      await shop.raw(head(body.length, 'Content-Length: 5\r\n'), body),
      await shop.raw(
        head(body.length).replace('Idempotency-Key: k', `Idempotency-Key: ${'k'.repeat(201)}`),
        body,
      ),
      await shop.raw(head(body.length).replace('Idempotency-Key: k', 'Idempotency-Key: a\tb'), body),
    ];
    refusedAll(shop, answers.map(statusOf));
    const injected = await fetch(
      `${shop.url}/loyalty/store/cards/${encodeURIComponent('x\r\nX-Injected: yes')}?fields=%0d%0aX-Injected:yes`,
      { headers: asAdmin },
    );
    expect([injected.status, injected.headers.get('x-injected')]).toEqual([400, null]);
  });

  it('a key that is sent twice is one key, and none is guessed', async () => {
    const shop = await openShop(parses);
    const body = JSON.stringify(award(shop));
    const twice = await shop.raw(head(body.length, 'Idempotency-Key: other\r\nConnection: close\r\n'), body);
    expect(statusOf(twice)).toBe(200);
    expect(statusOf(await shop.raw(head(body.length, 'Idempotency-Key: other\r\n'), body))).toBe(200);
    const { entries } = await shop.loyalty.entries({ cardId: shop.cathay.cardId });
    expect(entries.filter(({ reason }) => reason === 'An attack')).toHaveLength(1);
  });

  it('a host that is no host is refused', async () => {
    const shop = await openShop(parses);
    const statuses = [];
    for (const host of ['a/b', 'a?b', 'user@shop', 'a b', 'x'.repeat(5_000), '[::1', 'shop:99999'])
      statuses.push(
        statusOf(
          await shop.raw(`GET /loyalty/nothing HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
        ),
      );
    refusedAll(shop, statuses);
  });

  it('lengths that contradict each other smuggle nothing in', async () => {
    const shop = await openShop(parses);
    const body = JSON.stringify(award(shop));
    const smuggled = `${head(body.length, 'Connection: close\r\n')}${body}`;
    const answers = [
      await shop.raw(head(5, 'Transfer-Encoding: chunked\r\n'), '0\r\n\r\n', smuggled),
      await shop.raw(head('', 'Transfer-Encoding: chunked, identity\r\n'), '0\r\n\r\n', smuggled),
      await shop.raw(head('', 'Transfer-Encoding : chunked\r\n'), '0\r\n\r\n', smuggled),
      await shop.raw(head('+5'), smuggled),
      await shop.raw(head('5,5'), smuggled),
      await shop.raw(head('-1'), smuggled),
    ];
    refusedAll(shop, answers.map(statusOf));
  });

  it('half a body writes nothing: the sender goes away', async () => {
    const shop = await openShop(parses);
    const body = JSON.stringify(award(shop));
    const sockets = Array.from({ length: 20 }, () => shop.open());
    for (const socket of sockets) {
      socket.on('error', () => {});
      // All of the JSON, and less than was said: it may not be taken for the whole.
      socket.write(head(body.length + 10) + body);
    }
    await sleep(50);
    for (const socket of sockets) socket.resetAndDestroy();
    await sleep(100);
    refusedAll(shop, []);
  });

  it('half a body writes nothing: the sender is too slow for the server', async () => {
    const shop = await openShop(parses, {
      requestTimeout: 300,
      headersTimeout: 300,
      connectionsCheckingInterval: 50,
    });
    const body = JSON.stringify(award(shop));
    const socket = shop.open();
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes;
    });
    socket.on('error', () => {});
    socket.write(head(body.length));
    for (const character of body.slice(0, -1)) {
      if (socket.destroyed) break;
      socket.write(character);
      await sleep(20);
    }
    expect(answer === '' ? 408 : statusOf(answer)).toBe(408);
    refusedAll(shop, []);
  });

  it('requests that are given up while they are answered leave the books in order', async () => {
    const shop = await openShop(parses);
    const sending = Array.from({ length: 50 }, async (_, index) => {
      const stop = new AbortController();
      const body = JSON.stringify({ ...award(shop), source: { type: 'aborted', id: String(index) } });
      const sent = fetch(`${shop.url}/loyalty/store/award`, {
        method: 'POST',
        headers: { ...jsonHeaders, 'idempotency-key': `aborted-${index}` },
        body,
        signal: stop.signal,
      });
      setTimeout(() => stop.abort(), index % 10);
      return sent.then(
        ({ status }) => status,
        () => null,
      );
    });
    const statuses = await Promise.all(sending);
    await sleep(100);
    expect(statuses.filter((status) => status !== null && status !== 200)).toEqual([]);
    expect(await shop.loyalty.verify()).toMatchObject({ ok: true, problems: [] });
    expect(shop.errors).toEqual([]);
  });
});

describe('a body that is too large', () => {
  it('10 MB with a content-length are refused before they are sent', async () => {
    const shop = await openShop(false);
    const answer = await shop.raw(head(10_000_000), '{"reason":"');
    expect(statusOf(answer)).toBe(413);
    refusedAll(shop, [413]);
  });

  it('10 MB in chunks are refused when the limit is passed', async () => {
    const shop = await openShop(false);
    const socket = shop.open();
    const answered = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
    socket.on('error', () => {});
    socket.write(head('', 'Transfer-Encoding: chunked\r\n'));
    const chunk = `2710\r\n${'x'.repeat(10_000)}\r\n`;
    let sent = 0;
    let answer: string | undefined;
    answered.then((text) => {
      answer = text;
    });
    while (answer === undefined && sent < 10_000_000) {
      socket.write(chunk);
      sent += 10_000;
      await sleep(0);
    }
    expect(statusOf(await answered)).toBe(413);
    expect(sent).toBeLessThan(5_000_000);
    socket.destroy();
    refusedAll(shop, [413]);
  });
});
