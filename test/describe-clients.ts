import { describe, expect, test } from '@jest/globals';
import { TransactionAnswer } from '@trancendos/contracts/http';
import { TrancendosClient, type WebhookEvent } from '@trancendos/sdk';
import { receiveWebhooks } from '@trancendos/sdk/examples/receive-webhooks';
import { sellAndRefund } from '@trancendos/sdk/examples/sell-and-refund';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import type { Merchant } from './post-transaction.ts';
import { repositoryRoot } from './read-sources.ts';
import { waitUntil } from './wait-until.ts';

/** What somebody writes who has nothing but the types that were generated from the document. Prints what was decided. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './api.ts';
declare const process: { readonly argv: readonly string[] };
declare const console: { log(line: string): void };
const [, , baseUrl = '', key = ''] = process.argv;
const client = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + key } });
const { data, error } = await client.POST('/v1/transactions', {
  params: { header: { 'Idempotency-Key': 'independent' } },
  body: {
    transaction_id: 'independent', occurred_at: new Date().toISOString(), amount_minor: 1249, currency: 'EUR', payer: { account_id: 'ACC-I' }, deadline_ms: 5_000,
  },
});
console.log(JSON.stringify(data ?? error));
export const action: 'approve' | 'review' | 'decline' | null | undefined = data?.action;
export const posted: number | undefined = data?.money?.posted_minor;
export const code: string | undefined = error?.code;
`;

/** Clients of the merchant API that are not part of the platform, against a running one. */
export function describeClients(platform: () => Merchant): void {
  describe('a client', () => {
    test('generated from the document by a tool that is not ours fits its types, and makes a decision', async () => {
      const { api, apiKey } = platform();
      const document = await (await fetch(`${api}/v1/openapi.json`)).text();
      const folder = mkdtempSync(join(repositoryRoot, '.local', 'client-'));
      try {
        writeFileSync(join(folder, 'api.ts'), astToString(await openapiTS(document)));
        const program = join(folder, 'program.ts');
        writeFileSync(program, PROGRAM);
        expect(misfitsOf(program)).toEqual([]);
        const { stdout } = await promisify(execFile)(process.execPath, [program, api, apiKey]);
        expect(TransactionAnswer.parse(JSON.parse(stdout))).toMatchObject({
          transaction_id: 'independent',
          status: 'new',
          action: 'approve',
        });
      } finally {
        rmSync(folder, { recursive: true });
      }
    }, 60_000);

    test('of our own sells, captures and refunds, as its example shows, and is told of all of it', async () => {
      const { api, apiKey } = platform();
      const client = new TrancendosClient({ baseUrl: api, apiKey });
      const events: WebhookEvent[] = [];
      let secret = '';
      const server = await receiveWebhooks({ port: 0, secret: () => secret, onEvent: (event) => void events.push(event) });
      try {
        const { port } = server.address() as AddressInfo;
        ({ secret } = await client.addWebhook({ url: `http://127.0.0.1:${port}/hook` }));
        const lines: string[] = [];
        const last = await sellAndRefund({ api, key: apiKey, say: (line) => void lines.push(line) });
        expect(lines).toContain('a second capture is refused: already_captured');
        expect(last.money).toMatchObject({ state: 'posted', posted_minor: 4_000, refunded_minor: 500, pending_minor: 0 });
        const types = () => events.filter(({ data }) => data.transaction_id === last.transaction_id).map(({ type }) => type);
        await waitUntil('the events', () => types().length === 3);
        expect(types().sort()).toEqual(['transaction.approved', 'transaction.captured', 'transaction.refunded']);
      } finally {
        server.close();
      }
    }, 60_000);
  });
}

function misfitsOf(file: string): string[] {
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    types: [],
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
