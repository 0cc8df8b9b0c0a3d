import { createHmac, hash } from 'node:crypto';

/** What a client of ours signs. */
export interface Unsigned {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly idempotencyKey?: string;
}

export interface SignAs {
  readonly keyId: string;
  /** Base64. */
  readonly secret: string;
  readonly nonce: string;
  /** Seconds since the epoch. */
  readonly created: number;
}

/** The headers of a request that is signed by RFC 9421, as a merchant makes them. */
export function signTestRequest(request: Unsigned, as: SignAs): Record<string, string> {
  const { method, url, body, idempotencyKey } = request;
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['content-digest'] = `sha-256=:${hash('sha256', body, 'base64')}:`;
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  const covered: [string, string][] = [['@method', method], ['@target-uri', url], ...Object.entries(headers)];
  const names = covered.map(([name]) => `"${name}"`).join(' ');
  const parameters = `(${names});created=${as.created};keyid="${as.keyId}";nonce="${as.nonce}";alg="hmac-sha256"`;
  const base = [...covered.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${parameters}`].join('\n');
  const signature = createHmac('sha256', Buffer.from(as.secret, 'base64')).update(base).digest('base64');
  return { ...headers, 'signature-input': `sig=${parameters}`, signature: `sig=:${signature}:` };
}
