import express from 'express';
import { expect, it } from 'vitest';
import { listen } from '../test/listen.ts';
import { openWorld } from '../test/open-world.ts';
import { toExpress } from './to-express.ts';

async function shop() {
  const { handler } = await openWorld();
  return listen(express().use('/api/loyalty', toExpress(handler)));
}

it('links to the document and to the renderer, wherever it is mounted', async () => {
  const { url } = await shop();
  const page = await fetch(`${url}/api/loyalty/reference`);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await page.text();
  const links = [...html.matchAll(/(?:src|data-url)="([^"]+)"/g)].map(([, link = '']) => link);
  expect(links).toHaveLength(2);
  const types = links.map(async (link) => {
    const linked = await fetch(new URL(link, page.url));
    return [linked.status, linked.headers.get('content-type')];
  });
  expect(await Promise.all(types)).toEqual([
    [200, 'application/json'],
    [200, 'text/javascript; charset=utf-8'],
  ]);
});

it('is found with a slash at its end too', async () => {
  const { url } = await shop();
  const page = await fetch(`${url}/api/loyalty/reference/`);
  expect([page.status, page.url]).toEqual([200, `${url}/api/loyalty/reference`]);
});

it('runs under its own Content-Security-Policy: no script in the page, none made of text, nothing from elsewhere', async () => {
  const { url } = await shop();
  const page = await fetch(`${url}/api/loyalty/reference`);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'; script-src 'self';");
  expect(policy).not.toMatch(/https?:|unsafe-eval|\*/);
  const html = await page.text();
  const scripts = [...html.matchAll(/<script[^>]*>([^<]*)<\/script>/g)].map(([, text]) => text);
  expect(scripts).toEqual(['', '']);
  expect(html).not.toMatch(/https?:\/\/| on\w+=/);
  const renderer = await (await fetch(`${url}/api/loyalty/reference/scalar.js`)).text();
  expect(renderer.match(/new Function\(|[^\w.$]eval\(/)).toBeNull();
});
