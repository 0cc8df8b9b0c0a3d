import { bigintColumn, timestampColumn } from '@trancendos/platform/encode-columns';
import type { Outcome } from '@trancendos/contracts/outcome';
import type pg from 'pg';
import { ARCHIVE_CALL, encodeArchive, type ArchiveBatch } from './encode-archive.ts';

/** Where batches are archived. Every method rejects with the driver's error when the database does not do it. */
export interface ArchiveStore {
  /** Archives all of a batch, or nothing: `repeats` when one of its decisions has been archived before. */
  write(batch: ArchiveBatch): Promise<'written' | 'repeats'>;
  /** Names, as `positionOf` gives them, of those that are archived already. */
  findArchived(outcomes: readonly Outcome[]): Promise<ReadonlySet<string>>;
  /** Makes sure that decisions of these days (UTC, `2026-05-01`) can be archived. */
  openDays(firstDay: string, lastDay: string): Promise<number>;
}

/** What a decision is known by in the archive: when it was committed, and its place in the ledger's order. */
export function positionOf({ committed_at, ledger_seq }: Pick<Outcome, 'committed_at' | 'ledger_seq'>): string {
  return `${committed_at} ${ledger_seq}`;
}

export function openArchiveStore(pool: Pick<pg.Pool, 'query'>): ArchiveStore {
  return {
    async write(batch) {
      try {
        await pool.query({ name: 'archive-batch', text: ARCHIVE_CALL, values: encodeArchive(batch) });
        return 'written';
      } catch (error) {
        if (repeatsArchived(error)) return 'repeats';
        throw error;
      }
    },
    async findArchived(outcomes) {
      const { rows } = await pool.query<{ committed_at: Date; ledger_seq: string }>({
        name: 'find-archived',
        text: `SELECT committed_at, ledger_seq
               FROM unnest($1::timestamptz[], $2::bigint[]) AS given (committed_at, ledger_seq)
                 JOIN review.decisions USING (committed_at, ledger_seq)`,
        values: [
          timestampColumn(outcomes, ({ committed_at }) => Date.parse(committed_at)),
          bigintColumn(outcomes, ({ ledger_seq }) => ledger_seq),
        ],
      });
      return new Set(
        rows.map(({ committed_at, ledger_seq }) =>
          positionOf({ committed_at: committed_at.toISOString(), ledger_seq: Number(ledger_seq) }),
        ),
      );
    },
    async openDays(firstDay, lastDay) {
      const { rows } = await pool.query<{ made: number }>('SELECT review.open_days($1, $2) AS made', [firstDay, lastDay]);
      return rows[0]?.made ?? 0;
    },
  };
}

function repeatsArchived(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error && 'constraint' in error && error.code === '23505')) return false;
  return /^decisions_\d{8}_pkey$/.test(String(error.constraint));
}
