import { createServer, type Server } from 'node:http';
import { verifyWebhook, WebhookVerificationError, type WebhookEvent } from '../index.ts';

/** A server that takes deliveries: checks each, passes over those that it has seen, and answers at once. Listens on `port`; 0 picks one. */
export async function receiveWebhooks(options: {
  readonly port: number;
  readonly secret: () => string;
  readonly onEvent: (event: WebhookEvent) => void;
}): Promise<Server> {
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
      try {
        const event = await verifyWebhook(request.headers, body, { secret: options.secret() });
        const id = String(request.headers['webhook-id']);
        if (!seen.has(id)) options.onEvent(event);
        seen.add(id);
        response.writeHead(204).end();
      } catch (error) {
        response.writeHead(error instanceof WebhookVerificationError ? 401 : 500).end();
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(options.port, '127.0.0.1', resolve));
  return server;
}
