import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Refusal } from '../refusal.ts';

/** What a signature may be about. */
export interface SignedRequest {
  readonly method: string;
  /** Scheme, host, path and query as the sender wrote them. */
  readonly targetUri: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined for a body that is read as it comes: its digest is then not checked. */
  readonly body: Uint8Array | undefined;
}

export interface Signer {
  readonly keyId: string;
  readonly signingSecret: Buffer | undefined;
}

/** A signature that holds, if its nonce was not used before. */
export interface Verified {
  readonly nonce: string;
}

/** How far the time of a signature may be from ours; its nonce has to be remembered for twice as long. */
export const SIGNATURE_WINDOW_S = 300;
const INPUT =
  /^([a-z*][a-z0-9_.*-]{0,31})=(\(((?:"[a-z0-9@-]{1,64}" ?){1,12})\)((?:;[a-z]+=(?:"[\x21\x23-\x5b\x5d-\x7e]{0,128}"|\d{1,12}))*))$/;

/**
 * Checks the signature of a request by RFC 9421 with `hmac-sha256`. It has to cover `@method`, `@target-uri`, `content-digest` (RFC 9530)
 * where there is a body, `idempotency-key` where there is one, and to carry `created`, `keyid` and `nonce`.
 */
export function verifySignature(request: SignedRequest, signer: Signer, nowS: number): Verified | Refusal {
  const given = readSignature(request);
  if (!given) return { refused: 'signature_missing' };
  const uncovered = neededFields(request).find((name) => !given.fields.includes(name));
  if (uncovered !== undefined) return invalid(`The signature has to cover "${uncovered}".`);
  const { nonce = '' } = given.options;
  const misfit = checkOptions(given.options, signer, nowS);
  if (misfit !== undefined) return invalid(misfit);
  if (!signer.signingSecret) return invalid('This API key signs nothing: create one, which comes with a signing secret.');
  const base = baseOf(request, given.fields, given.parameters);
  if (base === undefined) return invalid('The signature covers a field that the request does not have.');
  const right = createHmac('sha256', signer.signingSecret).update(base).digest();
  if (given.bytes.length !== right.length || !timingSafeEqual(given.bytes, right)) return invalid('It does not match what was received.');
  if (request.body && !isDigestOf(headerOf(request, 'content-digest'), request.body)) {
    return invalid('Content-Digest does not match the body.');
  }
  return { nonce };
}

interface GivenSignature {
  readonly fields: readonly string[];
  /** The covered fields with the options, as they are signed. */
  readonly parameters: string;
  readonly options: Partial<Record<string, string>>;
  readonly bytes: Buffer;
}

function readSignature(request: SignedRequest): GivenSignature | undefined {
  const input = INPUT.exec(headerOf(request, 'signature-input') ?? '');
  if (!input) return undefined;
  const [, label = '', parameters = '', components = '', options = ''] = input;
  const bytes = signatureOf(headerOf(request, 'signature'), label);
  const fields = [...components.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  return bytes && { fields, parameters, options: readOptions(options), bytes };
}

/** What is wrong with the parameters of a signature; undefined when nothing is. */
function checkOptions(options: GivenSignature['options'], signer: Signer, nowS: number): string | undefined {
  const { created, keyid, nonce = '', alg = 'hmac-sha256' } = options;
  if (keyid !== signer.keyId) return '`keyid` has to be the id of the API key that the request carries.';
  if (alg !== 'hmac-sha256') return '`alg` has to be hmac-sha256.';
  if (nonce.length < 8) return '`nonce` has to be 8 to 128 characters that are new with every request.';
  if (Math.abs(nowS - Number(created)) <= SIGNATURE_WINDOW_S) return undefined;
  return `\`created\` has to be within ${SIGNATURE_WINDOW_S} s of now; check the clock.`;
}

function neededFields(request: SignedRequest): string[] {
  const has = (name: string) => headerOf(request, name) !== undefined;
  return [
    '@method',
    '@target-uri',
    ...(has('content-type') || has('content-digest') ? ['content-digest'] : []),
    ...(has('idempotency-key') ? ['idempotency-key'] : []),
  ];
}

/** The signature base of RFC 9421, section 2.5; undefined when a covered field is missing. */
function baseOf(request: SignedRequest, fields: readonly string[], parameters: string): string | undefined {
  const lines: string[] = [];
  for (const field of fields) {
    const value = field === '@method' ? request.method : field === '@target-uri' ? request.targetUri : headerOf(request, field);
    if (value === undefined) return undefined;
    lines.push(`"${field}": ${value.trim()}`);
  }
  return [...lines, `"@signature-params": ${parameters}`].join('\n');
}

function signatureOf(header: string | undefined, label: string): Buffer | undefined {
  for (const part of (header ?? '').split(',')) {
    const [, name, bytes] = /^\s*([^=]+)=:([A-Za-z0-9+/]{1,512}={0,2}):\s*$/.exec(part) ?? [];
    if (name === label && bytes !== undefined) return Buffer.from(bytes, 'base64');
  }
  return undefined;
}

function readOptions(options: string): Partial<Record<string, string>> {
  const found = [...options.matchAll(/;([a-z]+)=(?:"([^"]*)"|(\d+))/g)];
  return Object.fromEntries(found.map(([, name = '', text, number]) => [name, text ?? number ?? '']));
}

function isDigestOf(header: string | undefined, body: Uint8Array): boolean {
  const [, algorithm, digest] = /(?:^|,)\s*(sha-256|sha-512)=:([A-Za-z0-9+/]+={0,2}):/.exec(header ?? '') ?? [];
  return algorithm !== undefined && hash(algorithm.replace('-', ''), body, 'base64') === digest;
}

function headerOf(request: SignedRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function invalid(detail: string): Refusal {
  return { refused: 'signature_invalid', detail };
}
