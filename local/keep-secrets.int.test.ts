import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modeOfKey } from '@trancendos/contracts/api-key';
import { keepSecrets } from './keep-secrets.ts';
import { wipeDirectory } from './wipe-directory.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

test('keys and token are the same at the next start', () => {
  const first = keepSecrets(folder);
  const demoKeys = readJson(first.demoKeysFile);
  expect(modeOfKey(first.sandboxKey)).toBe('test');
  expect(keepSecrets(folder)).toEqual(first);
  expect(readJson(first.demoKeysFile)).toEqual(demoKeys);
});

test('ingest gets the hash of every key, and no key', () => {
  const { apiKeysFile, demoKeysFile, sandboxKey } = keepSecrets(folder);
  const demoKeys = readJson(demoKeysFile) as Record<string, string>;
  expect(Object.keys(demoKeys)).toHaveLength(24);
  expect(demoKeys).not.toHaveProperty('sandbox');
  const { keys } = readJson(apiKeysFile) as { keys: { merchant_id: string; key_sha256: string }[] };
  expect(keys).toHaveLength(25);
  expect(keys).toContainEqual({ merchant_id: 'sandbox', key_sha256: createHash('sha256').update(sandboxKey).digest('hex') });
  expect(readFileSync(apiKeysFile, 'utf8')).not.toContain('trn_test_');
});

test('a key that somebody has added stays', () => {
  const { apiKeysFile } = keepSecrets(folder);
  const { keys } = readJson(apiKeysFile) as { keys: object[] };
  const added = { merchant_id: 'mine', key_sha256: '0'.repeat(64) };
  writeFileSync(apiKeysFile, JSON.stringify({ keys: [...keys, added] }));
  keepSecrets(folder);
  expect((readJson(apiKeysFile) as { keys: object[] }).keys).toEqual([...keys, added]);
});

test('only their owner can read them', () => {
  const { demoKeysFile } = keepSecrets(folder);
  for (const file of [
    demoKeysFile,
    join(folder, 'sandbox-key'),
    join(folder, 'login-token'),
    join(folder, 'sealing-key'),
    join(folder, 'caller-keys'),
  ])
    expect(statSync(file).mode & 0o077).toBe(0);
});

test('none of them is left when the data is wiped', async () => {
  keepSecrets(folder);
  await wipeDirectory(folder);
  expect(existsSync(folder)).toBe(false);
});
