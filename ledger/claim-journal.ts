import type pg from 'pg';
import { inputName, type Input, type Journal } from './journal.ts';

/**
 * Takes the journal over: raises the epoch, which fences every earlier writer, and reads how far the journal goes.
 *
 * A commit of an earlier epoch that is still under way is either waited for, since it holds the same row, or refused afterwards; so what is
 * read here is settled, and a writer that does not know what became of its last commit finds out by claiming again.
 */
export async function claimJournal(pool: Pick<pg.Pool, 'query'>): Promise<Journal> {
  const { rows } = await pool.query<{ epoch: string; last_seq: string; last_transfer_seq: string }>(
    'UPDATE ledger.writer SET epoch = epoch + 1 RETURNING epoch, last_seq, last_transfer_seq',
  );
  const [writer] = rows;
  if (!writer) throw new Error('ledger.writer has no row');
  // Apart from the statement above: that one sees the tables as they were before it waited for the earlier commit.
  const inputs = await pool.query<{ topic: string; partition: number; next_offset: string }>(
    'SELECT topic, partition, next_offset FROM ledger.cursors',
  );
  const nextOffsets = inputs.rows.map((row): Input => ({
    topic: row.topic,
    partition: row.partition,
    nextOffset: BigInt(row.next_offset),
  }));
  return {
    epoch: Number(writer.epoch),
    lastSeq: Number(writer.last_seq),
    lastTransferSeq: Number(writer.last_transfer_seq),
    nextOffsets: new Map(nextOffsets.map((input) => [inputName(input), input])),
  };
}
