import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openDevConsole } from '../build/open-dev-console.ts';
import { answerApi } from './answer-api.ts';
import { MockWorld } from './mock-world.ts';
import { serveBuilt } from './serve-built.ts';
import { streamFeed } from './stream-feed.ts';

export interface MockOptions {
  readonly port: number;
  /** The built console instead of its sources. */
  readonly isBuilt: boolean;
  readonly perSecond: number;
  /** Asked before everything else; answers what a test is about, and says whether it did. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface Mock {
  readonly url: string;
  stop(): Promise<void>;
}

const SEED = 7;

/** Runs the console with no backend: made-up payments, and books that follow them. */
export async function openMock({ port, isBuilt, perSecond, intercept }: MockOptions): Promise<Mock> {
  const world = new MockWorld(SEED, Date.now());
  let servePage: (request: IncomingMessage, response: ServerResponse) => void = serveBuilt;
  const server = createServer((request, response) => {
    if (intercept?.(request, response)) return;
    void answerApi(world, request, response).then((isAnswered) => {
      if (!isAnswered) servePage(request, response);
    });
  });
  streamFeed(server, world, perSecond);
  const vite = isBuilt ? undefined : await openDevConsole(server);
  if (vite) servePage = (request, response) => vite.middlewares(request, response);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      await vite?.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
