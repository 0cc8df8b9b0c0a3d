import { join } from 'node:path';
import type { LedgerCommand } from '@trancendos/contracts/ledger-command';
import { topics } from '@trancendos/contracts/topics';
import { checkInvariants } from '@trancendos/ledger/check-invariants';
import type { BatchEffects, CommandEntry, Entry } from '@trancendos/ledger/entry';
import { openJournalStore } from '@trancendos/ledger/journal-store';
import { UNDER_WAY_MAX, Writer, type WriterOptions } from '@trancendos/ledger/write-batches';
import { migrate } from '@trancendos/platform/migrate';
import { packageRoot } from '@trancendos/platform/package-root';
import { connectPostgres, type Postgres } from '@trancendos/platform/postgres';
import { pino } from 'pino';
import type { Engine, Posted } from './engine.ts';
import { storedBytesOf } from './stored-bytes.ts';
import type { Workload, WorkloadCommand } from './workload.ts';

export interface AlervatoOptions {
  readonly databaseUrl: string;
  readonly workload: Workload;
  readonly batch: number;
  /** How many calls are under way at once, each with a batch. */
  readonly callers: number;
  readonly report: (line: string) => void;
}

/** One batch is built while as many as the writer sends at once are committed: more only wait. */
export const MOST_CALLERS = UNDER_WAY_MAX + 1;
const OPENING_BATCH = 2_000;
export const COMMANDS_TOPIC = topics.ledgerCommands.name;
export const FUNDING = 'funding:bench:EUR';
const SETUP_TOPIC = 'bench-setup';

export const BENCH_POLICY: WriterOptions['policy'] = {
  opensAtFirstSight: true,
  openingCreditMinor: 0n,
  customerOverdraftMinor: 0n,
  holdTtlMs: 10_000,
};

/** The ledger's own writer, core and commit, as the service runs them; only the broker is left out on both sides. */
export async function openAlervato(options: AlervatoOptions): Promise<Engine> {
  const { databaseUrl, workload, report } = options;
  const postgres = await connectPostgres({
    url: databaseUrl,
    applicationName: 'bench-alervato',
    poolMax: UNDER_WAY_MAX + 2,
    queryTimeoutMs: 300_000,
  });
  await migrateLedger(postgres);
  const counted = new OutcomeCount();
  const writer = openWriter(postgres, { onCommitted: ({ effects }) => counted.add(effects), keptMax: workload.accounts + 50_000 });
  await writer.startAt('ledgerCommands', [0]);
  report(`opening ${workload.accounts} accounts`);
  await openAccounts(writer, workload);
  counted.take();
  await postgres.pool.query('VACUUM ANALYZE ledger.accounts');
  let offset = 0n;
  // Where every call brings one command, as many callers as the other engines have: what arrives meanwhile is committed together.
  const callers = options.batch === 1 ? workload.clients : options.callers;
  return {
    name: 'Alervato',
    about: `one writer, ${callers} callers with batches of ${options.batch}`,
    batch: options.batch,
    concurrency: callers,
    async post(commands): Promise<Posted> {
      const entries = commands.map((command) => entryOf(commandOf(command), COMMANDS_TOPIC, offset++));
      await writer.submit(entries);
      // Of several calls under way each takes what has been counted since: only their sum is asked for.
      return counted.take();
    },
    check: () => violationsOf(postgres),
    storedBytes: () => storedBytesOf(postgres.pool, 'ledger'),
    stop: () => postgres.stop(),
  };
}

/** Brings an empty database to the ledger's schema. */
export async function migrateLedger(postgres: Postgres): Promise<void> {
  const folder = join(packageRoot(import.meta.dirname), '..', 'ledger', 'migrations');
  await migrate(postgres, { schema: 'ledger', folder, log: pino({ level: 'silent' }) });
}

/** A writer whose outcomes nobody reads. A fault that would end the service is thrown. */
export function openWriter(postgres: Postgres, choices: Pick<WriterOptions, 'onCommitted' | 'keptMax'>): Writer {
  const nobody = { room: () => Promise.resolve(), resume: () => Promise.resolve(), push: () => undefined, abandon: () => undefined };
  const scope = {
    fail: (error: unknown) => {
      throw error;
    },
  };
  return new Writer({
    store: openJournalStore({ pool: postgres.pool, loadPool: postgres.pool }),
    relay: nobody,
    policy: BENCH_POLICY,
    scope,
    ...choices,
  });
}

