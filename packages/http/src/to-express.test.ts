import { createGzip } from 'node:zlib';
import express, { type Express, type NextFunction, type Request, type Response, Router } from 'express';
import { describe, expect, it } from 'vitest';
import { type Listening, listen } from '../test/listen.ts';
import { openWorld, type WorldOptions } from '../test/open-world.ts';
import { toExpress } from './to-express.ts';

const asAdmin = { authorization: 'Bearer admin' };
const asJson = { 'content-type': 'application/json' };
const merchant = JSON.stringify({ name: 'Cathay Books' });

/** An Express app with the API where and behind what the test says. */
async function shop(
  mount: (app: Express, api: ReturnType<typeof toExpress>) => void,
  options?: WorldOptions,
) {
  const world = await openWorld(options);
  const app = express();
  mount(app, toExpress(world.handler));
  return { ...world, ...(await listen(app)) };
}

function rename({ url }: Listening, path: string, body = merchant, headers: Record<string, string> = asJson) {
  return fetch(`${url}${path}/admin/merchants/cathay`, {
    method: 'PUT',
    headers: { ...asAdmin, ...headers },
    body,
  });
}

describe('mounting', () => {
  it.each(['/', '/loyalty', '/api/v1/loyalty', '/~v1.loyalty'])('answers under %s', async (path) => {
    const { url } = await shop((app, api) => app.use(path, api));
    const at = `${url}${path === '/' ? '' : path}`;
    const answers = await Promise.all(
      ['/openapi.json', '/storefront/programs', '/storefront/programs/?fields=id', '/nothing'].map((one) =>
        fetch(`${at}${one}`, { headers: asAdmin }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404]);
  });

  it('answers in routers within routers, with parameters in their paths', async () => {
    const { url } = await shop((app, api) => {
      const inner = Router().use('/loyalty', api);
      app.use('/shops/:shop', Router().use('/api', inner));
    });
    const response = await fetch(`${url}/shops/mumbai/api/loyalty/storefront/programs`, { headers: asAdmin });
    expect(response.status).toBe(200);
    expect(await response.json()).toHaveProperty('programs');
  });

  it('answers for one path that Express matches, beside other routes', async () => {
    const { url } = await shop((app, api) => {
      app.get('/loyalty/mine', (_request, response) => void response.send('of the shop'));
      app.use('/loyalty', api);
      app.use((_request: Request, response: Response) => void response.status(418).send('after it'));
    });
    expect(await (await fetch(`${url}/loyalty/mine`)).text()).toBe('of the shop');
    expect((await fetch(`${url}/loyalty/theirs`)).status).toBe(404);
    expect((await fetch(`${url}/elsewhere`)).status).toBe(418);
  });

  it('knows its own basePath, which Express has cut off', async () => {
    const { url } = await shop((app, api) => app.use('/api/loyalty', api), { basePath: '/api/loyalty' });
    const response = await fetch(`${url}/api/loyalty/admin/cards?limit=1`, { headers: asAdmin });
    expect(response.status).toBe(200);
    expect((await response.json()).cards).toHaveLength(1);
  });

  it('hands on queries, trailing slashes and HEAD', async () => {
    const { url } = await shop((app, api) => app.use('/loyalty', api));
    const get = (path: string, method = 'GET') =>
      fetch(`${url}/loyalty${path}`, { method, headers: asAdmin });
    expect((await (await get('/admin/cards/?limit=2')).json()).cards).toHaveLength(2);
    const head = await get('/storefront/programs', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('etag')).toBe((await get('/storefront/programs')).headers.get('etag'));
  });

  it('serves many requests over one connection', async () => {
    const { raw } = await shop((app, api) => app.use('/loyalty', api));
    const once = (close: boolean) =>
      `POST /loyalty/store/look-up HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nContent-Type: application/json\r\n${
        close ? 'Connection: close\r\n' : ''
      }Content-Length: 13\r\n\r\n{"cardId":""}`;
    const answers = await raw(once(false), once(false), once(true));
    expect(answers.match(/HTTP\/1\.1 400/g)).toHaveLength(3);
  });
});

describe('bodies', () => {
  const parsers = {
    'no parser': [],
    'express.json': [express.json()],
    'express.json and express.urlencoded': [express.json(), express.urlencoded({ extended: true })],
    'express.text for JSON': [express.text({ type: 'application/json' })],
    'express.text for texts': [express.text()],
    'express.raw for JSON': [express.raw({ type: 'application/json' })],
    'express.raw for all': [express.raw({ type: '*/*' })],
    'express.json that keeps the raw body': [
      express.json({ verify: (request, _response, bytes) => Object.assign(request, { rawBody: bytes }) }),
    ],
    'express.json that keeps the raw text': [
      express.json({
        verify: (request, _response, bytes) => Object.assign(request, { rawBody: String(bytes) }),
      }),
    ],
  };

  describe.each(Object.entries(parsers))('behind %s', (_name, before) => {
    const mounted = () =>
      shop((app, api) => {
        if (before.length > 0) app.use(...before);
        app.use('/loyalty', api);
      });

    it('reads JSON', async () => {
      const server = await mounted();
      const response = await rename(server, '/loyalty', '{ "name" : "Zoë\'s 大阪 🎁" }');
      expect(await response.json()).toMatchObject({ id: 'cathay', name: "Zoë's 大阪 🎁" });
    });

    it('refuses what is no JSON, and changes nothing', async () => {
      const server = await mounted();
      const broken = await rename(server, '/loyalty', '{"name":');
      expect(broken.status).toBe(400);
      const list = await rename(server, '/loyalty', '["name"]');
      expect(list.status).toBe(400);
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
        const other = await rename(server, '/loyalty', 'name=x', { 'content-type': type });
        expect([type, other.status]).toEqual([type, 415]);
      }
      expect(server.isUntouched()).toBe(true);
    });

    it('takes a request without a body for one without fields', async () => {
      const server = await mounted();
      const response = await fetch(`${server.url}/loyalty/admin/jobs/expire-points`, {
        method: 'POST',
        headers: asAdmin,
      });
      expect(response.status).toBe(200);
    });
  });

  it('measures a body that a parser with a larger limit has read', async () => {
    const server = await shop((app, api) => {
      app.use(express.json({ limit: '10mb' }));
      app.use('/loyalty', api);
    });
    const chunks = new Blob([JSON.stringify({ name: 'x'.repeat(200_000) })]).stream();
    const response = await fetch(`${server.url}/loyalty/admin/merchants/cathay`, {
      method: 'PUT',
      headers: { ...asAdmin, ...asJson },
      body: chunks,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(server.isUntouched()).toBe(true);
  });

  it('answers where somebody before has read the body and kept nothing of it', async () => {
    const server = await shop((app, api) => {
      app.use(async (request, _response, next) => {
        for await (const _chunk of request);
        next();
      });
      app.use('/loyalty', api);
    });
    const response = await rename(server, '/loyalty');
    expect(response.status).toBe(400);
    expect((await response.json()).errors).toMatchObject([{ field: 'name' }]);
  });
});

describe('authenticate', () => {
  it("gets Express's request, with what middleware before has put there", async () => {
    const { url } = await shop(
      (app, api) => {
        app.use((request, _response, next) => {
          Object.assign(request, { user: { role: request.get('x-role') } });
          next();
        });
        app.use('/loyalty', api);
      },
      {
        authenticate: (_request, host) => {
          const { user } = host as { user?: { role?: string } };
          return user?.role === 'admin' ? { role: 'admin' } : null;
        },
      },
    );
    const statuses = ['admin', 'nobody'].map(async (role) => {
      const response = await fetch(`${url}/loyalty/admin/cards`, { headers: { 'x-role': role } });
      return response.status;
    });
    expect(await Promise.all(statuses)).toEqual([200, 401]);
  });

  const thrown = {
    'an Error': new Error('no session store'),
    'a text': 'no session store',
    nothing: undefined,
  };

  it.each(Object.entries(thrown))(
    'that throws %s is answered with 500, and told to onError',
    async (_, error) => {
      const { url, errors } = await shop((app, api) => app.use('/loyalty', api), {
        authenticate: () => {
          throw error;
        },
      });
      const response = await fetch(`${url}/loyalty/storefront/programs`);
      expect(response.status).toBe(500);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL' });
      expect(text).not.toContain('no session store');
      expect(errors).toEqual([error]);
    },
  );

  it('that gives a principal without its merchant reaches nothing', async () => {
    const { url, errors } = await shop((app, api) => app.use('/loyalty', api), {
      authenticate: () => ({ role: 'merchant' }) as never,
    });
    expect((await fetch(`${url}/loyalty/admin/cards`)).status).toBe(500);
    expect(errors).toHaveLength(1);
  });
});

describe('around it', () => {
  it('middleware that wraps the response still works: gzip, extra headers, the time it took', async () => {
    const { url } = await shop((app, api) => {
      app.use(gzipping);
      app.use('/loyalty', api);
    });
    const plain = await fetch(`${url}/loyalty/openapi.json`);
    expect(plain.headers.get('content-encoding')).toBe('gzip');
    expect((await plain.json()).openapi).toMatch(/^3\.1/);
  });

  it('headers that the app sets for all are kept', async () => {
    const { url } = await shop((app, api) => {
      app.use((_request, response, next) => {
        response.set('x-frame-options', 'DENY');
        next();
      });
      app.use('/loyalty', api);
    });
    const response = await fetch(`${url}/loyalty/storefront/programs`, { headers: asAdmin });
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  it('global Request and Response stay those of Node', async () => {
    const before = [globalThis.Request, globalThis.Response];
    await shop((app, api) => app.use('/loyalty', api));
    expect([globalThis.Request, globalThis.Response]).toEqual(before);
  });
});

/** Compresses as the package compression does: it takes the place of the methods that write. */
function gzipping(_request: Request, response: Response, next: NextFunction): void {
  const gzip = createGzip();
  const [write, end] = [response.write.bind(response), response.end.bind(response)];
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((status: number, headers: Record<string, string>) => {
    const { 'Content-Length': _a, 'content-length': _b, ...kept } = headers;
    return writeHead(status, { ...kept, 'content-encoding': 'gzip' });
  }) as never;
  response.write = ((chunk: Uint8Array) => gzip.write(chunk)) as never;
  response.end = ((chunk?: Uint8Array) => {
    gzip.end(chunk);
    return response;
  }) as never;
  gzip.on('data', (chunk) => write(chunk));
  gzip.on('end', () => end());
  next();
}
