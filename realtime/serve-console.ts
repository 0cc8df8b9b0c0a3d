import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { Logger } from '@trancendos/platform/log';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findSession, visitorOf } from './access/serve-access.ts';
import { readConsolePage } from './console-page.ts';
import type { ConsoleParts } from './console-parts.ts';
import { RefusedRequest } from './refusal.ts';
import { sendRefusal } from './serve-refusals.ts';
import { renderSessionCookie } from './session-cookie.ts';

/** Serves the built console: its assets, which never change under their names, and its page at every address that a browser opens. */
export async function serveConsole(http: FastifyInstance, parts: ConsoleParts, log: Logger): Promise<void> {
  await http.register(fastifyStatic, {
    root: join(parts.appFolder, 'assets'),
    prefix: '/assets/',
    immutable: true,
    maxAge: '365d',
    index: false,
    preCompressed: true,
    suppressWarning: true,
  });
  // What is online at this moment: a browser must never answer it from its cache.
  http.get('/apps.json', (_request, reply) =>
    reply.type('application/json; charset=utf-8').sendFile('apps.json', parts.appFolder, { cacheControl: false }),
  );
  http.get('/*', (request, reply) => servePage(parts, request, reply).catch((error: unknown) => sendRefusal(log, error, request, reply)));
}

/** Sends the page itself. It is never kept by a browser: it names the assets of one build. */
export async function sendPage(reply: FastifyReply, appFolder: string, status?: number): Promise<void> {
  const page = await readConsolePage(appFolder);
  await reply
    .code(status ?? page.status)
    .type('text/html; charset=utf-8')
    .headers({ 'cache-control': 'no-store', 'content-security-policy': page.contentSecurityPolicy })
    .send(page.html);
}

async function servePage(parts: ConsoleParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const path = request.url.split('?', 1)[0] ?? '';
  const takesPages = /text\/html|\*\/\*/.test(request.headers.accept ?? '*/*');
  if (!takesPages || /^\/(api|socket\.io|assets)\/|\.[a-z0-9]+$/.test(path)) throw new RefusedRequest('not_found');
  if (parts.demoSession) await openDemoSession(parts, request, reply);
  await sendPage(reply, parts.appFolder);
}

/** A page without a session, or with one that has ended, gets one. While the store is away the page comes without, and says so. */
async function openDemoSession(parts: ConsoleParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if ((await findSession(parts, request)).kind !== 'missing') return;
  const opened = await parts.signIn.openDemo('demo', await visitorOf(parts, request));
  if (opened.kind === 'signed_in') void reply.header('set-cookie', renderSessionCookie(opened.id, parts.cookie));
}
