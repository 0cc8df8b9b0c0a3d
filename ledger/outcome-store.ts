import type { Balance } from '@trancendos/contracts/balance';
import { CommandId } from '@trancendos/contracts/ids';
import { CommandOutcome } from '@trancendos/contracts/ledger-command';
import { Outcome } from '@trancendos/contracts/outcome';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { z } from 'zod';
import { ACCOUNT_COLUMNS, accountOfRow, type AccountRow } from './account-row.ts';
import type { DecidedCommand } from './decided-command.ts';
import type { Message } from './entry.ts';
import { findCommands } from './find-commands.ts';
import { renderBalance } from './render-balance.ts';

/** A batch as far as it is published. */
export interface StoredBatch {
  readonly batchSeq: number;
  readonly messages: readonly Message[];
  /** What they say, in JSON; undefined where it has to be written again. */
  readonly texts: readonly (string | undefined)[];
  /** Of their lines in the outbox, in characters. */
  readonly lengths: readonly number[];
  /** The accounts that it changed; after a crash as they are now, which may be newer. */
  readonly balances: readonly Balance[];
  readonly committedAtMs: number;
}

/** What the relay needs of the database to go on after a crash. */
export interface OutcomeStore {
  /** The batch up to which everything is known to be published. */
  readPublishedBatch(): Promise<number>;
  /** Never goes back, whoever calls last. */
  savePublishedBatch(batch: number): Promise<void>;
  /** The batches after `afterBatch` up to `lastBatch`, in order. */
  readBatches(afterBatch: number, lastBatch: number): Promise<StoredBatch[]>;
}

interface OutboxRow {
  readonly batch_seq: string;
  readonly committed_at: Date;
  readonly account_numbers: string[];
  readonly body: string;
}

/** The outbox in PostgreSQL. What it reads back is bounded by how far the writer may run ahead of the relay. */
export function openOutcomeStore(pool: Pick<pg.Pool, 'query'>): OutcomeStore {
  return {
    async readPublishedBatch() {
      const { rows } = await pool.query<{ published_batch: string }>('SELECT published_batch FROM ledger.publication');
      return Number(rows[0]?.published_batch ?? 0);
    },
    async savePublishedBatch(batch) {
      await pool.query('UPDATE ledger.publication SET published_batch = $1 WHERE published_batch < $1', [batch]);
    },
    async readBatches(afterBatch, lastBatch) {
      const { rows } = await pool.query<OutboxRow>(
        `SELECT batch_seq, committed_at, account_numbers, body FROM ledger.outbox WHERE batch_seq > $1 AND batch_seq <= $2 ORDER BY batch_seq`,
        [afterBatch, lastBatch],
      );
      if (rows.length !== lastBatch - afterBatch) throw new Error(`the outbox lacks batches between ${afterBatch} and ${lastBatch}`);
      const lines = rows.map(({ body }) => (body === '' ? [] : body.split('\n')).map(readLine));
      const known = { balances: await readBalances(pool, rows), told: await readTold(pool, lines.flat()) };
      return rows.map((row, index) => storedBatchOf(row, lines[index] ?? [], known));
    },
  };
}

interface Known {
  /** By account number. */
  readonly balances: ReadonlyMap<string, Balance>;
  /** By command id: of those that their transfer tells. */
  readonly told: ReadonlyMap<string, DecidedCommand>;
}

async function readBalances(pool: Pick<pg.Pool, 'query'>, batches: readonly OutboxRow[]): Promise<Map<string, Balance>> {
  const numbers = new Set(batches.flatMap((row) => row.account_numbers));
  const { rows } = await pool.query<AccountRow>(`SELECT ${ACCOUNT_COLUMNS} FROM ledger.accounts WHERE number = ANY($1)`, [[...numbers]]);
  return new Map(rows.map((row) => [row.number, renderBalance(accountOfRow(row), toInstant(row.changed_at.getTime()))]));
}

async function readTold(pool: Pick<pg.Pool, 'query'>, lines: readonly Line[]): Promise<Map<string, DecidedCommand>> {
  const ids = lines.flatMap((line) => (typeof line[3] === 'string' ? [line[3]] : []));
  const commands = await findCommands(pool, ids);
  return new Map(commands.map((decided) => [decided.command.command_id, decided]));
}

function storedBatchOf(row: OutboxRow, lines: readonly Line[], known: Known): StoredBatch {
  return {
    batchSeq: Number(row.batch_seq),
    messages: lines.map((line) => messageOfLine(line, known.told)),
    texts: [],
    lengths: row.body.split('\n').map(({ length }) => length),
    balances: row.account_numbers.flatMap((number) => known.balances.get(number) ?? []),
    committedAtMs: row.committed_at.getTime(),
  };
}

const Line = z.union([
  z.tuple([z.literal('outcomes'), z.string(), z.string(), Outcome]),
  z.tuple([z.literal('commandOutcomes'), z.string(), z.string(), z.union([CommandOutcome, CommandId])]),
]);
type Line = z.infer<typeof Line>;

function readLine(line: string): Line {
  return Line.parse(JSON.parse(line));
}

function messageOfLine([topic, key, correlationId, body]: Line, told: ReadonlyMap<string, DecidedCommand>): Message {
  if (topic === 'outcomes') return { topic, key, correlationId, value: body, ledgerSeq: body.ledger_seq };
  const toldBy = typeof body === 'string' ? body : null;
  const decided = typeof body === 'string' ? told.get(body) : { outcome: body };
  if (!decided) throw new Error(`the transfer of ${String(toldBy)} is missing`);
  return { topic, key, correlationId, decided, toldBy, ledgerSeq: decided.outcome.ledger_seq };
}
