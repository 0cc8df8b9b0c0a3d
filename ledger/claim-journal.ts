import { CURRENCY_EXPONENT } from '@trancendos/contracts/currency-exponent';
import type pg from 'pg';
import { inputName, type Input, type Journal } from './journal.ts';
import { timeOfId } from './time-of-id.ts';

interface WriterRow {
  readonly last_batch_seq: string;
  readonly last_seq: string;
  readonly last_transfer_seq: string;
  readonly last_account_number: string;
  readonly last_cause_number: number;
  readonly last_hash: Buffer;
  /** Null in an empty journal. */
  readonly last_committed_at: Date | null;
}

/**
 * Takes the journal over: raises the epoch, which fences every earlier writer, and reads how far the journal goes.
 *
 * Commits of an earlier epoch that are still under way are waited for, whether they are written or refused, and those that come later are
 * refused; so what is read here is settled, and a writer that does not know what became of its last commits finds out by claiming again.
 */
export async function claimJournal(pool: Pick<pg.Pool, 'query'>): Promise<Journal> {
  const raised = await pool.query<{ epoch: string }>('UPDATE ledger.writer SET epoch = epoch + 1 RETURNING epoch');
  await pool.query('SELECT ledger.await_commits()');
  // Statements of their own: one sees the tables as they were when it began.
  const { rows } = await pool.query<WriterRow>(
    `SELECT last_batch_seq, last_seq, last_transfer_seq, last_account_number, last_cause_number, last_hash,
            nullif(last_committed_at, '-infinity') AS last_committed_at
       FROM ledger.writer`,
  );
  const [writer] = rows;
  const epoch = raised.rows[0]?.epoch;
  if (!writer || epoch === undefined) throw new Error('ledger.writer has no row');
  const inputs = await pool.query<{ number: number; topic: string; partition: number; next_offset: string }>(
    'SELECT number, topic, partition, next_offset FROM ledger.inputs',
  );
  const newest = await pool.query<{ id: string | null }>(
    `SELECT greatest((SELECT id FROM ledger.transfers ORDER BY id DESC LIMIT 1), (SELECT id FROM ledger.commands ORDER BY id DESC LIMIT 1)) AS id`,
  );
  const newestId = newest.rows[0]?.id ?? undefined;
  await keepLedgers(pool);
  return {
    epoch: Number(epoch),
    lastBatchSeq: Number(writer.last_batch_seq),
    lastSeq: Number(writer.last_seq),
    lastTransferSeq: Number(writer.last_transfer_seq),
    lastAccountNumber: Number(writer.last_account_number),
    lastCauseNumber: writer.last_cause_number,
    lastHash: writer.last_hash,
    lastCommittedAtMs: writer.last_committed_at?.getTime() ?? 0,
    newestIdMs: newestId === undefined ? 0 : timeOfId(newestId),
    inputs: new Map(inputs.rows.map((row) => [inputName(row), inputOfRow(row)])),
  };
}

function inputOfRow(row: { number: number; topic: string; partition: number; next_offset: string }): Input {
  return { number: row.number, topic: row.topic, partition: row.partition, nextOffset: BigInt(row.next_offset) };
}

/** A ledger for every currency that the platform keeps accounts in. */
async function keepLedgers(pool: Pick<pg.Pool, 'query'>): Promise<void> {
  await pool.query('INSERT INTO ledger.ledgers SELECT * FROM unnest($1::text[], $2::smallint[]) ON CONFLICT DO NOTHING', [
    Object.keys(CURRENCY_EXPONENT),
    Object.values(CURRENCY_EXPONENT),
  ]);
}
