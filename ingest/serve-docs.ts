import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { OPENAPI_PATH } from './routes.ts';

/** Nothing from elsewhere, nothing inline but the colours that the viewer sets; requests go to this very API. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Trancendos merchant API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="viewer"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script type="module" src="/docs/open-viewer.js"></script>
</body>
</html>
`;

/** A key that is entered stays in the page; none is kept anywhere. */
const OPEN_VIEWER = `const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
// Examples happen now: what is to be tried must not be too old to be taken.
const EXAMPLE_TIME = /"(occurred_at|known_at)":"[^"]+"/g;
const text = await (await fetch(${JSON.stringify(OPENAPI_PATH)})).text();
const now = new Date().toISOString();
SwaggerUIBundle({
  spec: JSON.parse(JSON.stringify(JSON.parse(text)).replace(EXAMPLE_TIME, (_, name) => JSON.stringify({ [name]: now }).slice(1, -1))),
  dom_id: '#viewer',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: false,
  tryItOutEnabled: true,
  displayRequestDuration: true,
});
`;

const TYPES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** Serves `/docs`: the OpenAPI document in Swagger UI, with its own files and nobody else's, to read and to try. Needs no key. */
export function serveDocs(http: FastifyInstance): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const files = new Map<string, readonly [type: string, content: Buffer]>(
    Object.entries(TYPES).map(([name, type]) => [name, [type, readFileSync(join(folder, name))]]),
  );
  files.set('open-viewer.js', ['text/javascript; charset=utf-8', Buffer.from(OPEN_VIEWER)]);
  http.get('/docs', (_request, reply) => sendFile(reply, 'text/html; charset=utf-8', Buffer.from(PAGE)));
  for (const [name, [type, content]] of files) http.get(`/docs/${name}`, (_request, reply) => sendFile(reply, type, content));
}

function sendFile(reply: FastifyReply, type: string, content: Buffer): void {
  void reply
    .headers({
      'content-type': type,
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'public, max-age=3600',
    })
    .send(content);
}
