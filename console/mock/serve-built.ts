import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { builtRoot } from '../build/console-parts.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.html': 'text/html; charset=utf-8',
};

/** Serves the built console under the policy that the gateway serves it under. */
export function serveBuilt(request: IncomingMessage, response: ServerResponse): void {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  if (path.startsWith('/assets/') || path === '/apps.json') {
    sendFile(path, response);
    return;
  }
  if (/\.[a-z0-9]+$/.test(path)) {
    response.writeHead(404).end();
    return;
  }
  const html = readFileSync(join(builtRoot, 'index.html'), 'utf8');
  response
    .writeHead(200, { 'content-type': TYPES['.html'], 'cache-control': 'no-store', 'content-security-policy': policyFor(html) })
    .end(html);
}

function sendFile(path: string, response: ServerResponse): void {
  const file = normalize(join(builtRoot, path));
  if (!file.startsWith(builtRoot + sep) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end();
    return;
  }
  const cacheControl = path === '/apps.json' ? 'no-store' : 'public, max-age=31536000, immutable';
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream', 'cache-control': cacheControl });
  response.end(readFileSync(file));
}

function policyFor(html: string): string {
  const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const hashes = inline.map(([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
  return [
    `default-src 'self'`,
    `script-src ${["'self'", ...hashes].join(' ')}`,
    `img-src 'self' data:`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}
