import { problem } from './problem.ts';
import { problemResponse } from './serve/respond.ts';

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Loyalty Engine API</title>
</head>
<body>
<script id="api-reference" data-url="./openapi.json" data-configuration='{"withDefaultFonts":false,"telemetry":false}'></script>
<script src="./reference/scalar.js"></script>
</body>
</html>
`;

/** Everything from here: no CDN, no font and no call to anybody else. The renderer styles elements itself. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
  "worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page that shows the OpenAPI document; its links are seen from a path that does not end in a slash. */
export async function referencePage(path: string): Promise<Response> {
  if (path.endsWith('/')) return new Response(null, { status: 308, headers: { location: '../reference' } });
  if ((await scriptFile()) === null) return problemResponse(missing());
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-cache',
    },
  });
}

/** The renderer: `@scalar/api-reference`, where the host has installed it; null otherwise. */
export async function referenceScript(): Promise<Response | null> {
  const file = await scriptFile();
  if (file === null) return null;
  const { readFile } = await import('node:fs/promises');
  return new Response(await readFile(file), {
    headers: {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=3600',
    },
  });
}

function missing() {
  const detail =
    'Install @scalar/api-reference beside @loyalty-engine/http, and this page shows openapi.json.';
  return problem('NOT_FOUND', { facts: { detail } });
}

/** Where the renderer is; null where it is not installed, or where there is no file system. */
async function scriptFile(): Promise<string | null> {
  try {
    const { createRequire } = await import('node:module');
    const { dirname, join } = await import('node:path');
    // As CommonJS the package has its file's name, and no import.meta.
    const here = typeof __filename === 'string' ? __filename : import.meta.url;
    const entry = createRequire(here).resolve('@scalar/api-reference');
    return join(dirname(entry), 'browser', 'standalone.js');
  } catch {
    return null;
  }
}
