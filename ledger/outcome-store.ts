import type { Balance } from '@trancendos/contracts/balance';
import { Outcome } from '@trancendos/contracts/outcome';
import { toInstant } from '@trancendos/platform/clock';
import type pg from 'pg';
import { ACCOUNT_COLUMNS, accountOfRow, type AccountRow } from './account-row.ts';
import { renderBalance } from './render-balance.ts';

/** An outcome as it was committed, with the length of its JSON. */
export interface StoredOutcome {
  readonly outcome: Outcome;
  readonly length: number;
}

/** What the relay needs of the database to go on after a crash. */
export interface OutcomeStore {
  /** Position up to which outcomes are known to be published. */
  readPublishedSeq(): Promise<number>;
  /** Never goes back, whoever calls last. */
  savePublishedSeq(seq: number): Promise<void>;
  /** The outcomes after `afterSeq` up to `lastSeq`, in order. */
  readOutcomes(afterSeq: number, lastSeq: number): Promise<StoredOutcome[]>;
  /** The accounts whose newest version was made there, as they are now. */
  readBalances(afterSeq: number, lastSeq: number): Promise<Balance[]>;
}

/** The outbox in PostgreSQL. What it reads back is bounded by how far the writer may run ahead of the relay. */
export function openOutcomeStore(pool: Pick<pg.Pool, 'query'>): OutcomeStore {
  return {
    async readPublishedSeq() {
      const { rows } = await pool.query<{ published_seq: string }>('SELECT published_seq FROM ledger.publication');
      return Number(rows[0]?.published_seq ?? 0);
    },
    async savePublishedSeq(seq) {
      await pool.query('UPDATE ledger.publication SET published_seq = $1 WHERE published_seq < $1', [seq]);
    },
    async readOutcomes(afterSeq, lastSeq) {
      const { rows } = await pool.query<{ body: string }>(
        'SELECT body FROM ledger.outbox WHERE ledger_seq > $1 AND ledger_seq <= $2 ORDER BY ledger_seq',
        [afterSeq, lastSeq],
      );
      if (rows.length !== lastSeq - afterSeq) throw new Error(`the outbox lacks outcomes between ${afterSeq} and ${lastSeq}`);
      return rows.map(({ body }) => ({ outcome: Outcome.parse(JSON.parse(body)), length: body.length }));
    },
    async readBalances(afterSeq, lastSeq) {
      // Reads the whole table: an index on this column would cost every posting, and this happens once after a crash.
      const { rows } = await pool.query<AccountRow>(
        `SELECT ${ACCOUNT_COLUMNS} FROM ledger.accounts WHERE ledger_seq > $1 AND ledger_seq <= $2 ORDER BY ledger_seq, id`,
        [afterSeq, lastSeq],
      );
      return rows.map((row) => renderBalance(accountOfRow(row), toInstant(row.changed_at.getTime())));
    },
  };
}
