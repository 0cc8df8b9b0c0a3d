import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const KeysFile = z.record(z.string(), z.string().min(8)).refine((keys) => Object.keys(keys).length > 0, 'no merchant in it');

/** A merchant of the demo with its API key. */
export interface DemoMerchant {
  readonly merchantId: string;
  readonly apiKey: string;
}

/** A file of keys that cannot be used; the message names it. */
export class KeysFileError extends Error {
  override readonly name = 'KeysFileError';
}

/** Reads the merchants that the demo acts for: a JSON object of merchant id to API key. Throws `KeysFileError`. */
export async function readMerchants(path: string): Promise<readonly DemoMerchant[]> {
  const keys = await readKeys(path);
  const merchants = Object.entries(keys).map(([merchantId, apiKey]) => ({ merchantId, apiKey }));
  return merchants.sort((one, other) => (one.merchantId < other.merchantId ? -1 : 1));
}

async function readKeys(path: string): Promise<Record<string, string>> {
  try {
    return KeysFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new KeysFileError(`${path}: no JSON object of merchant id to API key can be read there; a platform that was started writes one`, {
      cause: error,
    });
  }
}

/** Whose terminal it is: always the same merchant's, spread evenly by a hash. */
export function merchantOfTerminal(merchants: readonly DemoMerchant[], terminalId: string): DemoMerchant {
  const merchant = merchants[createHash('sha256').update(terminalId).digest().readUInt32BE(0) % merchants.length];
  if (!merchant) throw new Error('there are no merchants to send for');
  return merchant;
}