/** Opens the workload's accounts and gives each what it begins with, in real transfers: debits equal credits from the first row. */
export async function openAccounts(writer: Pick<Writer, 'submit'>, { accounts, openingMinor }: Workload): Promise<void> {
  const commands: LedgerCommand[] = [
    { kind: 'open_account', account_id: FUNDING, overdraft_minor: null, ...madeBy(setupId(0)) },
    ...range(accounts).map((number): LedgerCommand => ({
      kind: 'open_account',
      account_id: accountId(number),
      overdraft_minor: openingMinor === null ? null : '0',
      ...madeBy(setupId(1 + number)),
    })),
  ];
  if (openingMinor !== null) {
    for (const number of range(accounts)) {
      commands.push({
        kind: 'post',
        debit_account_id: FUNDING,
        credit_account_id: accountId(number),
        amount_minor: openingMinor,
        currency: 'EUR',
        ...madeBy(setupId(1 + accounts + number)),
      });
    }
  }
  for (let from = 0; from < commands.length; from += OPENING_BATCH) {
    const batch = commands.slice(from, from + OPENING_BATCH);
    await writer.submit(batch.map((command, index) => entryOf(command, SETUP_TOPIC, BigInt(from + index))));
  }
}

/** A command of the workload as the ledger takes it. */
export function commandOf(command: WorkloadCommand): LedgerCommand {
  const made = madeBy(command.id);
  const target = 'target' in command ? `tr_${command.target}` : '';
  switch (command.kind) {
    case 'post':
    case 'hold': {
      const { debit, credit, amountMinor } = command;
      const sides = { debit_account_id: accountId(debit), credit_account_id: accountId(credit) };
      const move = { ...sides, amount_minor: amountMinor, currency: 'EUR' as const, ...made };
      if (command.kind === 'post') return { kind: 'post', ...move };
      return { kind: 'hold', ...move, ...(command.expiresInMs !== undefined && { expires_in_ms: command.expiresInMs }) };
    }
    case 'capture':
      return { kind: 'capture', hold_id: target, amount_minor: command.amountMinor, ...made };
    case 'void':
      return { kind: 'void', hold_id: target, ...made };
    case 'reverse':
      return { kind: 'reverse', transfer_id: target, ...made };
  }
}

/** A command as the writer is given it, at a place in its input. */
export function entryOf(command: LedgerCommand, topic: string, offset: bigint): Entry {
  const entry: CommandEntry = {
    kind: 'command',
    origin: { topic, partition: 0, offset },
    command,
    key: 'bench',
    correlationId: 'bench',
    receivedAtMs: 0,
  };
  return entry;
}

/** What does not hold of the stored ledger, in words. */
export async function violationsOf(postgres: Postgres): Promise<string[]> {
  const { checks } = await checkInvariants(postgres.pool);
  return checks.filter(({ ok }) => !ok).map(({ means, violations }) => `not true: ${means} (${violations})`);
}

export function accountId(number: number): string {
  return `customer:B${number}:EUR`;
}

/** The first ids that there are, in the order of the setup. */
function setupId(number: number): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7fff-8000-${number.toString(16).padStart(12, '0')}`;
}

function madeBy(id: string) {
  return { command_id: `cmd_${id}`, requested_by: 'bench', reason: 'benchmark' };
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Counts what the ledger answers. */
class OutcomeCount {
  transfers = 0;
  refused = 0;

  add({ transfers, commands }: Pick<BatchEffects, 'transfers' | 'commands'>): void {
    this.transfers += transfers.length;
    // An applied post is told by its transfer alone: what is kept of commands are the others.
    for (const { decided } of commands) if (decided.outcome.status === 'refused') this.refused++;
  }

  /** What has been counted since it was last taken. */
  take(): Posted {
    const { transfers, refused } = this;
    this.transfers = 0;
    this.refused = 0;
    return { transfers, refused };
  }
}
