import { createHash, randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeKey } from '@trancendos/contracts/api-key';
import { z } from 'zod';

/** Keys and tokens of a local run. They are made once and kept in the data directory, so that they are the same at the next start. */
export interface LocalSecrets {
  /** For ingest: merchant and hash of every key. Keys that somebody has added stay in it. */
  readonly apiKeysFile: string;
  /** For the demo traffic: a JSON object of merchant to key. */
  readonly demoKeysFile: string;
  /** Of merchant `sandbox`, for whoever wants to try. */
  readonly sandboxKey: string;
  readonly loginToken: string;
  /** With which ingest seals the secrets of signatures and webhooks: 32 bytes in base64. */
  readonly sealingKey: string;
  /** With which realtime signs for whom it asks the other services, as `CALLER_KEYS` reads it. */
  readonly callerKeys: string;
}

const DEMO_MERCHANTS = { grocery: 6, fuel: 4, restaurant: 4, pharmacy: 3, books: 3, electronics: 2, travel: 2 };

const DemoKeys = z.record(z.string(), z.string());
const ApiKeys = z.object({ keys: z.array(z.object({ merchant_id: z.string(), key_sha256: z.string() })) });

/** Reads the secrets of `directory`, making what is missing. Only the owner of the files can read them. */
export function keepSecrets(directory: string): LocalSecrets {
  const apiKeysFile = join(directory, 'api-keys.json');
  const demoKeysFile = join(directory, 'demo-keys.json');
  const sandboxKey = keep(join(directory, 'sandbox-key'), makeKey);
  const demoKeys = DemoKeys.parse(JSON.parse(keep(demoKeysFile, () => JSON.stringify(makeDemoKeys(), null, 2))));
  const ours = Object.entries({ sandbox: sandboxKey, ...demoKeys }).map(([merchantId, key]) => ({
    merchant_id: merchantId,
    key_sha256: createHash('sha256').update(key).digest('hex'),
  }));
  const known = existsSync(apiKeysFile) ? ApiKeys.parse(JSON.parse(readFileSync(apiKeysFile, 'utf8'))).keys : [];
  const added = known.filter(({ key_sha256: hash }) => !ours.some((key) => key.key_sha256 === hash));
  write(apiKeysFile, JSON.stringify({ keys: [...ours, ...added] }, null, 2));
  return {
    apiKeysFile,
    demoKeysFile,
    sandboxKey,
    loginToken: keep(join(directory, 'login-token'), () => randomBytes(24).toString('base64url')),
    sealingKey: keep(join(directory, 'sealing-key'), () => randomBytes(32).toString('base64')),
    callerKeys: keep(join(directory, 'caller-keys'), () => `local:${randomBytes(32).toString('base64')}`),
  };
}

/** A test key of 256 random bits. */
function makeKey(): string {
  return writeKey(
    'test',
    Uint8Array.from({ length: 43 }, () => randomInt(248)),
  );
}

function makeDemoKeys(): Record<string, string> {
  const merchants = Object.entries(DEMO_MERCHANTS).flatMap(([trade, count]) =>
    Array.from({ length: count }, (_, index) => `${trade}-${String(index + 1).padStart(2, '0')}`),
  );
  return Object.fromEntries(merchants.map((merchant) => [merchant, makeKey()]));
}

function keep(file: string, make: () => string): string {
  if (!existsSync(file)) write(file, make());
  return readFileSync(file, 'utf8').trim();
}

/** Whole or not at all. */
function write(file: string, text: string): void {
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
