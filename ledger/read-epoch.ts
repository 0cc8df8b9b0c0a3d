import type pg from 'pg';

/** The epoch of whoever owns the journal now. */
export async function readEpoch(pool: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rows } = await pool.query<{ epoch: string }>('SELECT epoch FROM ledger.writer');
  return Number(rows[0]?.epoch);
}
