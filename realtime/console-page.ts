import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The console's page with the policy that a browser holds it to. */
export interface ConsolePage {
  readonly status: 200 | 503;
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

const NOT_BUILT = `<!doctype html><html lang="en"><title>Trancendos</title>
<p>The console is not built yet. Run <code>npm run build -w @trancendos/console</code> and load this page again.</p></html>`;

/** Reads the built page from `folder`. Read at every load, so that a new build is served without a restart. */
export async function readConsolePage(folder: string): Promise<ConsolePage> {
  const html = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
  if (html === undefined) return { status: 503, html: NOT_BUILT, contentSecurityPolicy: renderPolicy([]) };
  return { status: 200, html, contentSecurityPolicy: renderPolicy(hashInlineScripts(html)) };
}

/** CSP sources of the scripts that stand in the page itself: the one that sets the theme before the first paint. */
export function hashInlineScripts(html: string): string[] {
  const inline = html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g);
  return [...inline].map(([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`);
}

function renderPolicy(scriptHashes: readonly string[]): string {
  return [
    `default-src 'self'`,
    `script-src ${["'self'", ...scriptHashes].join(' ')}`,
    `img-src 'self' data:`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}
