import type { Decision } from '@trancendos/contracts/decision';
import { topics } from '@trancendos/contracts/topics';
import { deriveTransferId } from '@trancendos/ledger/derive-transfer-id';
import type { Entry } from '@trancendos/ledger/entry';
import { connectPostgres } from '@trancendos/platform/postgres';
import { accountId, commandOf, COMMANDS_TOPIC, entryOf, migrateLedger, openAccounts, openWriter } from './alervato-engine.ts';
import { commandId, type Workload, type WorkloadOptions } from './workload.ts';

export interface JournalOptions {
  readonly databaseUrl: string;
  readonly workload: Workload;
  readonly stream: WorkloadOptions;
  /** About how many transfers, besides those that give the accounts their opening balances. */
  readonly transfers: number;
  readonly report: (line: string) => void;
}

const BATCH = 2_000;
/** Payments under review in a batch, each a hold; those of the batch before are captured in it, but for the last, which stays open. */
const PAYMENTS = 10;
const MERCHANTS = 10;
const REPORT_EVERY = 250_000;
/** Commands of the load that are not of the workload. */
const CAPTURE_PART = 9;

/** Posts transfers through the ledger's own writer: the workload's, and among them payments with holds and captures. */
export async function loadJournal(options: JournalOptions): Promise<void> {
  const { workload, transfers, report } = options;
  const postgres = await connectPostgres({ url: options.databaseUrl, applicationName: 'bench-load', poolMax: 3, queryTimeoutMs: 300_000 });
  await migrateLedger(postgres);
  const writer = openWriter(postgres, { keptMax: workload.accounts + 50_000 });
  await writer.startAt('ledgerCommands', [0]);
  report(`opening ${workload.accounts} accounts`);
  await openAccounts(writer, workload);
  await postgres.pool.query('VACUUM ANALYZE ledger.accounts');
  const batches = Math.ceil(transfers / BATCH);
  const fromMs = Date.now();
  let next = 0;
  const post = async () => {
    while (next < batches) {
      const batch = next++;
      await writer.submit(entriesOf(options, batch));
      if (((batch + 1) * BATCH) % REPORT_EVERY === 0) report(progress((batch + 1) * BATCH, transfers, Date.now() - fromMs));
    }
  };
  await Promise.all([post(), post()]);
  await postgres.stop();
}

function progress(done: number, all: number, tookMs: number): string {
  const leftMinutes = Math.ceil(((all - done) * (tookMs / done)) / 60_000);
  return `${done} of ${all} transfers posted, ${Math.round(done / (tookMs / 1000))} a second, ${leftMinutes} min left`;
}

function entriesOf({ workload, stream }: JournalOptions, batch: number): Entry[] {
  const payments = Array.from({ length: PAYMENTS }, (_, index) => batch * PAYMENTS + index);
  const captures = batch === 0 ? [] : payments.slice(1).map((number) => captureEntry(stream, number - PAYMENTS));
  const posts = BATCH - payments.length - captures.length;
  const commands = Array.from({ length: posts }, (_, index) => {
    const position = batch * BATCH + index;
    const command = workload.commandAt(position);
    return command ? [entryOf(commandOf(command), COMMANDS_TOPIC, BigInt(position))] : [];
  }).flat();
  const last = BATCH * batch + posts;
  return [
    ...payments.map((number) => paymentEntry(stream, number, workload.accounts)),
    ...commands,
    ...captures.map((command, index) => entryOf(command, COMMANDS_TOPIC, BigInt(last + index))),
  ];
}

/** The payment of that number, from 0: as the trail is asked for. */
export function paymentName(number: number): { readonly merchantId: string; readonly transactionId: string } {
  return { merchantId: `bench-${number % MERCHANTS}`, transactionId: `t-${number}` };
}

function holdIdOf({ idsFromMs }: WorkloadOptions, number: number): string {
  const { merchantId, transactionId } = paymentName(number);
  return deriveTransferId(idsFromMs, 'payment', merchantId, transactionId);
}

function captureEntry(stream: WorkloadOptions, number: number) {
  const id = `cmd_${commandId(stream, number, CAPTURE_PART)}`;
  return { kind: 'capture' as const, hold_id: holdIdOf(stream, number), command_id: id, requested_by: 'bench' };
}

function paymentEntry(stream: WorkloadOptions, number: number, accounts: number): Entry {
  const { merchantId, transactionId } = paymentName(number);
  const at = new Date(stream.idsFromMs).toISOString();
  const [, payer = ''] = accountId(number % accounts).split(':');
  const decision: Decision = {
    decision_id: `dec_${commandId(stream, number, CAPTURE_PART + 1)}`,
    actor: 'luminous',
    action: 'review',
    score: 600,
    reasons: [],
    versions: { model: 'luminous-1', ruleset: 'rules-1', features: 'handbook-1' },
    features: [],
    degraded: false,
    degraded_causes: [],
    decided_at: at,
    timings_ms: {},
    transaction: {
      kind: 'payment',
      transaction_id: transactionId,
      merchant_id: merchantId,
      amount_minor: 100,
      currency: 'EUR',
      payer: { account_id: payer },
      request_id: `req_${commandId(stream, number, CAPTURE_PART + 2)}`,
      occurred_at: at,
      received_at: at,
    },
  };
  const origin = { topic: topics.decisions.name, partition: 0, offset: BigInt(number) };
  return { kind: 'decision', origin, decision, sentAtMs: stream.idsFromMs, receivedAtMs: stream.idsFromMs };
}
