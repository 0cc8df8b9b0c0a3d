import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Server as HttpServer } from 'node:http';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { createServer, type ProxyOptions, type ViteDevServer } from 'vite';
import { FRAME_PLACE, type RemoteEntry } from './assemble-page.ts';
import { consoleRoot, PROVIDED, readPartPackage, REMOTE_IDS } from './console-parts.ts';

/** What the console asks for that is not a file of it. */
const GATEWAY_PATHS = ['/api', '/login', '/logout'];

/** One server for the shell and all remotes from their sources, with hot replacement and one React. `gateway` answers what is not the console's. */
export function openDevConsole(server: HttpServer, gateway?: string): Promise<ViteDevServer> {
  const proxied =
    gateway === undefined
      ? []
      : [...GATEWAY_PATHS.map((path) => [path, { target: gateway }]), ['/socket.io', { target: gateway, ws: true }]];
  return createServer({
    configFile: false,
    root: consoleRoot,
    appType: 'custom',
    plugins: [react(), tailwind(), devPage()],
    resolve: { conditions: ['source', 'module', 'browser', 'development|production'], dedupe: [...PROVIDED] },
    optimizeDeps: { entries: ['shell/main.tsx', ...REMOTE_IDS.map((id) => `${id}/main.tsx`)] },
    server: {
      middlewareMode: { server },
      hmr: { server },
      proxy: Object.fromEntries(proxied) as Record<string, ProxyOptions>,
    },
  });
}

/** The list of remotes as their sources; there is nothing to hash. */
function devApps(): { readonly apps: readonly RemoteEntry[] } {
  const apps = REMOTE_IDS.map((id) => {
    const { version, console: terms } = readPartPackage(id);
    const source = { version: `${version}-dev`, entry: `/${id}/main.tsx`, chunks: [], css: [], sri: {} };
    return { id, contract: terms?.contract ?? 0, paths: terms?.paths ?? [], ...source };
  });
  return { apps };
}

const DEV_FRAME = '<link rel="stylesheet" href="/ui/styles.css" />\n    <script type="module" src="/shell/main.tsx"></script>';

function devPage() {
  return {
    name: 'dev-page',
    configureServer(vite: ViteDevServer) {
      vite.middlewares.use((request, response, next) => {
        const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
        if (path === '/apps.json') {
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify(devApps()));
          return;
        }
        const isPage = /text\/html/.test(request.headers.accept ?? '') && !/\.[a-z0-9]+$/.test(path) && !/^\/(@|api\/|login)/.test(path);
        if (!isPage) {
          next();
          return;
        }
        const template = readFileSync(join(consoleRoot, 'shell', 'index.html'), 'utf8').replace(FRAME_PLACE, DEV_FRAME);
        vite.transformIndexHtml(request.url ?? '/', template).then(
          (html) => response.setHeader('content-type', 'text/html').end(html),
          (error: unknown) => next(error),
        );
      });
    },
  };
}
