import { nowMs } from '@trancendos/platform/clock';
import type { KeyMode } from '@trancendos/contracts/api-key';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { admitRequest, type AdmitParts } from './keys/admit-request.ts';
import type { KnownKey } from './keys/key-ring.ts';
import type { SettingsBoard } from './keys/merchant-settings.ts';
import type { Nonces } from './keys/remember-nonce.ts';
import { verifySignature } from './keys/verify-signature.ts';
import type { Refusal } from './refusal.ts';
import { problemReply } from './reply.ts';
import { OPENAPI_PATH, scopeOf } from './routes.ts';
import { sendReply } from './serve-replies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, by its API key; empty where no key is needed. */
    merchantId: string;
    keyMode: KeyMode;
    /** The request came with a signature that holds. */
    isSigned: boolean;
    sender: KnownKey | undefined;
    /** Milliseconds since the epoch. */
    arrivedAtMs: number;
  }
}

export interface SenderParts extends AdmitParts {
  readonly settings: Pick<SettingsBoard, 'of'>;
  readonly nonces: Pick<Nonces, 'isNew'>;
  /** Scheme and host by which merchants reach this service; by default what the `Host` header says, over HTTP. */
  readonly publicUrl: string | undefined;
}

/** Recognises who sends a request, before its body is read, and checks its signature, if there is one or has to be, after. */
export function recogniseSenders(http: FastifyInstance, parts: SenderParts): void {
  http.decorateRequest('merchantId', '');
  http.decorateRequest('keyMode', 'live');
  http.decorateRequest('isSigned', false);
  http.decorateRequest('sender', undefined);
  http.decorateRequest('arrivedAtMs', 0);
  http.addHook('onRequest', (request, reply, done) => {
    request.arrivedAtMs = nowMs();
    void reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
    // By the route that was matched: the raw address may spell the same path in another way.
    const address = request.routeOptions.url ?? request.url;
    if (!address.startsWith('/v1') || address === OPENAPI_PATH) {
      done();
      return;
    }
    const { authorization } = request.headers;
    const scope = scopeOf(request.method, request.routeOptions.url);
    const { key, refusal, headers } = admitRequest(parts, { authorization, address: request.ip, scope });
    if (refusal || !key) {
      sendReply(reply, problemReply(refusal ?? { refused: 'unauthorised' }, request.id, headers));
      return;
    }
    void reply.headers(headers);
    request.sender = key;
    request.merchantId = key.merchantId;
    request.keyMode = key.mode;
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
      sendReply(reply, problemReply({ refused: 'unsupported_media_type' }, request.id));
      return;
    }
    done();
  });
  http.addHook('preHandler', (request, reply, done) => {
    const { sender } = request;
    const mustSign = sender !== undefined && parts.settings.of(sender.merchantId).require_signature;
    if (!sender || (!mustSign && request.headers['signature-input'] === undefined)) {
      done();
      return;
    }
    checkSignature(parts, request, sender).then((refusal) => {
      if (refusal) sendReply(reply, problemReply(refusal, request.id));
      else done();
    }, done);
  });
}

async function checkSignature(parts: SenderParts, request: FastifyRequest, sender: KnownKey): Promise<Refusal | undefined> {
  const { method, headers, body } = request;
  const origin = parts.publicUrl ?? `http://${headers.host ?? ''}`;
  const signed = { method, targetUri: origin + request.url, headers, body: body instanceof Uint8Array ? body : undefined };
  const verified = verifySignature(signed, sender, request.arrivedAtMs / 1000);
  if ('refused' in verified) return verified;
  if (!(await parts.nonces.isNew(sender.keyId, verified.nonce))) {
    return { refused: 'signature_invalid', detail: 'Its nonce was used before: sign every request anew.' };
  }
  request.isSigned = true;
  return undefined;
}
