import { z } from 'zod';
import { MerchantId, RequestId } from './ids.ts';
import { Instant } from './instant.ts';
import { Text } from './text.ts';

/** `live` moves money; `test` is for trying: it may ask for outcomes by test tokens. */
export const KeyMode = z.enum(['live', 'test']);
export type KeyMode = z.infer<typeof KeyMode>;

/** What a key may do. */
export const KeyScope = z.enum([
  'transactions:write',
  'transactions:read',
  'labels:write',
  'history:write',
  'webhooks:write',
  'settings:write',
  'keys:write',
]);
export type KeyScope = z.infer<typeof KeyScope>;
export const KEY_SCOPES: readonly KeyScope[] = KeyScope.options;

export const KeyId = z.string().regex(/^key_[0-9a-f-]{36}$/);

/** An address or a range of addresses in CIDR notation. */
const AllowedAddress = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** Body of `POST /v1/keys`. */
export const NewApiKey = z.strictObject({
  mode: KeyMode,
  /** What it is for, in your words. */
  name: Text.min(1).max(64).optional(),
  /** Everything but `keys:write` where it is left out. */
  scopes: z.array(KeyScope).min(1).max(KEY_SCOPES.length).optional(),
  /** Addresses that may use it; everybody where it is left out. */
  allowed_ips: z.array(AllowedAddress).min(1).max(50).optional(),
  expires_at: Instant.optional(),
});
export type NewApiKey = z.infer<typeof NewApiKey>;

/** A key as it is shown: never the key itself. */
export const ApiKey = z.strictObject({
  key_id: KeyId,
  merchant_id: MerchantId,
  mode: KeyMode,
  name: z.string().nullable(),
  /** The last four characters, to tell keys apart; null for a key that was handed over as a hash. */
  hint: z.string().nullable(),
  scopes: z.array(KeyScope),
  allowed_ips: z.array(z.string()),
  created_at: Instant,
  expires_at: Instant.nullable(),
  revoked_at: Instant.nullable(),
  /** To the hour. */
  last_used_at: Instant.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** Answer of `POST /v1/keys`, the only one that shows the key and the secret that its requests may be signed with. */
export const NewApiKeyAnswer = z.strictObject({
  ...ApiKey.shape,
  key: z.string(),
  /** For signatures by RFC 9421, `hmac-sha256`: base64. */
  signing_secret: z.string(),
  request_id: RequestId,
});
export type NewApiKeyAnswer = z.infer<typeof NewApiKeyAnswer>;

/** Answer of `GET /v1/keys`. */
export const ApiKeysAnswer = z.strictObject({ keys: z.array(ApiKey), request_id: RequestId });
export type ApiKeysAnswer = z.infer<typeof ApiKeysAnswer>;

/** Answer of `DELETE /v1/keys/{id}`. */
export const ApiKeyAnswer = z.strictObject({ ...ApiKey.shape, request_id: RequestId });
export type ApiKeyAnswer = z.infer<typeof ApiKeyAnswer>;

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 letters and digits hold 256 bits. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const SHAPE = new RegExp(`^trn_(live|test)_[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

/**
 * Writes a key: `trn_live_` or `trn_test_`, 43 letters and digits made of `random`, and 6 that are the CRC-32 of what stands before, so that
 * a scanner for leaked secrets knows a key from a look-alike without asking anybody. `random` needs 43 bytes below 248.
 */
export function writeKey(mode: KeyMode, random: Uint8Array): string {
  const secret = Array.from(random.subarray(0, SECRET_LENGTH), (byte) => BASE62[byte % BASE62.length]).join('');
  if (secret.length !== SECRET_LENGTH || random.some((byte) => byte >= 248)) throw new Error('a key needs 43 random bytes below 248');
  const stem = `trn_${mode}_${secret}`;
  return stem + checksumOf(stem);
}

/** Whether a text is a key by its looks; the mode that it names, undefined where it is none. */
export function modeOfKey(text: string): KeyMode | undefined {
  const [, mode] = SHAPE.exec(text) ?? [];
  const isWhole = mode !== undefined && checksumOf(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
  return isWhole ? (mode as KeyMode) : undefined;
}

function checksumOf(stem: string): string {
  let rest = crc32(stem);
  let digits = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = (BASE62[rest % BASE62.length] ?? '') + digits;
    rest = Math.floor(rest / BASE62.length);
  }
  return digits;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let entry = byte;
  for (let bit = 0; bit < 8; bit++) entry = entry & 1 ? (entry >>> 1) ^ 0xedb88320 : entry >>> 1;
  return entry;
});

/** CRC-32 of ASCII text as zip, gzip and PNG compute it. */
function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let index = 0; index < text.length; index++) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ text.charCodeAt(index)) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}
