import type { Balance } from '@trancendos/contracts/balance';
import { CommandOutcome } from '@trancendos/contracts/ledger-command';
import { Outcome } from '@trancendos/contracts/outcome';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { z } from 'zod';
import { ACCOUNT_COLUMNS, accountOfRow, type AccountRow } from './account-row.ts';
import type { Message } from './entry.ts';
import { renderBalance } from './render-balance.ts';

/** A batch as far as it is published. */
export interface StoredBatch {
  readonly batchSeq: number;
  readonly messages: readonly Message[];
  /** Of their JSON, in characters. */
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
      const balances = await readBalances(pool, new Set(rows.flatMap((row) => row.account_numbers)));
      return rows.map((row) => storedBatchOf(row, balances));
    },
  };
}

async function readBalances(pool: Pick<pg.Pool, 'query'>, numbers: ReadonlySet<string>): Promise<Map<string, Balance>> {
  const { rows } = await pool.query<AccountRow>(`SELECT ${ACCOUNT_COLUMNS} FROM ledger.accounts WHERE number = ANY($1)`, [[...numbers]]);
  return new Map(rows.map((row) => [row.number, renderBalance(accountOfRow(row), toInstant(row.changed_at.getTime()))]));
}

function storedBatchOf(row: OutboxRow, balances: ReadonlyMap<string, Balance>): StoredBatch {
  const lines = row.body === '' ? [] : row.body.split('\n');
  return {
    batchSeq: Number(row.batch_seq),
    messages: lines.map(messageOfLine),
    lengths: lines.map(({ length }) => length),
    balances: row.account_numbers.flatMap((number) => balances.get(number) ?? []),
    committedAtMs: row.committed_at.getTime(),
  };
}

const Line = z.union([
  z.tuple([z.literal('outcomes'), z.string(), z.string(), Outcome]),
  z.tuple([z.literal('commandOutcomes'), z.string(), z.string(), CommandOutcome]),
]);

function messageOfLine(line: string): Message {
  const parsed = Line.parse(JSON.parse(line));
  return parsed[0] === 'outcomes'
    ? { topic: parsed[0], key: parsed[1], correlationId: parsed[2], value: parsed[3], ledgerSeq: parsed[3].ledger_seq }
    : { topic: parsed[0], key: parsed[1], correlationId: parsed[2], value: parsed[3], ledgerSeq: parsed[3].ledger_seq };
}
