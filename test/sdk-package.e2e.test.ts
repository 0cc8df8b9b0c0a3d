import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packSdk } from './pack-sdk.ts';
import { repositoryRoot } from './read-sources.ts';

const run = promisify(execFile);
/** What a merchant writes who has installed the package, and nothing of ours beside it. */
const PROGRAM = `
import { adviseNext, TrancendosClient, TrancendosError, verifyWebhook, type TransactionAnswer, type WebhookEvent } from '@trancendos/sdk';
const client = new TrancendosClient({ baseUrl: process.argv[2] ?? '', apiKey: 'trn_test_x' });
const answer: TransactionAnswer = await client.decide({
  transaction_id: 'order-1', occurred_at: '2026-05-01T16:04:11.482Z', amount_minor: 1249, currency: 'EUR', payer: { account_id: 'ACC-1' },
});
const action: 'approve' | 'review' | 'decline' | null = answer.action;
const verify: (headers: Headers, body: string, options: { secret: string }) => Promise<WebhookEvent> = verifyWebhook;
// @ts-expect-error an amount is a number
const wrong = () => client.capture('order-1', { amount_minor: '5' });
const isRefused = (error: unknown) => error instanceof TrancendosError && error.code === 'idempotency_key_reused';
console.log(JSON.stringify([action, adviseNext(answer).kind, typeof verify, typeof wrong, isRefused(answer)]));
`;
const CHECKS = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, module: 'nodenext', target: 'es2022', outDir: 'out' };

let folder: string;

beforeAll(() => {
  mkdirSync(join(repositoryRoot, '.local'), { recursive: true });
  folder = mkdtempSync(join(repositoryRoot, '.local', 'sdk-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('the packed SDK installs without a dependency, is typed for itself in the strictest project, and runs there', async () => {
  const tarball = await packSdk(folder);
  const project = join(folder, 'shop');
  mkdirSync(project);
  const npm = ['install', '--offline', '--no-audit', '--no-fund', tarball];
  writeFileSync(join(project, 'package.json'), '{ "name": "shop", "type": "module", "private": true }');
  writeFileSync(join(project, 'shop.ts'), PROGRAM);
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...CHECKS, types: ['node'] }, files: ['shop.ts'] }));
  await run('npm', npm, { cwd: project });
  mkdirSync(join(project, 'node_modules', '@types'));
  symlinkSync(join(repositoryRoot, 'node_modules', '@types', 'node'), join(project, 'node_modules', '@types', 'node'));
  const compiled = await run(process.execPath, [join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.'], {
    cwd: project,
  }).catch((error: unknown) => error as { stdout: string });
  expect(compiled.stdout).toBe('');
  const server = createServer((_request, response) => response.end('{"action":"approve"}')).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { stdout } = await run(process.execPath, [join(project, 'out', 'shop.js'), api], { cwd: project });
    expect(JSON.parse(stdout)).toEqual(['approve', 'proceed', 'function', 'function', false]);
  } finally {
    server.close();
  }
}, 120_000);
